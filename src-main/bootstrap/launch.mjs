/**
 * Decides how a program of ours is started on the fitting Node: same terminal, its exit code is
 * ours, signals reach it once, and it is told where the native engine is.
 */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { inRoot } from "./folders.mjs";
import { SetupFailure } from "./setup-failure.mjs";
import { watchStopSignals } from "./stop-signals.mjs";

/**
 * Where Node keeps what it compiled: command and daemon then start in half the processor time.
 * Node does without where it cannot write there.
 */
const COMPILE_CACHE = inRoot("build", "compile-cache");

/**
 * The environment of our programs. VIVIAN_ADDON is the native engine's file, or `absent`, in which
 * case a file that an older build left behind must not be loaded.
 * @param {import("./set-up.mjs").Ready} ready
 */
export function programEnvironment(ready) {
  const addon = "file" in ready.addon ? ready.addon.file : "absent";
  return { NODE_COMPILE_CACHE: COMPILE_CACHE, ...process.env, VIVIAN_ADDON: addon };
}

/**
 * Runs a program to its end in the foreground.
 * @param {import("./set-up.mjs").Ready} ready
 * @param {string[]} args                    file first
 * @param {NodeJS.ProcessEnv} [more]         further environment
 * @returns {Promise<number>} its exit code, or 128 + the number of the signal that ended it
 */
export function launch(ready, args, more = {}) {
  return new Promise((resolve, reject) => {
    const env = { ...programEnvironment(ready), ...more };
    const child = spawn(ready.node.file, args, { stdio: "inherit", env });
    const forwarding = watchStopSignals((signal) => {
      // A terminal sends Ctrl-C to the program itself as well; twice would read as "at once".
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    });
    child.on("error", (error) => {
      forwarding.end();
      reject(
        new SetupFailure("SETUP_NODE", `could not start ${ready.node.file}: ${error.message}`),
      );
    });
    child.on("exit", (code, signal) => {
      forwarding.end();
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
