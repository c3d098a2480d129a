/** Decides when a process has ended: what it held open is then free, its terminal and disk too. */

import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";

const LOOK_EVERY_MS = 10;

/** Whether a process runs; one that has ended and whose end nobody has taken note of does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Another account's process runs although it may not be told anything.
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2)[0] !== "Z";
  } catch {
    // No such table on this system, or the process ended in between.
    return process.platform !== "linux";
  }
}

/** Waits for a process to end; false where it still runs when the time is over. */
export async function processEnd(pid: number, withinMs: number): Promise<boolean> {
  for (let left = withinMs; isAlive(pid); left -= LOOK_EVERY_MS) {
    if (left <= 0) return false;
    await wait(LOOK_EVERY_MS);
  }
  return true;
}
