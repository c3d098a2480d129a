/**
 * Decides what counts as pending: the price of jobs whose unit is trained and sealed but not yet
 * paid. Before the seal nothing has been earned, so nothing is pending.
 */

import type { JobDetail, UnitProgress } from "../../src-main/contract/control-api/job.ts";

const EARNING: readonly string[] = ["sealed", "revealed", "challenged", "verifying", "accepted"];

/** The pending price; null when none is. */
export function pendingOf(jobs: readonly JobDetail[], unit: UnitProgress | null): bigint | null {
  if (unit === null || !EARNING.includes(unit.phase)) return null;
  const job = jobs.find((one) => one.job === unit.job);
  return job === undefined ? null : BigInt(job.priceBase);
}
