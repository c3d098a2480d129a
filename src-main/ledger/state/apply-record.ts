/** Decides which rule a record falls under. */

import { invariant } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { Effect } from "../outcomes/effects.ts";
import type { Payload } from "../records/payloads.ts";
import { applyEncryptionKey } from "./apply-encryption-key.ts";
import { applyEnergyAnchor } from "./apply-energy-anchor.ts";
import { applyGrant } from "./apply-grant.ts";
import { applyInnerOpen } from "./apply-inner-open.ts";
import { applyJobCreate } from "./apply-job-create.ts";
import { applyPublish } from "./apply-publish.ts";
import { applyRetract } from "./apply-retract.ts";
import { applyRevoke } from "./apply-revoke.ts";
import { applySealed } from "./apply-sealed.ts";
import { applyTransfer } from "./apply-transfer.ts";
import { applyUnitReveal } from "./apply-unit-reveal.ts";
import { applyUnitSeal } from "./apply-unit-seal.ts";
import { applyVerdictCommit } from "./apply-verdict-commit.ts";
import { applyVerdictOpen } from "./apply-verdict-open.ts";
import { applyMultiTransfer } from "./apply-multi-transfer.ts";
import { applyMemo } from "./apply-memo.ts";
import { applyBond } from "./apply-bond.ts";
import { applyUnbond } from "./apply-unbond.ts";
import { applyJobFund } from "./apply-job-fund.ts";
import { applyJobCancel } from "./apply-job-cancel.ts";
import { applyParameterChange } from "./apply-parameter-change.ts";
import { applyKeyRotate } from "./apply-key-rotate.ts";
import { applyPayoutSet } from "./apply-payout-set.ts";
import { applyEvidence } from "./apply-evidence.ts";
import { applyCertificateClaim } from "./apply-certificate-claim.ts";
import { applyUnitEnergy } from "./apply-unit-energy.ts";
import type { StateOverlay } from "./overlay.ts";
import type { RuleContext, RuleSender } from "./rule.ts";

/** Applies the payload of an admitted record; on a rejection the caller rolls back (`attempt`). */
export function applyRecord(
  overlay: StateOverlay,
  sender: RuleSender,
  payload: Payload,
  context: RuleContext,
): Outcome<readonly Effect[]> {
  switch (payload.kind) {
    case "transfer":
      return applyTransfer(overlay, sender, payload, context);
    case "job-create":
      return applyJobCreate(overlay, sender, payload, context);
    case "unit-seal":
      return applyUnitSeal(overlay, sender, payload, context);
    case "unit-reveal":
      return applyUnitReveal(overlay, sender, payload, context);
    case "verdict-commit":
      return applyVerdictCommit(overlay, sender, payload, context);
    case "inner-open":
      return applyInnerOpen(overlay, sender, payload, context);
    case "verdict-open":
      return applyVerdictOpen(overlay, sender, payload, context);
    case "energy-anchor":
      return applyEnergyAnchor(overlay, sender, payload, context);
    case "certificate-claim":
      return applyCertificateClaim(overlay, sender, payload, context);
    case "unit-energy":
      return applyUnitEnergy(overlay, sender, payload, context);
    case "publish":
      return applyPublish(overlay, sender, payload, context);
    case "retract":
      return applyRetract(overlay, sender, payload, context);
    case "encryption-key":
      return applyEncryptionKey(overlay, sender, payload, context);
    case "sealed":
      return applySealed(overlay, sender, payload, context);
    case "grant":
      return applyGrant(overlay, sender, payload, context);
    case "revoke":
      return applyRevoke(overlay, sender, payload, context);
    case "multi-transfer":
      return applyMultiTransfer(overlay, sender, payload, context);
    case "memo":
      return applyMemo(overlay, sender, payload, context);
    case "bond":
      return applyBond(overlay, sender, payload, context);
    case "unbond":
      return applyUnbond(overlay, sender, payload, context);
    case "job-fund":
      return applyJobFund(overlay, sender, payload, context);
    case "job-cancel":
      return applyJobCancel(overlay, sender, payload, context);
    case "parameter-change":
      return applyParameterChange(overlay, sender, payload, context);
    case "key-rotate":
      return applyKeyRotate(overlay, sender, payload, context);
    case "payout-set":
      return applyPayoutSet(overlay, sender, payload, context);
    case "evidence":
      return applyEvidence(overlay, sender, payload, context);
    case "commit":
      return invariant(false, "a commit record is never admitted as a record") as never;
  }
}
