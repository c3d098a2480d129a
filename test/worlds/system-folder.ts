/** Decides how a test shows a machine: files as Linux would show them, in a folder of its own. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A made `/sys` and `/proc`. */
export class SystemFolder {
  readonly root = mkdtempSync(join(tmpdir(), "vivian-system-"));
  readonly system = join(this.root, "sys");
  readonly processes = join(this.root, "proc");

  /** Writes files by their path below the root ("sys/class/…"); bytes as they are. */
  write(files: Readonly<Record<string, string | number | Uint8Array>>): this {
    for (const [path, text] of Object.entries(files)) {
      const file = join(this.root, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text instanceof Uint8Array ? text : `${text}\n`);
    }
    return this;
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
