/**
 * Decides what counts as pending: what training earns of jobs whose unit is trained and sealed but
 * not yet paid. Before the seal nothing has been earned, so nothing is pending; the shares for
 * checking and for the pool are not the trainer's, so they are not counted.
 */

import type { JobDetail, UnitProgress } from "../../src-main/contract/control-api/job.ts";

const EARNING: readonly string[] = ["sealed", "revealed", "challenged", "verifying", "accepted"];

/** The worker's share of a unit's price, in percent (ARCHITECTURE.md section 8). */
const WORKER_PERCENT = 85n;

/** What is pending; null when nothing is. */
export function pendingOf(jobs: readonly JobDetail[], unit: UnitProgress | null): bigint | null {
  if (unit === null || !EARNING.includes(unit.phase)) return null;
  const job = jobs.find((one) => one.job === unit.job);
  return job === undefined ? null : (BigInt(job.priceBase) * WORKER_PERCENT) / 100n;
}
