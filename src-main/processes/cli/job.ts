/** `vivian job submit|list|show|watch|fetch`: have a model trained, and see how far it is. */

import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";

import {
  CONTEXT_MAX,
  CONTEXT_MIN,
  TEXT_LAYERS_MAX,
  TEXT_WIDTH_MAX,
  TEXT_WIDTH_STEP,
} from "../../contract/control-api/index.ts";
import type { TextTokens } from "../../contract/control-api/index.ts";
import { CommandFailure, need } from "./failure.ts";
import { followJob, followUnit, needPaid } from "./follow.ts";
import { fetchWeights } from "./job-fetch.ts";
import type { FetchOptions } from "./job-fetch.ts";
import { jobLines, listLines } from "./job-lines.ts";
import { addJobMoney } from "./job-money.ts";
import { addSample } from "./job-sample.ts";
import { submitJob } from "./job-submit.ts";
import type { SubmitOptions } from "./job-submit.ts";
import { untilAskedToLeave } from "./leaving.ts";
import { readCount, readWhole, readWithin } from "./read-number.ts";
import { answer, connectOrFail, openSession, withDaemon } from "./session.ts";
import type { Session } from "./session.ts";

/** The control API's own maxima. */
const STEPS_MAX = 100_000_000;
const EPOCHS_MAX = 1_000_000;
const TOKENS: readonly TextTokens[] = ["bytes", "characters", "gpt"];
const CONTEXT = readWithin("context", { least: CONTEXT_MIN, most: CONTEXT_MAX });
const LAYERS = readWithin("layer count", { least: 1, most: TEXT_LAYERS_MAX });
const WIDTH = readWithin("width", {
  least: TEXT_WIDTH_STEP,
  most: TEXT_WIDTH_MAX,
  step: TEXT_WIDTH_STEP,
});

/** Reads the least tier of a unit's energy as its number. */
function readTier(text: string): number {
  const tier = " EDCBA".indexOf(text.toUpperCase());
  if (text.length === 1 && tier > 0) return tier;
  throw new InvalidArgumentError("A tier is A (a revenue meter), B, C, D or E (a statement).");
}

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
  addSample(job);
  addJobMoney(job);
}

function addSubmit(job: Command): void {
  job
    .command("submit")
    .argument("[name]", "name of a sponsored job, such as digits-cnn")
    .description("submit a sponsored job, or train on your own data")
    .option("--data <path>", "your own data: IDX, CSV or text files, or a folder of PNG folders")
    .option("--steps <count>", "with --data: training steps", readWhole("step", STEPS_MAX))
    .option("--epochs <count>", "with --data: passes over it", readWhole("epoch", EPOCHS_MAX))
    .option("--model <file>", "with --data: your own model, a JSON file")
    .option("--from-weights", "with --model: begin from the weights beside it, not from the seed")
    .addOption(new Option("--tokens <kind>", "of a text: what a token is").choices(TOKENS))
    .option("--context <count>", "of a text: tokens a model sees at once, 128 if unsaid", CONTEXT)
    .option("--layers <count>", "of a text: transformer blocks of its network", LAYERS)
    .option("--width <count>", "of a text: width of its network", WIDTH)
    .option("--wallet <name>", "with --data: the wallet that pays, as `wallet create` named it")
    .option("--password-file <file>", "file whose first line is the wallet's password")
    .option(
      "--energy-tier <tier>",
      "take only work whose energy is counted so well: A to E",
      readTier,
      0,
    )
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
  text   a .txt file in UTF-8, plain or .gz, or a folder of them: a small GPT learns which token
         comes next. --tokens: bytes (if unsaid), characters, or gpt, pieces of words
         (o200k_base, the 4 096 that the text has most of)
Without a given hold-out every tenth sample of each class is held out, of a text every tenth block
of --context tokens. Without --steps and --epochs there are 5 passes, at least 600 steps (1 500 for
a table, 1 000 for a text), at most about ten minutes.
A model is written as in the weights.json of \`vivian job fetch\`, under "model", or made of another
program's by \`vivian model import\`; \`vivian model show\` says what one is.

Examples:
  vivian job submit digits-cnn --watch
  vivian job submit --data flowers.csv --watch
  vivian job submit --data photos/ --epochs 20 --preview
  vivian job submit --data tales.txt --tokens characters --context 64 --layers 4 --width 128
  vivian job submit --data photos/ --wallet savings`;

/** What of a command line does not go together; null when all does. */
function wrongUse(name: string | undefined, options: SubmitOptions): string | null {
  const { data, epochs, model, passwordFile, preview, publish, steps, wallet } = options;
  const { tokens, context, layers, width, fromWeights } = options;
  if (preview === true && publish === true) return "--preview submits nothing to publish";
  if (data !== undefined && name !== undefined) return "name a sponsored job or --data, not both";
  if (data === undefined && name === undefined)
    return "name a sponsored job, or --data with a path";
  const size = [layers, width];
  const ofData = [epochs, model, preview, steps, wallet, tokens, context, ...size];
  if (data === undefined && ofData.some((value) => value !== undefined)) {
    return "--steps, --epochs, --model, --wallet, --preview and what is of a text belong to --data";
  }
  if (fromWeights === true && model === undefined) return "--from-weights needs --model";
  if (model !== undefined && size.some((value) => value !== undefined)) {
    return "a model has its layers and widths; give --model, or --layers and --width";
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
