/** Decides how worker and verifier processes are started. */

import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Child, ForkChild } from "../miner/index.ts";

/** Characters of a child's last words that are kept for the log. */
const WORDS_MAX = 2_000;

/**
 * Where Node keeps what it compiled: a verifier's start then takes a third of the processor time,
 * which counts in the cost of verification. Node leaves it out where it cannot be written.
 */
const CACHE = fileURLToPath(new URL("../../build/compile-cache", import.meta.url));

/** Starts a child of the program with advanced serialisation, so bytes stay bytes. */
export const forkChild: ForkChild = (kind) =>
  forkModule(fileURLToPath(new URL(`./${kind}.ts`, import.meta.url)));

/** Starts a module as a child; tests put an adversary in a worker's place with it. */
export function forkModule(path: string): Child {
  const child = fork(path, [], {
    serialization: "advanced",
    execArgv: [],
    env: { ...process.env, NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"] ?? CACHE },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let words = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    words = (words + text).slice(-WORDS_MAX);
  });
  return {
    pid: child.pid,
    send: (message) => {
      // A child that just ended cannot be told anything; its exit says all there is to say.
      if (child.connected) child.send(message as object, () => undefined);
    },
    onMessage: (listener) => void child.on("message", listener),
    onExit: (listener) => {
      let ended = false;
      const end = (code: number | null, signal: string | null): void => {
        if (!ended) listener({ code, signal, words });
        ended = true;
      };
      child.on("close", end);
      child.on("error", () => end(null, null));
    },
    kill: () => void child.kill("SIGKILL"),
  };
}
