/** `vivian job submit|list|show|watch|fetch`: have a model trained, and see how far it is. */

import type { Command } from "commander";

import { CommandFailure, need } from "./failure.ts";
import { followJob, followUnit, needPaid } from "./follow.ts";
import { fetchWeights } from "./job-fetch.ts";
import type { FetchOptions } from "./job-fetch.ts";
import { jobLines, listLines } from "./job-lines.ts";
import { addJobMoney } from "./job-money.ts";
import { submitJob } from "./job-submit.ts";
import type { SubmitOptions } from "./job-submit.ts";
import { untilAskedToLeave } from "./leaving.ts";
import { readCount, readWhole } from "./read-number.ts";
import { answer, connectOrFail, openSession, withDaemon } from "./session.ts";
import type { Session } from "./session.ts";

/** The control API's own maxima. */
const STEPS_MAX = 100_000_000;
const EPOCHS_MAX = 1_000_000;

/** Adds the verb and its parts. */
export function addJob(program: Command): void {
  const job = program
    .command("job")
    .description("submit, list, show and watch jobs; fetch what they trained");
  addSubmit(job);
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
    .argument("[job]", "the job's id or its first digits; else whichever unit ends next")
    .description("follow the work until it has ended")
    .option("--json", "answer with the unit's result as JSON")
    .action((id: string | undefined, options: { json?: boolean }) =>
      watch(openSession(options), id?.toLowerCase()),
    );
  addFetch(job);
  addJobMoney(job);
}

function addSubmit(job: Command): void {
  job
    .command("submit")
    .argument("[name]", "name of a sponsored job, such as digits-cnn")
    .description("submit a sponsored job, or train on your own data")
    .option("--data <path>", "your own data: IDX files, a CSV file, or a folder of PNG folders")
    .option("--steps <count>", "with --data: training steps", readWhole("step", STEPS_MAX))
    .option("--epochs <count>", "with --data: passes over it", readWhole("epoch", EPOCHS_MAX))
    .option("--model <file>", "with --data: your own model, a JSON file")
    .option("--wallet <name>", "with --data: the wallet that pays, as `wallet create` named it")
    .option("--password-file <file>", "file whose first line is the wallet's password")
    .option("--preview", "with --data: show model, time and price; submit nothing")
    .option("--publish", "make it known to others, found by what it is about; costs a record's fee")
    .option("--watch", "stay until it is paid; starts a daemon for that time if none runs")
    .option("--json", "answer as JSON")
    .addHelpText("after", SUBMIT_HELP)
    .action((name: string | undefined, options: SubmitOptions, command: Command) => {
      const wrong = wrongUse(name, options);
      if (wrong !== null) command.error(`error: ${wrong}`);
      return submitJob(name ?? null, options);
    });
}

const SUBMIT_HELP = `
Your own data is read here, trained here and checked here; the owner's account or --wallet pays:
  IDX    a folder with train-images and train-labels, plain or .gz, or the path of one of them;
         a t10k- or test- pair beside them is held out
  CSV    one sample a row, its class first, then numbers; a first row of names is recognised
  PNG    a folder with one folder of images for each class, all of one size up to 64 × 64
Without a given hold-out every tenth sample of each class is held out. Without --steps and
--epochs there are 5 passes, at least 600 steps (1 500 for a table), at most about ten minutes.
A model is written as in the weights.json of \`vivian job fetch\`, under "model".

Examples:
  vivian job submit digits-cnn --watch
  vivian job submit --data flowers.csv --watch
  vivian job submit --data photos/ --epochs 20 --preview
  vivian job submit --data photos/ --wallet savings`;

/** What of a command line does not go together; null when all does. */
function wrongUse(name: string | undefined, options: SubmitOptions): string | null {
  const { data, epochs, model, passwordFile, preview, publish, steps, wallet } = options;
  if (preview === true && publish === true) return "--preview submits nothing to publish";
  if (data !== undefined && name !== undefined) return "name a sponsored job or --data, not both";
  if (data === undefined && name === undefined)
    return "name a sponsored job, or --data with a path";
  const ofData = [epochs, model, preview, steps, wallet];
  if (data === undefined && ofData.some((value) => value !== undefined)) {
    return "--steps, --epochs, --model, --wallet and --preview belong to --data";
  }
  if (wallet === undefined && passwordFile !== undefined) return "--password-file needs --wallet";
  if (steps !== undefined && epochs !== undefined) return "give --steps or --epochs, not both";
  return null;
}

function addFetch(job: Command): void {
  job
    .command("fetch")
    .argument("<job>", "the job's id or its first digits")
    .description("write a job's trained weights, their description and their receipts")
    .option("--out <folder>", "where to write; by default a new folder named after the job")
    .option("--json", "answer as JSON")
    .action((id: string, options: FetchOptions) => fetchWeights(id.toLowerCase(), options));
}

async function watch(session: Session, job: string | undefined): Promise<void> {
  await untilAskedToLeave(async (signal) => {
    const client = await connectOrFail(session);
    try {
      const known = new Set<string>();
      if (job === undefined) {
        const { lastResult } = need(await client.call("status", {}));
        if (lastResult !== null) known.add(lastResult.unit);
      }
      const result =
        job === undefined
          ? await followUnit(session, client, known, signal)
          : await followJob(session, client, job, signal);
      if (result === null) throw new CommandFailure({ code: "PROCESSES_INTERRUPTED" });
      if (session.json) answer(session, result, []);
      needPaid(result);
    } finally {
      client.close();
    }
  });
}
