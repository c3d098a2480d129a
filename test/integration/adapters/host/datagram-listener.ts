/** A real Unix datagram socket, as systemd has one: Node has none, so Python listens. */

import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";

const SCRIPT = `
import json, socket, sys
listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
name = sys.argv[1]
listener.bind("\\0" + name[1:] if name.startswith("@") else name)
print(json.dumps("bound"), flush=True)
while True:
    print(json.dumps(listener.recv(4096).decode()), flush=True)
`;

/** Why no listener can be had here; empty where one can. */
export const noListener =
  process.platform !== "linux"
    ? "no Unix datagram sockets of systemd's kind here"
    : spawnSync("python3", ["--version"]).status === 0
      ? ""
      : "no python3";

/** What arrives at a socket, line by line. */
export class DatagramListener {
  readonly heard: string[] = [];
  readonly #child: ChildProcess;
  readonly bound: Promise<void>;

  /** @param name  a path, or "@" and an abstract name */
  constructor(name: string) {
    this.#child = spawn("python3", ["-c", SCRIPT, name], { stdio: ["ignore", "pipe", "inherit"] });
    // A test that fails must not be held up by what it left listening.
    this.#child.unref();
    process.once("exit", () => this.end());
    let rest = "";
    this.bound = new Promise((resolve) => {
      this.#child.stdout?.on("data", (chunk: Buffer) => {
        const lines = (rest + chunk.toString()).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) {
          const told = JSON.parse(line) as string;
          if (told === "bound") resolve();
          else this.heard.push(...told.split("\n"));
        }
      });
    });
  }

  count(line: string): number {
    return this.heard.filter((one) => one === line).length;
  }

  /** It stays bound and takes nothing more. */
  suspend(): void {
    this.#child.kill("SIGSTOP");
  }

  end(): void {
    this.#child.kill("SIGKILL");
  }
}
