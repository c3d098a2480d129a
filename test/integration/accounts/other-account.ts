/**
 * A second user of the machine: a real process under another user id. Only root on Linux may start
 * one; elsewhere the tests that need it are skipped and say so.
 */

import { execFileSync, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";

/** "nobody" on every Linux, an account that owns nothing. */
export const OTHER_UID = 65_534;

/** The words that run a program as the other account, in no group of ours. */
export function asOther(words: readonly string[]): string[] {
  const account = [`--reuid=${OTHER_UID}`, `--regid=${OTHER_UID}`, "--clear-groups"];
  return ["setpriv", ...account, "--no-new-privs", "--", ...words];
}

/** Starts a program as the other account. */
export function spawnAsOther(words: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  const [program, ...rest] = asOther(words);
  return spawn(program, rest, { env, stdio: ["ignore", "pipe", "pipe"] });
}

/** Whether a second user's process can be started here; says in one line that it cannot. */
export function otherAccountWorks(): boolean {
  try {
    if (process.platform !== "linux" || process.getuid?.() !== 0) throw new Error("not root");
    const [program, ...rest] = asOther([process.execPath, "-p", "process.getuid()"]);
    const uid = execFileSync(program, rest, { encoding: "utf8", stdio: "pipe" });
    return Number(uid) === OTHER_UID;
  } catch {
    process.stdout.write("skipped: a second user's process needs root and setpriv\n");
    return false;
  }
}
