/**
 * Decides from where the daemon runs. An AppImage is only mounted while its window runs, and the
 * daemon outlives the window: so the program is copied beside the window's own data first, once per
 * image, and runs from there. Every other package runs where it is installed.
 */

import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from "node:fs";
import { join } from "node:path";

/** What the place follows from. */
export interface SettleWish {
  /** Where the package keeps its resources, `vivian/` among them. */
  readonly resources: string;
  /** The image's own file; empty text in every other package. */
  readonly image: string;
  readonly version: string;
  /** A folder of the window's own that stays. */
  readonly ownFolder: string;
}

/** How many programs are kept: this one, and the one that an older daemon may still run from. */
const KEPT_MAX = 2;

/**
 * The resources to run from, copied where that is needed. Throws where the disk does not take them.
 * @cost some 190 MiB are copied once per image
 */
export function settleProgram({ resources, image, version, ownFolder }: SettleWish): string {
  if (image === "") return resources;
  // An image that was made anew under the same version is another one.
  const made = Math.trunc(statSync(image).mtimeMs);
  const programs = join(ownFolder, "programs");
  const settled = join(programs, `${version}-${made}`);
  if (!existsSync(settled)) {
    const partial = `${settled}.${process.pid}.partial`;
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial, { recursive: true });
    cpSync(join(resources, "vivian"), join(partial, "vivian"), { recursive: true });
    renameSync(partial, settled);
  }
  // Its time says when it was last used.
  const now = new Date();
  utimesSync(settled, now, now);
  removeOld(programs, settled);
  return settled;
}

function removeOld(programs: string, settled: string): void {
  const others = readdirSync(programs)
    .map((name) => join(programs, name))
    .filter((path) => path !== settled)
    .map((path) => ({ path, usedMs: statSync(path).mtimeMs }))
    .sort((a, b) => b.usedMs - a.usedMs);
  for (const { path } of others.slice(KEPT_MAX - 1)) {
    rmSync(path, { recursive: true, force: true });
  }
}
