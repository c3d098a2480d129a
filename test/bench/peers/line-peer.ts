/**
 * Decides how another program is asked to measure itself: it is started once, warms up, then takes
 * a number of runs on its input and answers the seconds that one run took on its output.
 */

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** A peer that is ready. */
export interface Peer {
  /** Program and version, such as "torch-1.13.1". */
  readonly name: string;
  /** Seconds of one of `runs` runs. */
  seconds(runs: number): Promise<number>;
  close(): void;
}

/**
 * Starts a peer; its first line is its name, or nothing when it is missing here.
 * @returns the reason where there is none
 */
export async function startPeer(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Peer | string> {
  const child = spawn(command, args, {
    env: { ...process.env, ...environment },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let words = "";
  child.stderr
    .setEncoding("utf8")
    .on("data", (text: string) => (words = (words + text).slice(-300)));
  const ended = new Promise<undefined>((resolve) => {
    child.once("error", (error) => {
      words = error.message;
      resolve(undefined);
    });
    child.once("close", () => resolve(undefined));
  });
  child.stdin.on("error", () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async (): Promise<string | undefined> => {
    const line = await Promise.race([lines.next(), ended]);
    return line === undefined || line.done === true ? undefined : line.value;
  };
  const name = await nextLine();
  if (name === undefined) {
    await ended;
    return words.trim().split("\n").at(-1) ?? "it did not start";
  }
  return {
    name,
    seconds: async (runs) => {
      child.stdin.write(`${runs}\n`);
      const line = await nextLine();
      if (line === undefined) throw new Error(`${name} ended: ${words}`);
      return Number(line);
    },
    close: () => void child.kill(),
  };
}
