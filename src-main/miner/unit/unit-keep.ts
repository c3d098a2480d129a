/** Decides how finished work and verdicts become what the folder keeps, and are shown again. */

import type { VerifierResult } from "../messages/verifier-messages.ts";
import type { UnitTimes, WorkerResult } from "../messages/worker-messages.ts";
import type { HeldVerdict, HeldWork } from "./unit-files.ts";
import { showTimes } from "./unit-status.ts";
import type { UnitStatus } from "./unit-status.ts";

const micro = (milliseconds: number): bigint => BigInt(Math.round(1000 * milliseconds));
const milli = (microseconds: bigint): number => Number(microseconds) / 1000;

/** A worker's result with the salt of its seal. */
export function heldWork(result: WorkerResult, salt: Uint8Array): HeldWork {
  const { startRoot, endRoot, chainHead, list, inners, holdout, times } = result;
  return {
    salt,
    startRoot,
    endRoot,
    chainHead,
    list,
    inners,
    holdout: holdout ?? undefined,
    trainUs: micro(times.trainMs),
    commitUs: micro(times.commitMs),
    spotUs: micro(times.spotMs),
    trainCpuUs: micro(times.trainCpuMs),
  };
}

/** The times of held work. */
export function timesOf(work: HeldWork): UnitTimes {
  return {
    trainMs: milli(work.trainUs),
    commitMs: milli(work.commitUs),
    spotMs: milli(work.spotUs),
    trainCpuMs: milli(work.trainCpuUs),
  };
}

/** Shows finished work, after a restart of the daemon as well. */
export function showWork(status: UnitStatus, work: HeldWork): void {
  status.step = status.steps;
  status.segmentsDone = status.segments;
  status.secondsLeft = 0;
  showTimes(status, timesOf(work));
  status.holdout = work.holdout ?? null;
}

/** A verifier's result with what it was drawn from and the salt of its commitment. */
export function heldVerdict(
  result: VerifierResult,
  drawn: Pick<HeldVerdict, "salt" | "vrfProof" | "full" | "segments">,
): HeldVerdict {
  const { verdict, segment, inners, cpuMs, wallMs } = result;
  return { ...drawn, verdict, segment, inners, cpuUs: micro(cpuMs), wallUs: micro(wallMs) };
}

/** Shows a verdict; its cost can be told where the training ran here too. */
export function showVerdict(status: UnitStatus, held: HeldVerdict): void {
  const trainCpuMs = status.times?.trainCpuMs ?? 0;
  status.verification = {
    mode: held.full === 1 ? "full" : "sampled",
    checked: held.verdict === "" ? held.segments.length : status.verification.checked,
    total: held.segments.length,
    costPercent: trainCpuMs > 0 ? (100 * milli(held.cpuUs)) / trainCpuMs : null,
    wallMs: milli(held.wallUs),
  };
}
