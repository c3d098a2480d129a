/** Decides whether the disk under the data folder has room, and how long it takes to be sure. */

import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  rmSync,
  statfsSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";

import { formatBytes } from "../../contract/units.ts";
import type { DataFolder } from "../config/data-folder.ts";
import { folderFault } from "../config/data-folder.ts";
import { attention, fault, faultOf, ok } from "./finding.ts";
import type { Finding } from "./finding.ts";

/** Below this a single job's checkpoints may not fit. */
const FREE_BYTES_MIN = 256 * 1_024 * 1_024;

/** Below this the ledger and data sets may fill the disk within days. */
const FREE_BYTES_GOOD = 2 * 1_024 * 1_024 * 1_024;

/** A commit waits for two syncs; above this each reveals itself as a pause. */
const SYNC_MS_GOOD = 100;

const SYNCS = 5;
const BLOCK_BYTES = 4_096;

/** Room on the disk that holds the folder, or will. */
export function checkSpace(
  folder: DataFolder,
  freeBytes: (path: string) => number = freeBytesOf,
): Finding {
  try {
    const free = freeBytes(nearestFolder(folder.network));
    const text = `${formatBytes(free)} free at ${folder.home}`;
    const next = "Free some space, or set VIVIAN_HOME to a folder on another disk.";
    if (free < FREE_BYTES_MIN) return fault("disk space", text, next);
    return free < FREE_BYTES_GOOD ? attention("disk space", text, next) : ok("disk space", text);
  } catch (error) {
    return faultOf("disk space", folderFault(folder.home, error));
  }
}

function freeBytesOf(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}

/** How long writing a block and syncing it takes; nothing is left behind. */
export function checkSync(folder: DataFolder): Finding {
  if (!existsSync(folder.network)) {
    return ok("disk speed", "not measured: there is no data folder yet");
  }
  try {
    const median = medianSyncMs(folder.network);
    const text = `${median.toFixed(1)} ms to write ${BLOCK_BYTES} bytes and sync them`;
    if (median <= SYNC_MS_GOOD) return ok("disk speed", text);
    return attention("disk speed", text, "Set VIVIAN_HOME to a folder on a faster disk.");
  } catch (error) {
    return faultOf("disk speed", folderFault(folder.network, error));
  }
}

function medianSyncMs(place: string): number {
  const folder = mkdtempSync(join(place, "doctor-"));
  try {
    const handle = openSync(join(folder, "block"), "w", 0o600);
    const times: number[] = [];
    try {
      for (let turn = 0; turn < SYNCS; turn += 1) {
        const began = performance.now();
        writeSync(handle, new Uint8Array(BLOCK_BYTES));
        fsyncSync(handle);
        times.push(performance.now() - began);
      }
    } finally {
      closeSync(handle);
    }
    times.sort((left, right) => left - right);
    return times[Math.floor(SYNCS / 2)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The folder itself, or the nearest one above it that is there. */
function nearestFolder(path: string): string {
  let found = path;
  while (!existsSync(found) && dirname(found) !== found) found = dirname(found);
  return found;
}
