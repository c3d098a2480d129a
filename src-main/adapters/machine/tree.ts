/**
 * Decides how the system's own files are read: what is absent, closed or too long is nothing, in
 * a fixed order and a bounded number. `root` is where /sys, /proc, /dev and /etc stand, so that the
 * tree of another machine can be read like this one's.
 */

import { closeSync, openSync, readdirSync, readlinkSync, readSync, statSync } from "node:fs";
import type { Stats } from "node:fs";
import { join } from "node:path";

/** Characters of one file: a kernel's command line, a module list, a topology node are shorter. */
const TEXT_MAX = 65_536;

/** Names in one folder: a large server has some hundred PCI functions. */
const NAMES_MAX = 2_048;

/** A tree that stands below a root. */
export interface Tree {
  /** Names in a folder, in order. */
  names(folder: string): string[];
  /** A file's text without white space at its ends; null where there is none. */
  text(file: string): string | null;
  /** The last part of a link's target, which names a driver or a device. */
  link(file: string): string | null;
  has(file: string): boolean;
}

/** The tree below a root, `/` on a real machine. */
export function treeAt(root: string): Tree {
  return {
    names: (folder) => {
      try {
        const names = readdirSync(join(root, folder));
        return names.sort((left, right) => (left < right ? -1 : 1)).slice(0, NAMES_MAX);
      } catch {
        return [];
      }
    },
    text: (file) => textOf(join(root, file)),
    link: (file) => {
      try {
        return readlinkSync(join(root, file)).split("/").at(-1) ?? null;
      } catch {
        return null;
      }
    },
    has: (file) => statOf(join(root, file)) !== null,
  };
}

/** What the system says of a file; null where it is not there or a folder above it is closed. */
export function statOf(file: string): Stats | null {
  try {
    return statSync(file);
  } catch {
    return null;
  }
}

function textOf(file: string): string | null {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, "r");
    const bytes = Buffer.alloc(TEXT_MAX);
    let length = 0;
    for (;;) {
      const read = readSync(descriptor, bytes, length, TEXT_MAX - length, null);
      length += read;
      if (read === 0 || length === TEXT_MAX) return bytes.toString("utf8", 0, length).trim();
    }
  } catch {
    return null;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** A number as the kernel writes it, in decimal or after 0x. */
export function numberIn(text: string | null): number | null {
  if (text === null || !/^(0x[0-9a-f]+|\d+)$/iu.test(text)) return null;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : null;
}
