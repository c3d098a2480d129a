/** A status, a unit and a result as the daemon would send them, for tests of their words. */

import type {
  Status,
  UnitProgress,
  UnitResult,
} from "../../../../src-main/contract/control-api/index.ts";

/** A unit half way through training. */
export const SAMPLE_UNIT: UnitProgress = {
  unit: "7f".repeat(32),
  job: "2c".repeat(32),
  task: "classes",
  jobName: "digits-cnn",
  phase: "training",
  step: 1_293,
  steps: 2_812,
  stepsPerSecond: 41.3,
  loss: 0.0931,
  accuracy: 0.978,
  trainLeftMs: 36_800,
  segments: 60,
  segmentsDrawn: null,
  segmentsChecked: 0,
};

/** A unit that was paid. */
export const SAMPLE_RESULT: UnitResult = {
  unit: "7f".repeat(32),
  outcome: "paid",
  code: null,
  facts: {},
  device: "AMD Ryzen 7 5800X (8 cores), native-cpu (avx2, 8 threads)",
  steps: 2_812,
  stepsPerSecond: 41.3,
  holdout: { correct: 983, total: 1_000, text: null },
  loss: 0.031,
  segments: 60,
  segmentsChecked: 4,
  fullReplay: false,
  cost: { commitPercent: 0.5, spotPercent: 0.12, verifyPercent: 7 },
  payments: [
    {
      to: `0x${"1".repeat(40)}`,
      share: "worker",
      amountBase: "10540000000000000000",
      minted: true,
    },
    {
      to: `0x${"1".repeat(40)}`,
      share: "verifiers",
      amountBase: "1240000000000000000",
      minted: true,
    },
    { to: `0x${"2".repeat(40)}`, share: "pool", amountBase: "620000000000000000", minted: true },
  ],
  slot: 1_057,
  receiptFile: "/data/practice/receipts/slot-1057.receipt",
  modelBlob: null,
  revealSlot: null,
};

/** A daemon at work. */
export const SAMPLE_STATUS: Status = {
  version: "0.1.0",
  network: "practice",
  valueNote: "practice, no value",
  genesis: "00".repeat(32),
  home: "/data",
  pid: 4_242,
  startedMs: 1_000,
  head: { commit: 12, slots: 10_482, timeMs: 5_000 },
  mine: {
    state: "working",
    code: null,
    facts: {},
    device: "AMD Ryzen 7 5800X (8 cores)",
    engine: "native-cpu",
    unit: SAMPLE_UNIT,
  },
  paidBase: "12400000000000000000",
  jobsOpen: 1,
  jobsDone: 2,
  lastResult: null,
};

/** The sample status with another unit. */
export function statusWith(unit: Partial<UnitProgress> | null): Status {
  const next = unit === null ? null : { ...SAMPLE_UNIT, ...unit };
  return { ...SAMPLE_STATUS, mine: { ...SAMPLE_STATUS.mine, unit: next } };
}
