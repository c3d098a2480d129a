/**
 * Decides whether a unit may be tried on a graphics device once more. A driver that fails can end
 * the whole process, which leaves no error behind: so each life that used the device leaves a mark
 * in the unit's folder, and takes it away when it ends by itself.
 */

import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Lives of a worker that may end with its device; the next one computes on the processor. */
const LIVES_MAX = 2;

const FILE = "graphics-lives";

/**
 * Counts this process as one that uses a graphics device for the unit.
 * @returns false where too many before it ended without a word
 */
export function mayUseGpu(unitFolder: string): boolean {
  const file = join(unitFolder, FILE);
  const text = existsSync(file) ? readFileSync(file, "utf8") : "0";
  // A file that is no number was cut off by the very crash that it counts.
  const lives = /^\d+$/u.test(text) ? Number(text) : LIVES_MAX;
  if (lives >= LIVES_MAX) return false;
  writeFileSync(file, String(lives + 1));
  process.once("exit", () => rmSync(file, { force: true }));
  return true;
}
