/** Decides what is shown of a unit: everything a progress view or a last line needs. */

import { bytesToHex } from "../../contract/bytes.ts";
import { parseModel } from "../../engine/index.ts";
import type { JobSpecification } from "../../learning/index.ts";
import { segmentCount } from "../../learning/index.ts";
import { LOSS_POINTS_MAX } from "../limits.ts";
import type { HoldoutResult, LossPoint, UnitTimes } from "../messages/worker-messages.ts";

/** Where a unit is, in words; those of the control API. */
export type UnitPhaseWord =
  | "assigned"
  | "training"
  | "sealed"
  | "revealed"
  | "challenged"
  | "verifying"
  | "accepted"
  | "paid"
  | "disputed"
  | "voided";

/** A part of the price, as the ledger paid it. */
export interface UnitPayment {
  /** Address, hex. */
  readonly to: string;
  readonly share: "worker" | "verifiers" | "pool";
  readonly amountBase: bigint;
  readonly minted: boolean;
  readonly slot: bigint;
}

/** Slots of a unit's records; null until they are final. */
export interface UnitSlots {
  seal: bigint | null;
  /** What the worker stated of the unit's energy, where the job demands it. */
  energy: bigint | null;
  reveal: bigint | null;
  verdictCommit: bigint | null;
  innerOpen: bigint | null;
  verdictOpen: bigint | null;
  /** The commit record whose execution paid or voided the unit. */
  settled: bigint | null;
}

/** How a unit is checked. */
export interface UnitVerification {
  /** null before the draw. */
  mode: "full" | "sampled" | null;
  checked: number;
  /** Segments drawn; null before the draw. */
  total: number | null;
  /** Processor time of the verifier, its start included, in percent of the training's. */
  costPercent: number | null;
  wallMs: number | null;
}

/** All that is known of a unit on this machine. */
export interface UnitStatus {
  readonly unit: string;
  readonly job: string;
  readonly jobName: string;
  /** What the job's model does: tells samples apart, or foretells the tokens of a text. */
  readonly task: "classes" | "text";
  phase: UnitPhaseWord;
  engine: string | null;
  variant: string | null;
  step: number;
  readonly steps: number;
  readonly segments: number;
  segmentsDone: number;
  loss: number | null;
  /** Mean loss of each segment so far. */
  lossHistory: LossPoint[];
  accuracy: number | null;
  stepsPerSecond: number | null;
  secondsLeft: number | null;
  times: UnitTimes | null;
  /** Hashing and committing in percent of training time. */
  hashingPercent: number | null;
  /** Spot checks against the reference in percent of training time. */
  spotPercent: number | null;
  holdout: HoldoutResult | null;
  verification: UnitVerification;
  payments: UnitPayment[];
  slots: UnitSlots;
  /** SHA-256 of the blob with the trained state, hex; null until it is kept. */
  modelBlob: string | null;
  /** Why it is disputed, voided or stuck. */
  code: string | null;
  facts: Readonly<Record<string, string | number | boolean>>;
}

/** The status of a unit nothing has happened to yet. */
export function newUnitStatus(
  unit: Uint8Array,
  job: Uint8Array,
  jobName: string,
  spec: JobSpecification,
): UnitStatus {
  return {
    unit: bytesToHex(unit),
    job: bytesToHex(job),
    jobName,
    task: taskOf(spec),
    phase: "assigned",
    engine: null,
    variant: null,
    step: 0,
    steps: spec.steps,
    segments: segmentCount(spec),
    segmentsDone: 0,
    loss: null,
    lossHistory: [],
    accuracy: null,
    stepsPerSecond: null,
    secondsLeft: null,
    times: null,
    hashingPercent: null,
    spotPercent: null,
    holdout: null,
    verification: { mode: null, checked: 0, total: null, costPercent: null, wallMs: null },
    payments: [],
    slots: {
      seal: null,
      energy: null,
      reveal: null,
      verdictCommit: null,
      innerOpen: null,
      verdictOpen: null,
      settled: null,
    },
    modelBlob: null,
    code: null,
    facts: {},
  };
}

/** Takes in where the time went. */
export function showTimes(status: UnitStatus, times: UnitTimes): void {
  status.times = times;
  const percent = (ms: number) => (times.trainMs > 0 ? (100 * ms) / times.trainMs : null);
  status.hashingPercent = percent(times.commitMs);
  status.spotPercent = percent(times.spotMs);
}

/** A model that cannot be read is refused where it is compiled; here it only has no name. */
function taskOf({ model }: JobSpecification): UnitStatus["task"] {
  const read = parseModel(model);
  return read.ok && "tokens" in read.value.input ? "text" : "classes";
}

/** Adds a point to the loss curve. */
export function showLossPoint(status: UnitStatus, point: LossPoint): void {
  status.lossHistory.push(point);
  if (status.lossHistory.length > LOSS_POINTS_MAX) status.lossHistory.shift();
}

/** A copy that does not change any more. */
export function copyStatus(status: UnitStatus): UnitStatus {
  return {
    ...status,
    lossHistory: [...status.lossHistory],
    verification: { ...status.verification },
    payments: [...status.payments],
    slots: { ...status.slots },
  };
}
