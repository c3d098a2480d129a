/**
 * Decides where it is kept which cards' limits of power were changed, to put them back. Cards are
 * the machine's, so one file serves all networks of a home, read anew before each change.
 */

import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";

import type { ChangedLimit, ChangedLimits } from "./card-limits.ts";

/** Cards of one machine; a driver's own bound is 64. */
const LIMITS_MAX = 64;

/** A file of changed limits. */
export function changedLimitsFile(path: string): ChangedLimits {
  const read = (): readonly ChangedLimit[] => {
    try {
      const kept: unknown = JSON.parse(readFileSync(path, "utf8"));
      return Array.isArray(kept) ? kept.filter(isChangedLimit).slice(0, LIMITS_MAX) : [];
    } catch {
      // Never written, or damaged: then nothing is put back that nobody knows of.
      return [];
    }
  };
  return {
    read,
    keep: (card, limit) => {
      const others = read().filter((one) => one.card !== card);
      return write(path, limit === null ? others : [...others, limit]);
    },
  };
}

function write(path: string, limits: readonly ChangedLimit[]): boolean {
  try {
    const temporary = `${path}.new`;
    const file = openSync(temporary, "w", 0o600);
    try {
      writeSync(file, JSON.stringify(limits));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
    return true;
  } catch {
    return false;
  }
}

function isChangedLimit(value: unknown): value is ChangedLimit {
  if (typeof value !== "object" || value === null) return false;
  const { card, foundWatts, setWatts } = value as Partial<Record<keyof ChangedLimit, unknown>>;
  const isWatts = (watts: unknown) => Number.isFinite(watts) && Number(watts) > 0;
  return typeof card === "string" && card.length <= 128 && isWatts(foundWatts) && isWatts(setWatts);
}
