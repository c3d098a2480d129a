/**
 * Decides how a device is asked about in a process of its own, so that a driver's crash is an
 * answer like any other.
 */

import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";

/** Compiling every kernel takes a slow driver a minute; software adapters under load two. */
const PROBE_TIMEOUT_MS = 180_000;

/** What a probe said, or in words why it said nothing. */
export type ProbeAnswer = { readonly message: unknown } | { readonly failed: string };

/** Its last words may still be on their way when it has ended. */
const LAST_WORDS_MS = 1_000;

/**
 * Asks a process of its own. Nothing of it is left behind: it is ended with its answer, since a
 * driver may hang at its exit.
 * @param signal  ends it at once; one that was given before lets it not even begin
 */
export function askProbe(
  path: string,
  parameters: readonly string[],
  signal?: AbortSignal,
): Promise<ProbeAnswer> {
  if (signal?.aborted === true) return Promise.resolve(STOPPED);
  let child: ChildProcess;
  try {
    child = fork(path, [...parameters], { execArgv: [], stdio: "ignore" });
  } catch (error) {
    // A machine without memory for it; what cannot be asked is not usable.
    return Promise.resolve({ failed: error instanceof Error ? error.message : String(error) });
  }
  return new Promise((resolve) => {
    const settle = (answer: ProbeAnswer): void => {
      clearTimeout(timer);
      clearTimeout(ending);
      signal?.removeEventListener("abort", stop);
      child.kill("SIGKILL");
      // One that waits inside the kernel ends when it returns; nobody waits for that.
      child.unref();
      resolve(answer);
    };
    const stop = (): void => settle(STOPPED);
    const timer = setTimeout(
      () => settle({ failed: "its self check did not end" }),
      PROBE_TIMEOUT_MS,
    );
    let ending: ReturnType<typeof setTimeout> | undefined;
    signal?.addEventListener("abort", stop);
    child.once("message", (message) => settle({ message }));
    child.once("error", (error) => settle({ failed: error.message }));
    child.once("exit", (code, by) => {
      const ended = (): void =>
        settle({ failed: `its self check ended with ${by ?? `exit code ${code ?? "unknown"}`}` });
      if (!child.connected) return ended();
      // The channel closes behind what was said on it.
      child.once("disconnect", ended);
      ending = setTimeout(ended, LAST_WORDS_MS);
    });
  });
}

const STOPPED: ProbeAnswer = { failed: "the daemon was stopped" };
