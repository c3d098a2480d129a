/**
 * Decides when a worker's statement of a unit's energy counts: its own unit, before the reveal, and
 * once, so that nobody waits for what others state. It is a statement, not a proof; whoever reads a
 * report holds it against the bounds of physics.
 */

import { encode } from "../../codec/index.ts";
import { accept, reject } from "../../contract/outcome.ts";
import { chargeDeposit, NO_DEPOSIT } from "./deposits.ts";
import { ENERGY_TIER_NUMBERS, UNIT_ENERGIES, unitEnergyRowCodec } from "./rows-energy.ts";
import type { Rule } from "./rule.ts";
import { unitFor } from "./unit-message.ts";
import { UNITS } from "./tables.ts";

/**
 * @rejects LEDGER_UNIT_UNKNOWN, LEDGER_UNIT_SENDER, LEDGER_UNIT_PHASE, LEDGER_UNIT_LATE,
 *          LEDGER_ENERGY_TWICE, LEDGER_ENERGY_FORM, LEDGER_DEPOSIT_SHORT
 */
export const applyUnitEnergy: Rule<"unit-energy"> = (overlay, sender, payload, context) => {
  const { account, slot } = sender;
  const { unit, tier, energyMillijoules, startMs, endMs } = payload;
  // Once sealed nothing can be trained any more, and the reveal still waits.
  const phase = overlay.read(UNITS, unit)?.phase === "assigned" ? "assigned" : "sealed";
  const expected = { phase, from: "worker", account, time: context.time } as const;
  if (overlay.read(UNIT_ENERGIES, unit) !== undefined) return reject("LEDGER_ENERGY_TWICE");
  const found = unitFor(overlay, unit, expected);
  if (!found.ok) return found;
  if (tier < ENERGY_TIER_NUMBERS.E || tier > ENERGY_TIER_NUMBERS.A || startMs >= endMs) {
    return reject("LEDGER_ENERGY_FORM", { tier });
  }
  const row = { tier, energyMillijoules, startMs, endMs, slot, deposit: NO_DEPOSIT };
  const bytes = encode(unitEnergyRowCodec, row).length;
  const deposit = chargeDeposit(overlay, account, bytes, context);
  if (!deposit.ok) return deposit;
  overlay.write(UNIT_ENERGIES, unit, { ...row, deposit: deposit.value });
  return accept([]);
};
