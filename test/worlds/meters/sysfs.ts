/** A tree of files as Linux shows counters, in a folder of its own; driven by a profile. */

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A tree that can be written and taken away. */
export interface FileTree {
  readonly root: string;
  write(path: string, text: string | number): void;
  link(path: string, target: string): void;
  remove(path: string): void;
  close(): void;
}

/** Makes an empty tree. */
export function fileTree(): FileTree {
  const root = mkdtempSync(join(tmpdir(), "vivian-sysfs-"));
  const at = (path: string): string => {
    const full = join(root, path);
    mkdirSync(dirname(full), { recursive: true });
    return full;
  };
  return {
    root,
    write: (path, text) => writeFileSync(at(path), `${text}\n`),
    link: (path, target) => {
      mkdirSync(join(root, target), { recursive: true });
      symlinkSync(join(root, target), at(path));
    },
    remove: (path) => rmSync(join(root, path), { recursive: true, force: true }),
    close: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** Writes a domain of powercap. */
export function writeDomain(
  tree: FileTree,
  id: string,
  { name, microjoules, range = 262_143_328_850 }: Domain,
): void {
  const folder = `sys/class/powercap/${id}`;
  tree.write(`${folder}/name`, name);
  tree.write(`${folder}/energy_uj`, microjoules);
  tree.write(`${folder}/max_energy_range_uj`, range);
}

/** What a domain shows. */
export interface Domain {
  readonly name: string;
  readonly microjoules: number;
  readonly range?: number;
}
