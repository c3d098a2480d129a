/** Runs the `vivian` command as a person would: another process, a data folder of its own. */

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { connectControl } from "../../../src-main/api/index.ts";
import type { ControlClient } from "../../../src-main/api/index.ts";
import { dataFolder } from "../../../src-main/processes/config/data-folder.ts";
import { isAlive } from "../../../src-main/processes/cli/process-end.ts";
import { openSession, tryConnect } from "../../../src-main/processes/cli/session.ts";
import { shutDown } from "../../../src-main/processes/cli/stop.ts";

export { isAlive };

const CLI = fileURLToPath(new URL("../../../src-main/processes/cli.ts", import.meta.url));

/** What Node compiled is kept for all, as the program's own start does it. */
const COMPILED =
  process.env["NODE_COMPILE_CACHE"] ??
  fileURLToPath(new URL("../../../build/compile-cache", import.meta.url));

/** What a command said and how it ended. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A data folder with a socket folder of its own; `remove` ends its daemon and deletes both. */
export class TestHome {
  readonly root = mkdtempSync(join(tmpdir(), "vivian-home-"));
  readonly home = join(this.root, "data");
  readonly folder = dataFolder(this.home, "practice");
  readonly environment: NodeJS.ProcessEnv;

  constructor(config = "", environment: NodeJS.ProcessEnv = {}) {
    const runtime = join(this.root, "run");
    mkdirSync(runtime, { mode: 0o700 });
    mkdirSync(this.home, { mode: 0o700 });
    if (config !== "") writeFileSync(this.folder.config, config);
    this.environment = {
      PATH: process.env["PATH"],
      VIVIAN_HOME: this.home,
      XDG_RUNTIME_DIR: runtime,
      NODE_COMPILE_CACHE: COMPILED,
      ...environment,
    };
  }

  /** The command as a program with its arguments. */
  wordsOf(words: readonly string[]): string[] {
    return [process.execPath, CLI, ...words];
  }

  /**
   * Starts a command and lets it run.
   * @param within  a program and its arguments that runs the command, such as another account's
   */
  spawn(
    words: readonly string[],
    environment: NodeJS.ProcessEnv = {},
    within: readonly string[] = [],
  ): ChildProcess {
    const env = { ...this.environment, ...environment };
    const [program, ...rest] = [...within, ...this.wordsOf(words)];
    return spawn(program, rest, { env, stdio: ["ignore", "pipe", "pipe"] });
  }

  /** Runs a command to its end. */
  run(words: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Ran> {
    return ended(this.spawn(words, environment));
  }

  /** Runs a program of ours on this folder's environment to its end. */
  runProgram(words: readonly string[]): Promise<Ran> {
    const stdio = ["ignore", "pipe", "pipe"] as const;
    return ended(spawn(process.execPath, words, { env: this.environment, stdio: [...stdio] }));
  }

  /** Connects to the folder's daemon; null when none answers. */
  async connect(): Promise<ControlClient | null> {
    const before = { ...process.env };
    Object.assign(process.env, this.environment);
    try {
      return await tryConnect(openSession({}));
    } finally {
      for (const name of Object.keys(this.environment)) {
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
      }
    }
  }

  /** Process id of the running daemon. */
  async daemonPid(): Promise<number> {
    const client = await this.connect();
    if (client === null) throw new Error("no daemon answers");
    const status = await client.call("status", {});
    client.close();
    if (!status.ok) throw new Error(status.rejection.code);
    return status.value.pid;
  }

  async remove(): Promise<void> {
    // As `vivian stop` does, without a process for it: most tests have stopped theirs before.
    const client = await this.connect().catch(() => null);
    if (client !== null) await shutDown(client).catch(() => undefined);
    client?.close();
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** Collects what a command says until it ends. */
export function ended(child: ChildProcess): Promise<Ran> {
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve, fail) => {
    child.once("error", fail);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** Whether somebody answers on a socket path. */
export async function answers(path: string): Promise<boolean> {
  const connected = await connectControl(path);
  if (connected.ok) connected.value.close();
  return connected.ok;
}
