/** `vivian job submit|list|show|watch`: have a model trained, and see how far it is. */

import type { Command } from "commander";

import type { ControlClient } from "../../api/index.ts";
import type { JobDetail, JobSummary, Listing } from "../../contract/control-api/index.ts";
import { formatCount, formatNumberOf, formatViv, shortHex } from "../../contract/units.ts";
import { attach, detach } from "./attach.ts";
import { CommandFailure, need } from "./failure.ts";
import { followUnit, needPaid } from "./follow.ts";
import { untilAskedToLeave } from "./leaving.ts";
import { readCount } from "./read-number.ts";
import { answer, connectOrFail, openSession, say, withDaemon } from "./session.ts";
import type { Session } from "./session.ts";
import { pairs, table } from "./table.ts";

/** Adds the verb and its parts. */
export function addJob(program: Command): void {
  const job = program.command("job").description("submit, list, show and watch jobs");
  job
    .command("submit")
    .argument("<name>", "name of a sponsored job, such as digits-cnn")
    .description("submit a sponsored job")
    .option("--watch", "stay until it is paid; starts a daemon for that time if none runs")
    .option("--json", "answer as JSON")
    .addHelpText("after", "\nExample:\n  vivian job submit digits-cnn --watch")
    .action((name: string, options: { json?: boolean; watch?: boolean }) => submit(name, options));
  job
    .command("list")
    .description("list sponsored jobs and the jobs submitted so far, newest first")
    .option("--limit <count>", "how many jobs", readCount, 20)
    .option("--json", "answer as JSON, amounts in units of 10^-18 VIV")
    .action(async (options: { json?: boolean; limit: number }) => {
      const session = openSession(options);
      await withDaemon(session, async (client) => {
        const { listings } = need(await client.call("job.listings", {}));
        const { jobs } = need(await client.call("job.list", { limit: options.limit }));
        answer(session, { listings, jobs }, listLines(listings, jobs));
      });
    });
  job
    .command("show")
    .argument("<job>", "the job's id or its first digits")
    .description("show one job")
    .option("--json", "answer as JSON, amounts in units of 10^-18 VIV")
    .action(async (id: string, options: { json?: boolean }) => {
      const session = openSession(options);
      await withDaemon(session, async (client) => {
        const shown = need(await client.call("job.show", { job: id.toLowerCase() }));
        answer(session, shown, jobLines(shown));
      });
    });
  job
    .command("watch")
    .description("follow the work until the next unit has ended")
    .option("--json", "answer with the unit's result as JSON")
    .action((options: { json?: boolean }) => watch(openSession(options)));
}

async function submit(name: string, options: { json?: boolean; watch?: boolean }): Promise<void> {
  const session = openSession(options);
  if (options.watch !== true) {
    await withDaemon(session, async (client) => {
      const submitted = need(await client.call("job.submit", { name }));
      answer(session, submitted, [submittedLine(name, submitted)]);
    });
    return;
  }
  await untilAskedToLeave(async (signal) => {
    const attached = await attach(session);
    try {
      const known = await endedBefore(attached.client);
      const submitted = need(await attached.client.call("job.submit", { name }));
      say(session, submittedLine(name, submitted));
      await follow(session, attached.client, known, signal);
    } finally {
      await detach(attached);
    }
  });
}

function submittedLine(name: string, submitted: { job: string; slot: number }): string {
  const slot = formatCount(submitted.slot);
  return `Job ${name} submitted as ${shortHex(submitted.job)}, record slot ${slot}.`;
}

async function watch(session: Session): Promise<void> {
  await untilAskedToLeave(async (signal) => {
    const client = await connectOrFail(session);
    try {
      await follow(session, client, await endedBefore(client), signal);
    } finally {
      client.close();
    }
  });
}

async function endedBefore(client: ControlClient): Promise<Set<string>> {
  const { lastResult } = need(await client.call("status", {}));
  return new Set(lastResult === null ? [] : [lastResult.unit]);
}

async function follow(
  session: Session,
  client: ControlClient,
  known: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<void> {
  const result = await followUnit(session, client, known, signal);
  if (result === null) throw new CommandFailure({ code: "PROCESSES_INTERRUPTED" });
  if (session.json) answer(session, result, []);
  needPaid(result);
}

function listLines(listings: readonly Listing[], jobs: readonly JobSummary[]): string[] {
  const offered = listings.map((listing) => [
    listing.name,
    formatCount(listing.steps),
    formatViv(BigInt(listing.priceBase)),
    listing.about,
  ]);
  const submitted = jobs.map((job) => [
    shortHex(job.job),
    job.name,
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
      : table(["job", "name", "state", "steps", "pays", "slot"], submitted, [3, 4, 5])),
  ];
}

function jobLines(job: JobDetail): string[] {
  const lines = pairs([
    ["job", job.job],
    ["name", job.name],
    ["state", job.state],
    ["pays", formatViv(BigInt(job.priceBase))],
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
  return lines;
}
