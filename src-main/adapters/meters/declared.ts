/**
 * Decides what stands in where nothing measures and the owner says what flows: fixed watts, or a
 * table of 24 by hour of the day in UTC. Evidence of the lowest level (E), and a report says so.
 */

import type { Meter } from "../../ports/meter.ts";
import { FieldProblem } from "./description-fields.ts";
import type { DescribedSource, DescriptionFields } from "./description-fields.ts";
import type { MeterNeeds } from "./meter-needs.ts";
import { sourceIdentity } from "./source-identity.ts";

/** Watts that the owner declares. */
export interface DeclaredDescription extends DescribedSource {
  readonly kind: "declared";
  /** By hour of the day in UTC; 24 of them. */
  readonly wattsByHour: readonly number[];
}

const HOURS = 24;
const WATTS_MAX = 1_000_000;

/** Nobody knows how wrong a declaration is; this much is said of each. */
const UNCERTAINTY_PERCENT = 100;

const READ_EVERY_MS = 10_000;
const HOUR_MS = 3_600_000;

/** Reads the keys: watts, or watts_by_hour with 24 numbers. */
export function checkDeclared(fields: DescriptionFields): DeclaredDescription {
  const uncertaintyPercent = UNCERTAINTY_PERCENT;
  const source = fields.source({ role: "load", boundary: "wall", uncertaintyPercent });
  const byHour = fields.optionalNumbers("watts_by_hour", HOURS, 0, WATTS_MAX);
  const watts = fields.number("watts", 0, WATTS_MAX, byHour === null ? undefined : 0);
  if (byHour !== null && watts !== 0) {
    throw new FieldProblem("watts", "give it or watts_by_hour, not both");
  }
  const wattsByHour = byHour ?? new Array<number>(HOURS).fill(watts);
  return { kind: "declared", ...source, wattsByHour };
}

/** Opens it. */
export function openDeclared(description: DeclaredDescription, { clock }: MeterNeeds): Meter {
  const { wattsByHour } = description;
  return {
    identity: sourceIdentity(description, { kind: "declared", tier: "E" }),
    readEveryMs: READ_EVERY_MS,
    read() {
      const atMs = clock.nowMs();
      const hour = Math.floor(atMs / HOUR_MS) % HOURS;
      const watts = wattsByHour[hour];
      return Promise.resolve({ atMs, register: null, watts, signature: null });
    },
    close: () => Promise.resolve(),
  };
}
