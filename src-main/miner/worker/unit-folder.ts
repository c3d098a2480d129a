/**
 * Decides how a unit's files stand on disk: written under a temporary name, synced, renamed, the
 * name synced, so that a process killed at any moment leaves whole files only, and what was said
 * to be written outlives a power cut.
 */

import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Fault } from "../../contract/outcome.ts";

/** The folder of one unit. */
export class UnitFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
    try {
      mkdirSync(path, { recursive: true });
      // Names a killed process left unsynced are read and acted on from here.
      for (const above of [dirname(dirname(path)), dirname(path), path]) syncFolder(above);
    } catch (cause) {
      throw new Fault("MINER_UNIT_FOLDER", `cannot make the folder ${path}`, { path }, cause);
    }
  }

  /** The bytes of a file; undefined when there is none. */
  read(name: string): Uint8Array | undefined {
    const path = join(this.path, name);
    try {
      return readFileSync(path);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw new Fault("MINER_UNIT_FOLDER", `cannot read ${path}`, { path }, cause);
    }
  }

  /** Replaces a file; when this resolves it survives a power cut. */
  async write(name: string, parts: readonly Uint8Array[]): Promise<void> {
    const path = join(this.path, name);
    try {
      const file = await open(`${path}.part`, "w", 0o600);
      try {
        // One write for each part could stop short; writeFile goes on until all is written.
        for (const part of parts) await file.writeFile(part);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(`${path}.part`, path);
      syncFolder(this.path);
    } catch (cause) {
      throw new Fault("MINER_UNIT_FOLDER", `cannot write ${path}`, { path }, cause);
    }
  }

  /** Deletes the folder and all in it. */
  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

/** Makes the names in a folder durable. */
function syncFolder(path: string): void {
  // Windows has no handle to a folder that can be flushed; its renames are journaled.
  if (process.platform === "win32") return;
  const handle = openSync(path, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
