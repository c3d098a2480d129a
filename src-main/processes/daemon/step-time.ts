/**
 * Decides how long a training step is expected to take here: from the newest unit this daemon has
 * trained, else from what engines of its kind were measured to do. An estimate, said as one.
 */

import { PRICE_BASE_PER_MEGAMAC } from "../../learning/index.ts";
import type { UnitStatus } from "../../miner/index.ts";
import type { ChosenEngine } from "./choose-engine.ts";
import type { StepTime } from "./plan-own-job.ts";

/** Multiply-accumulates a second and thread; low in what was measured, to promise little. */
const MACS_PER_SECOND = { avx512: 1.5e10, avx2: 7e9, other: 1.5e9, reference: 2.5e7 } as const;

/** What a step takes whatever its size: the batch, the call, the loss read back. */
const STEP_MS_LEAST = 0.2;

/** Training shorter than this measures start and waiting rather than the engine. */
const MEASURED_MS_LEAST = 1_000;

/** What estimating needs. */
export interface StepTimeNeeds {
  readonly engine: ChosenEngine;
  /** Units that have ended or are in hand, newest first. */
  readonly units: () => readonly UnitStatus[];
  /** Price of a unit, which follows its multiply-accumulates; null when it is not known. */
  readonly unitPriceBase: (unit: string) => bigint | null;
}

/** The time of a step here, by its multiply-accumulates. */
export function openStepTime(needs: StepTimeNeeds): StepTime {
  const assumed = assumedRate(needs.engine);
  return (macs) => STEP_MS_LEAST + (1_000 * macs) / (measuredRate(needs) ?? assumed);
}

function assumedRate({ cpu, device }: ChosenEngine): number {
  if (device.engine === "reference") return MACS_PER_SECOND.reference;
  const level = (["avx512", "avx2"] as const).find((name) => cpu.variant.includes(name));
  return MACS_PER_SECOND[level ?? "other"] * (device.threads ?? 1);
}

/** Of the newest unit whose training was long enough to tell; null when there is none. */
function measuredRate({ units, unitPriceBase }: StepTimeNeeds): number | null {
  for (const { unit, phase, times, steps } of units()) {
    const trainMs = (times?.trainMs ?? 0) - STEP_MS_LEAST * steps;
    const price = phase === "paid" ? unitPriceBase(unit) : null;
    if (price === null || trainMs < MEASURED_MS_LEAST) continue;
    const megaMacs = Number(price / PRICE_BASE_PER_MEGAMAC);
    return (1e9 * megaMacs) / trainMs;
  }
  return null;
}
