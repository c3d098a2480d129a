/** Decides how jobs are listed and shown in a terminal. */

import type { JobDetail, JobSummary, Listing } from "../../contract/control-api/index.ts";
import { formatCount, formatNumberOf, formatViv, shortHex } from "../../contract/units.ts";
import { holdoutLine } from "./result-lines.ts";
import { pairs, table } from "./table.ts";

/** What `job list` says. */
export function listLines(listings: readonly Listing[], jobs: readonly JobSummary[]): string[] {
  const offered = listings.map((listing) => [
    listing.name,
    formatCount(listing.steps),
    formatViv(BigInt(listing.priceBase)),
    listing.about,
  ]);
  const submitted = jobs.map((job) => [
    shortHex(job.job),
    job.name,
    job.sponsored ? "sponsored" : "own data",
    job.state,
    formatCount(job.steps),
    formatViv(BigInt(job.priceBase)),
    job.createdSlot === null ? "" : formatCount(job.createdSlot),
  ]);
  return [
    "Sponsored jobs",
    ...table(["name", "steps", "pays", "about"], offered, [1, 2]),
    "",
    `${formatNumberOf(jobs.length, "job", "jobs")} submitted`,
    ...(jobs.length === 0
      ? []
      : table(["job", "name", "kind", "state", "steps", "price", "slot"], submitted, [4, 5, 6])),
  ];
}

/** What `job show` says. */
export function jobLines(job: JobDetail): string[] {
  const price = formatViv(BigInt(job.priceBase));
  const lines = pairs([
    ["job", job.job],
    ["name", job.name],
    ["state", job.state],
    job.sponsored ? ["pays", price] : ["costs", `${price}, from its owner's balance`],
    ...(job.data === null ? [] : [["data", job.data.note] as const]),
    ["steps", `${formatCount(job.steps)} in batches of ${formatCount(job.batchSize)}`],
    ["segments of", formatNumberOf(job.segmentLength, "step", "steps")],
    ["data set root", job.datasetRoot],
    ["program hash", job.programHash],
    ["specification", job.specificationHash ?? "not final yet"],
    ["submitted", job.createdSlot === null ? "" : `slot ${formatCount(job.createdSlot)}`],
  ]);
  const { progress, result } = job;
  if (progress !== null) lines.push(`unit ${shortHex(progress.unit)}: ${progress.phase}`);
  if (result !== null) lines.push(`unit ${shortHex(result.unit)}: ${result.outcome}`);
  const holdout = result?.holdout ?? null;
  if (holdout !== null) lines.push(holdoutLine(holdout));
  return lines;
}
