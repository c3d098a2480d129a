/**
 * Decides how energy is listed by unit: what a pause or a restart cut into pieces is one line, with
 * its pay once. Pieces of a unit come as rows of their own.
 */

import type { EnergyUnits } from "../../src-main/contract/control-api/energy.ts";

type Piece = EnergyUnits["units"][number];

/** One unit's line. */
export interface UnitRow {
  readonly unit: string;
  readonly jobName: string;
  /** Null where not every piece was measured. */
  readonly millijoules: number | null;
  /** The weakest of its pieces. */
  readonly tier: Piece["tier"];
  readonly joulesPerStep: number | null;
  readonly outcome: Piece["outcome"];
  readonly rewardBase: bigint;
  readonly pieces: number;
}

const MILLIJOULES_PER_JOULE = 1_000;

/** The lines, in the order in which each unit is named first. */
export function unitRows(units: readonly Piece[]): readonly UnitRow[] {
  const byUnit = new Map<string, Piece[]>();
  for (const piece of units) byUnit.set(piece.unit, [...(byUnit.get(piece.unit) ?? []), piece]);
  return [...byUnit.values()].map(rowOf);
}

function rowOf(pieces: readonly Piece[]): UnitRow {
  const [{ unit, jobName }] = pieces;
  const isWhole = pieces.every(({ millijoules }) => millijoules !== null);
  const millijoules = isWhole
    ? pieces.reduce((sum, piece) => sum + (piece.millijoules ?? 0), 0)
    : null;
  const steps = pieces.reduce((sum, piece) => sum + piece.steps, 0);
  const isPaid = pieces.some(({ outcome }) => outcome === "paid");
  const isCounted = isPaid && millijoules !== null && steps > 0;
  return {
    unit,
    jobName,
    millijoules,
    tier: pieces.map(({ tier }) => tier).reduce((one, other) => (other > one ? other : one)),
    joulesPerStep: isCounted ? millijoules / MILLIJOULES_PER_JOULE / steps : null,
    outcome: isPaid ? "paid" : pieces[0].outcome,
    rewardBase: pieces.map(({ rewardBase }) => BigInt(rewardBase)).reduce(greatest),
    pieces: pieces.length,
  };
}

function greatest(one: bigint, other: bigint): bigint {
  return other > one ? other : one;
}
