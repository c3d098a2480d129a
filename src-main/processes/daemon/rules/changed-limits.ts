/** Decides where it is kept which cards' limits of power were changed, to put them back. */

import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";

import type { ChangedLimit, ChangedLimits } from "./card-limits.ts";

/** Cards of one machine; the driver's own bound is 64. */
const LIMITS_MAX = 64;

/** A file of changed limits. */
export function changedLimitsFile(path: string): ChangedLimits {
  return {
    read: () => {
      try {
        const read: unknown = JSON.parse(readFileSync(path, "utf8"));
        return Array.isArray(read) ? read.filter(isChangedLimit).slice(0, LIMITS_MAX) : [];
      } catch {
        // Never written, or damaged: then nothing is put back that nobody knows of.
        return [];
      }
    },
    write: (limits) => {
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
    },
  };
}

function isChangedLimit(value: unknown): value is ChangedLimit {
  if (typeof value !== "object" || value === null) return false;
  const { uuid, foundWatts, setWatts } = value as Partial<Record<keyof ChangedLimit, unknown>>;
  const isWatts = (watts: unknown) => Number.isFinite(watts) && Number(watts) > 0;
  return typeof uuid === "string" && uuid.length <= 96 && isWatts(foundWatts) && isWatts(setWatts);
}
