/**
 * A disk of its own, small enough to fill: a tmpfs. Only root on Linux may mount one; elsewhere
 * the tests that need it are skipped and say so.
 */

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Fault } from "../../../src-main/contract/outcome.ts";

const FILLER = "filler";

/** A mounted disk; `remove` unmounts it and deletes its folder. */
export class SmallDisk {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Mounts a disk of that many bytes; null where this process may not mount. */
  static make(bytes: number): SmallDisk | null {
    if (process.platform !== "linux" || process.getuid?.() !== 0) return null;
    const path = mkdtempSync(join(tmpdir(), "vivian-disk-"));
    try {
      run("mount", "-t", "tmpfs", "-o", `size=${bytes},mode=700`, "tmpfs", path);
      return new SmallDisk(path);
    } catch {
      // A container's root may lack the right to mount.
      rmSync(path, { recursive: true, force: true });
      return null;
    }
  }

  /** Bytes that can still be written. */
  free(): number {
    const { bavail, bsize } = statfsSync(this.path);
    return bavail * bsize;
  }

  /** Takes all that is free but about `leave` bytes. */
  fill(leave = 0): void {
    writeFileSync(join(this.path, FILLER), Buffer.alloc(Math.max(0, this.free() - leave)));
  }

  /** Gives back what `fill` took. */
  drain(): void {
    rmSync(join(this.path, FILLER), { force: true });
  }

  /** Lets nobody write any more, root included. */
  makeReadOnly(): void {
    run("mount", "-o", "remount,ro", this.path);
  }

  makeWritable(): void {
    run("mount", "-o", "remount,rw", this.path);
  }

  grow(bytes: number): void {
    run("mount", "-o", `remount,size=${bytes}`, this.path);
  }

  remove(): void {
    run("umount", "-l", this.path);
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** The code of the Fault that a promise ends with; empty where it succeeds. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "";
  } catch (error) {
    if (error instanceof Fault) return error.code;
    throw error;
  }
}

function run(program: string, ...words: string[]): void {
  execFileSync(program, words, { stdio: "ignore" });
}

/** Whether small disks can be made here; says in one line that they cannot. */
export function smallDisksWork(): boolean {
  const disk = SmallDisk.make(65_536);
  disk?.remove();
  if (disk === null) process.stdout.write("skipped: a small disk needs the right to mount one\n");
  return disk !== null;
}
