/**
 * Decides which domains of Linux' powercap (RAPL) count: packages, each once although some machines
 * show one through two drivers (msr and mmio), and never with what lies inside them (core, uncore,
 * dram) or around them (psys, which stands alone). Counters begin anew at a stated range.
 */

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Where Linux shows the domains, below the root of files. */
export const POWERCAP = "sys/class/powercap";

/** A package is a domain of the first level; "intel-rapl:0:0" is a part of one. */
const FIRST_LEVEL = /^intel-rapl(?:-mmio)?:\d+$/;

/** A domain that counts. */
export interface RaplDomain {
  readonly name: string;
  readonly path: string;
  /** Microjoules at which it begins anew. */
  readonly range: number;
}

/** Which domains are wanted. */
export type RaplKind = "packages" | "psys";

/**
 * The number in a file.
 * Throws what the system says, or Error where the file holds no number that is 0 or more.
 */
export function numberInFile(path: string): number {
  return numberIn(path, readFileSync(path, "utf8"));
}

/** The number in a file's text. Throws Error where it holds none that is 0 or more. */
export function numberIn(path: string, text: string): number {
  const value = text.trim() === "" ? NaN : Number(text);
  if (Number.isFinite(value) && value >= 0) return value;
  throw new Error(`${path} holds no number`);
}

/**
 * Domains of a kind, each name once; msr before mmio, since "intel-rapl:" sorts before.
 * Throws what the system says where the folder cannot be read.
 */
export function raplDomains(folder: string, kind: RaplKind): readonly RaplDomain[] {
  const byName = new Map<string, RaplDomain>();
  const folders = readdirSync(folder).filter((name) => FIRST_LEVEL.test(name));
  folders.sort((left, right) => {
    const [leftTwin, rightTwin] = [left, right].map((name) => (name.includes("mmio") ? 1 : 0));
    return leftTwin - rightTwin || (left < right ? -1 : 1);
  });
  for (const each of folders) {
    const name = readFileSync(join(folder, each, "name"), "utf8").trim();
    const fits = kind === "psys" ? name === "psys" : /^package-\d+$/.test(name);
    if (!fits || byName.has(name)) continue;
    const range = numberInFile(join(folder, each, "max_energy_range_uj"));
    byName.set(name, { name, path: join(folder, each, "energy_uj"), range });
  }
  return [...byName.values()];
}

/** Microjoules that a domain counted between two readings of it, a wrap included. */
export function microjoulesBetween(before: number, now: number, range: number): number {
  return now >= before ? now - before : range - before + now;
}
