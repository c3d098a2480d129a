/** Decides when a reveal counts: it opens the seal, in a later commit, for the job's own start. */

import { bytesEqual } from "../../contract/bytes.ts";
import { accept, reject } from "../../contract/outcome.ts";
import { sealOf, segmentCount } from "../../learning/index.ts";
import { writeUnit } from "./agenda.ts";
import { parametersOf } from "./parameters.ts";
import { UNIT_ENERGIES } from "./rows-energy.ts";
import type { Rule } from "./rule.ts";
import { jobFor, specificationOf, unitFor } from "./unit-message.ts";

/**
 * @rejects LEDGER_UNIT_UNKNOWN, LEDGER_UNIT_SENDER, LEDGER_UNIT_PHASE, LEDGER_UNIT_LATE,
 *          LEDGER_REVEAL_EARLY, LEDGER_SEAL_MISMATCH, LEDGER_SEGMENT_COUNT, LEDGER_START_ROOT,
 *          LEDGER_ENERGY_MISSING, LEDGER_ENERGY_TIER
 */
export const applyUnitReveal: Rule<"unit-reveal"> = (overlay, { account }, payload, context) => {
  const { time } = context;
  const from = "worker";
  const found = unitFor(overlay, payload.unit, { phase: "sealed", from, account, time });
  if (!found.ok) return found;
  const unit = found.value;
  // In the seal's own commit a reveal could still be seen before the seals of others.
  if (context.number <= unit.sealedNumber) return reject("LEDGER_REVEAL_EARLY");
  const { chainHead, innerListRoot, salt, startRoot } = payload;
  const fields = { chainHead, innerListRoot, unit: payload.unit, worker: account, salt };
  if (!bytesEqual(sealOf(context.hasher, fields), unit.seal)) {
    return reject("LEDGER_SEAL_MISMATCH");
  }
  const specification = specificationOf(jobFor(overlay, unit.job));
  const segments = segmentCount(specification);
  if (payload.segmentCount !== segments) return reject("LEDGER_SEGMENT_COUNT", { segments });
  const fixed = specification.startRoot.some((byte) => byte !== 0);
  if (fixed && !bytesEqual(startRoot, specification.startRoot)) {
    return reject("LEDGER_START_ROOT");
  }
  const { energyTier } = specification;
  if (energyTier > 0) {
    const energy = overlay.read(UNIT_ENERGIES, payload.unit);
    if (energy === undefined) return reject("LEDGER_ENERGY_MISSING", { demanded: energyTier });
    if (energy.tier < energyTier) {
      return reject("LEDGER_ENERGY_TIER", { tier: energy.tier, demanded: energyTier });
    }
  }
  writeUnit(overlay, payload.unit, {
    ...unit,
    phase: "revealed",
    startRoot,
    endRoot: payload.endRoot,
    chainHead,
    innerListRoot,
    listDigest: payload.listDigest,
    segmentCount: segments,
    challengeView: context.view + parametersOf(overlay, context).challengeDelayViews,
    deadline: 0n,
  });
  return accept([]);
};
