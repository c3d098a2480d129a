/** Decides how what the miner knows of a unit becomes what the control API says of it. */

import { parseAddress, addressToText } from "../../crypto/index.ts";
import type {
  Holdout,
  OwnData,
  UnitProgress,
  UnitResult,
} from "../../contract/control-api/index.ts";
import { invariant } from "../../contract/outcome.ts";
import type { UnitPayment, UnitStatus } from "../../miner/index.ts";

/** A unit in progress. */
export function unitProgress(unit: UnitStatus): UnitProgress {
  const { total, checked } = unit.verification;
  return {
    unit: unit.unit,
    job: unit.job,
    jobName: unit.jobName,
    task: unit.task,
    phase: unit.phase,
    step: unit.step,
    steps: unit.steps,
    stepsPerSecond: unit.stepsPerSecond,
    loss: unit.loss,
    accuracy: unit.accuracy,
    trainLeftMs: unit.secondsLeft === null ? null : unit.secondsLeft * 1_000,
    segments: unit.segments,
    segmentsDrawn: total,
    segmentsChecked: checked,
  };
}

/**
 * A unit that has ended; its receipt is added by whoever makes one.
 * @param data  the owner's data it was trained on; null where it is not known here
 */
export function unitResult(unit: UnitStatus, deviceName: string, data: OwnData | null): UnitResult {
  const engine = unit.engine === null ? "" : `, ${unit.engine} (${unit.variant ?? ""})`;
  const { settled } = unit.slots;
  return {
    unit: unit.unit,
    outcome: unit.phase === "paid" ? "paid" : "voided",
    code: unit.phase === "paid" ? null : unit.code,
    facts: unit.phase === "paid" ? {} : { ...unit.facts },
    device: `${deviceName}${engine}`.slice(0, 256),
    steps: unit.steps,
    stepsPerSecond: averageRate(unit),
    holdout: holdoutWords(unit.holdout, data),
    loss: unit.loss,
    segments: unit.segments,
    segmentsChecked: unit.verification.checked,
    fullReplay: unit.verification.mode === "full",
    cost: {
      commitPercent: unit.hashingPercent,
      spotPercent: unit.spotPercent,
      verifyPercent: unit.verification.costPercent,
    },
    payments: unit.payments.map(payment),
    slot: settled === null ? null : Number(settled),
    receiptFile: null,
    modelBlob: unit.modelBlob,
    revealSlot: unit.slots.reveal === null ? null : Number(unit.slots.reveal),
  };
}

function holdoutWords(holdout: UnitStatus["holdout"], data: OwnData | null): Holdout | null {
  if (holdout === null) return null;
  const { correct, total, nats } = holdout;
  const bytes = data?.text?.holdoutBytes ?? null;
  return { correct, total, text: nats === null ? null : { nats, bytes } };
}

/** Steps per second over the whole unit, everything that stood in their way included. */
function averageRate({ steps, times, stepsPerSecond }: UnitStatus): number | null {
  if (times === null) return stepsPerSecond;
  const spentMs = times.trainMs + times.commitMs + times.spotMs;
  return spentMs > 0 ? (1_000 * steps) / spentMs : null;
}

function payment({ to, share, amountBase, minted }: UnitPayment): UnitResult["payments"][number] {
  const address = parseAddress(to.startsWith("0x") ? to : `0x${to}`);
  invariant(address.ok, "the ledger pays to addresses");
  return { to: addressToText(address.value), share, amountBase: String(amountBase), minted };
}
