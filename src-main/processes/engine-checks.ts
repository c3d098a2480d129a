/**
 * Decides what is remembered of a graphics device between starts: which kernels won its race, that
 * every op was exact with them, and what was measured of it. It holds for one adapter, one driver
 * and one state of the program; anything else runs race and check again. A file that cannot be read
 * remembers nothing.
 */

import { createHash } from "node:crypto";
import { readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { readBeside } from "./measured-beside.ts";
import type { MeasuredBeside } from "./measured-beside.ts";

/** What is remembered. */
export interface EngineCheck {
  /** Names of the kernels that multiply; empty where a device has no race. */
  readonly wide: string;
  readonly narrow: string;
  /** Unix milliseconds of the check. */
  readonly checkedMs: number;
  /** What was measured of it beside the processor, by the processor's threads. */
  readonly measured?: Readonly<Partial<Record<string, MeasuredBeside>>>;
}

/** Devices remembered; a machine has few, and each new driver adds one. */
const CHECKS_MAX = 16;

/** A device that passed is checked again after a day: hardware fails, and nothing tells of it. */
const CHECK_LASTS_MS = 24 * 60 * 60 * 1_000;

/** Sources whose change may change a kernel, or what it is compared with. */
const SOURCES = ["../adapters/webgpu-engine", "../engine", "../adapters/native-engine"];

const FILE = "engine-checks.json";

/** Where checks are kept for whoever trains in that unit's folder; undefined for a lone folder. */
export function checksFileOf(unitFolder: string): string | undefined {
  const units = dirname(unitFolder);
  return basename(units) === "units" ? join(dirname(units), FILE) : undefined;
}

/** Where the checks of a network's folder are kept. */
export function checksFileIn(networkFolder: string): string {
  return join(networkFolder, FILE);
}

function* filesIn(folder: string): Generator<string> {
  const entries = readdirSync(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(path);
    else if (entry.name.endsWith(".ts")) yield path;
  }
}

let digest: string | undefined;

/** Digest of the sources that compute on a graphics device, and of the library under them. */
function programDigest(): string {
  if (digest !== undefined) return digest;
  const hash = createHash("sha256");
  for (const source of SOURCES) {
    for (const path of filesIn(fileURLToPath(new URL(source, import.meta.url)))) {
      hash.update(basename(path)).update(readFileSync(path));
    }
  }
  const library = createRequire(import.meta.url).resolve("webgpu");
  hash.update(readFileSync(join(dirname(library), "package.json")));
  digest = hash.digest("hex");
  return digest;
}

/** The name under which a device's check is kept. */
export function checkKey(identity: string): string {
  return createHash("sha256").update(programDigest()).update(identity).digest("hex");
}

function isCheck(value: unknown): value is EngineCheck {
  if (typeof value !== "object" || value === null) return false;
  const { wide, narrow, checkedMs, measured = {} } = value as Partial<Record<string, unknown>>;
  const isPlain = typeof measured === "object" && measured !== null;
  return (
    typeof wide === "string" &&
    typeof narrow === "string" &&
    typeof checkedMs === "number" &&
    isPlain &&
    Object.values(measured).every((one) => readBeside(one) !== null)
  );
}

function checksIn(file: string): readonly (readonly [string, EngineCheck])[] {
  try {
    const read: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (typeof read !== "object" || read === null) return [];
    return Object.entries(read).filter((entry): entry is [string, EngineCheck] =>
      isCheck(entry[1]),
    );
  } catch {
    return [];
  }
}

/** What is remembered under a key, and was found within the last day. */
export function findCheck(file: string, key: string, nowMs: number): EngineCheck | undefined {
  const check = checksIn(file).find(([name]) => name === key)?.[1];
  const ageMs = check === undefined ? Infinity : nowMs - check.checkedMs;
  return ageMs >= 0 && ageMs < CHECK_LASTS_MS ? check : undefined;
}

/** Remembers a check; where the file cannot be written, the next start checks again. */
export function keepCheck(file: string, key: string, check: EngineCheck): void {
  const others = checksIn(file).filter(([name]) => name !== key);
  const kept = [...others, [key, check] as const].slice(-CHECKS_MAX);
  const beside = `${file}.${process.pid}`;
  try {
    writeFileSync(beside, JSON.stringify(Object.fromEntries(kept), null, 1), { mode: 0o600 });
    renameSync(beside, file);
  } catch {
    // A full disk is told of by whoever must write.
  }
}
