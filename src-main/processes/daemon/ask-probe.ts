/**
 * Decides how a device is asked about in a process of its own, so that a driver's crash is an
 * answer like any other.
 */

import { fork } from "node:child_process";

/** Compiling every kernel takes a slow driver a minute; software adapters under load two. */
const PROBE_TIMEOUT_MS = 180_000;

/** What a probe said, or in words why it said nothing. */
export type ProbeAnswer = { readonly message: unknown } | { readonly failed: string };

/**
 * Asks a process of its own.
 * @param signal  ends it at once
 */
export function askProbe(
  path: string,
  parameters: readonly string[],
  signal?: AbortSignal,
): Promise<ProbeAnswer> {
  return new Promise((resolve) => {
    const child = fork(path, [...parameters], { execArgv: [], stdio: "ignore" });
    const settle = (answer: ProbeAnswer): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
      resolve(answer);
    };
    const stop = (): void => {
      child.kill("SIGKILL");
      settle({ failed: "the daemon was stopped" });
    };
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      settle({ failed: "its self check did not end" });
    }, PROBE_TIMEOUT_MS);
    signal?.addEventListener("abort", stop);
    child.once("message", (message) => settle({ message }));
    child.once("error", (error) => settle({ failed: error.message }));
    child.once("exit", (code, by) =>
      settle({ failed: `its self check ended with ${by ?? `exit code ${code ?? "unknown"}`}` }),
    );
  });
}
