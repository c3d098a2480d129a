/**
 * Decides how long a training step is expected to take here: the engine's estimate for two cores,
 * corrected by what the newest unit trained by this daemon really took, else by what kinds of
 * engine were measured to do. An estimate, said as one.
 */

import type { Program } from "../../engine/index.ts";
import { compileTraining, estimatedStepSeconds, parseModel } from "../../engine/index.ts";
import type { UnitStatus } from "../../miner/index.ts";
import type { ChosenEngine } from "./choose-engine.ts";

/** Milliseconds that a step of a program takes here, about. */
export type StepTime = (program: Program) => number;

/** Cores the engine's estimate is for. */
const ESTIMATED_CORES = 2;

/** How much slower than the estimate a kind of engine is, measured on a machine of two cores. */
const SLOWNESS = { avx512: 1, avx2: 2, wasm: 3, other: 12, reference: 1_000 } as const;

/** What a step takes whatever its size: the batch, the call, the loss read back. */
const STEP_MS_LEAST = 0.2;

/** Training shorter than this measures start and waiting rather than the engine. */
const MEASURED_MS_LEAST = 1_000;

/** What estimating needs. */
export interface StepTimeNeeds {
  readonly engine: ChosenEngine;
  /** Units that have ended or are in hand, newest first. */
  readonly units: () => readonly Pick<UnitStatus, "job" | "phase" | "steps" | "times">[];
  /** Canonical text of a job's model; null when it is not known. */
  readonly modelOf: (job: string) => string | null;
}

/** The time of a step here, by its program. */
export function openStepTime(needs: StepTimeNeeds): StepTime {
  const assumed = assumedSlowness(needs.engine);
  return (program) => estimateMs(program, measuredSlowness(needs) ?? assumed);
}

function estimateMs(program: Program, slowness: number): number {
  return STEP_MS_LEAST + 1_000 * estimatedStepSeconds(program) * slowness;
}

function assumedSlowness({ cpu, device }: ChosenEngine): number {
  if (device.engine === "reference") return SLOWNESS.reference;
  // Unknown until a unit was trained on it; a device that is asked for by name is seldom slower.
  if (device.engine === "webgpu" || device.engine === "cuda") return SLOWNESS.avx512;
  const known = ["avx512", "avx2", "wasm"] as const;
  const level = known.find((name) => cpu.variant.includes(name) || cpu.engine === name);
  return (SLOWNESS[level ?? "other"] * ESTIMATED_CORES) / (device.threads ?? ESTIMATED_CORES);
}

/** Of the newest unit whose training was long enough to tell; null when there is none. */
function measuredSlowness({ units, modelOf }: StepTimeNeeds): number | null {
  for (const { job, phase, times, steps } of units()) {
    const trainMs = (times?.trainMs ?? 0) - STEP_MS_LEAST * steps;
    if (phase !== "paid" || trainMs < MEASURED_MS_LEAST) continue;
    const text = modelOf(job);
    const model = text === null ? null : parseModel(text);
    const program = model?.ok === true ? compileTraining(model.value) : null;
    if (program?.ok !== true) continue;
    return trainMs / (1_000 * estimatedStepSeconds(program.value) * steps);
  }
  return null;
}
