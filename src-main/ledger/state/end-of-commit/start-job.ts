/**
 * Decides how a job starts: the first beacon after the commit that created it completes its seed,
 * then its unit is drawn for; without a fitting worker and verifier the draw is tried again until
 * the job's seal window has passed.
 */

import { encode } from "../../../codec/index.ts";
import {
  finalSpecification,
  jobSpecificationCodec,
  specificationHash,
  unitId,
} from "../../../learning/index.ts";
import type { Effect } from "../../outcomes/effects.ts";
import { writeJob, writeUnit } from "../agenda.ts";
import { holdBond } from "../money.ts";
import { NEW_UNIT } from "../new-unit.ts";
import type { StateOverlay } from "../overlay.ts";
import { parametersOf } from "../parameters.ts";
import type { RuleContext } from "../rule.ts";
import type { JobRow } from "../rows.ts";
import { specificationOf, jobFor } from "../unit-message.ts";
import { drawAssignment, unitBond } from "./assign-unit.ts";
import { closeJob } from "./close-job.ts";

/** Handles a job that is due: starts it, or tries its assignment again. */
export function startJob(
  overlay: StateOverlay,
  id: Uint8Array,
  context: RuleContext,
): readonly Effect[] {
  const job = jobFor(overlay, id);
  if (job.status === "started") return assignUnit(overlay, id, job, context);
  const { hasher, beacon } = context;
  const final = finalSpecification(hasher, specificationOf(job), beacon);
  const started: JobRow = {
    ...job,
    status: "started",
    // From here on the row holds the specification everybody hashes and runs.
    specification: encode(jobSpecificationCodec, final),
    seed: final.seed,
    specificationHash: specificationHash(hasher, final),
  };
  writeJob(overlay, id, started);
  const effect: Effect = {
    kind: "job-started",
    job: id,
    seed: started.seed,
    specificationHash: started.specificationHash,
  };
  return [effect, ...assignUnit(overlay, id, started, context)];
}

function assignUnit(
  overlay: StateOverlay,
  id: Uint8Array,
  job: JobRow,
  context: RuleContext,
): readonly Effect[] {
  const { assignRetryMs, bondUnitPrices } = parametersOf(overlay, context);
  const specification = specificationOf(job);
  const unit = unitId(context.hasher, id, 0, 0);
  const bondBase = unitBond(specification, bondUnitPrices);
  const drawn = drawAssignment(overlay, unit, bondBase, context);
  if (drawn === undefined) {
    if (context.time > job.createdTime + BigInt(specification.sealWindowMs)) {
      const code = "LEDGER_NO_WORKER";
      return [{ kind: "voided", unit, code }, ...closeJob(overlay, id, "void", context)];
    }
    writeJob(overlay, id, { ...job, retryTime: context.time + assignRetryMs });
    return [];
  }
  const { worker, verifier } = drawn;
  holdBond(overlay, worker, bondBase);
  holdBond(overlay, verifier, bondBase);
  writeJob(overlay, id, { ...job, retryTime: 0n });
  writeUnit(overlay, unit, {
    ...NEW_UNIT,
    job: id,
    worker,
    verifier,
    priceBase: specification.unitPriceBase,
    bondBase,
    assignedTime: context.time,
    deadline: context.time + BigInt(specification.sealWindowMs),
  });
  return [{ kind: "assigned", unit, job: id, worker, verifier }];
}
