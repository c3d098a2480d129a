/**
 * Decides how a worker states what a unit cost, where the job demands to know: before its result is
 * opened, at the tier that is demanded or a better one. A machine whose meters are of a lesser tier
 * does not begin such a unit: it could never open it.
 */

import { hexToBytes } from "../../contract/bytes.ts";
import { Fault } from "../../contract/outcome.ts";
import type { PayloadOf } from "../../ledger/index.ts";
import type { JobSpecification } from "../../learning/index.ts";
import type { StatedEnergy, UnitEnergyMeter } from "../needs.ts";

/** Tiers by their number: 1 is E, 5 is A. */
const TIERS = ["none", "E", "D", "C", "B", "A"] as const;

const tierName = (tier: number): string => TIERS[tier] ?? "none";

/** Whether a unit ended here for want of a meter: it is declined, and the miner goes on. */
export function isDeclined(code: string | null): boolean {
  return code === "MINER_ENERGY_TIER" || code === "MINER_ENERGY_UNKNOWN";
}

/**
 * Whether the reason is gone for which a unit was declined. A figure that nobody had may be there
 * by now; that shows only when it is asked for.
 */
export function isReasonGone(
  code: string | null,
  { energyTier }: Pick<JobSpecification, "energyTier">,
  meter: UnitEnergyMeter | undefined,
): boolean {
  return code === "MINER_ENERGY_UNKNOWN" || (meter?.tier() ?? 0) >= energyTier;
}

/** Throws Fault MINER_ENERGY_TIER where this machine's meters are below what the job demands. */
export function demandTier(
  { energyTier }: Pick<JobSpecification, "energyTier">,
  meter: UnitEnergyMeter | undefined,
): void {
  const held = meter?.tier() ?? 0;
  if (held >= energyTier) return;
  const facts = { demanded: tierName(energyTier), here: tierName(held) };
  throw new Fault("MINER_ENERGY_TIER", "the job demands a better meter", facts);
}

/**
 * The statement of a unit's energy.
 * Throws Fault MINER_ENERGY_UNKNOWN where nothing counted it, MINER_ENERGY_TIER where what counted
 * it is below the demand.
 */
export async function energyStatement(
  unit: string,
  spec: Pick<JobSpecification, "energyTier">,
  meter: UnitEnergyMeter | undefined,
): Promise<PayloadOf<"unit-energy">> {
  const stated: StatedEnergy | null = (await meter?.energyOf(unit)) ?? null;
  if (stated === null) throw new Fault("MINER_ENERGY_UNKNOWN", "nothing counted it", { unit });
  demandTier(spec, { tier: () => stated.tier, energyOf: () => Promise.resolve(stated) });
  return {
    kind: "unit-energy",
    unit: hexToBytes(unit),
    tier: stated.tier,
    energyMillijoules: BigInt(stated.millijoules),
    startMs: BigInt(stated.startMs),
    endMs: BigInt(stated.endMs),
  };
}
