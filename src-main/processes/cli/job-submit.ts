/**
 * Decides how a job is submitted: a sponsored one by its name, or one on the owner's own data,
 * whose price is shown before it is charged.
 */

import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import type { ControlClient } from "../../api/index.ts";
import type { Quote, Status, TextTokens, TextWishes } from "../../contract/control-api/index.ts";
import { formatCount, shortHex } from "../../contract/units.ts";
import { attach, detach, reasonOf } from "./attach.ts";
import { CommandFailure, need } from "./failure.ts";
import { followJob, needPaid } from "./follow.ts";
import { untilAskedToLeave } from "./leaving.ts";
import { askPassword } from "./password.ts";
import { withQuestions } from "./questions.ts";
import { publishJob } from "./publish-job.ts";
import type { JobPublication, PublishedJob } from "./publish-job.ts";
import { quoteLines } from "./quote-lines.ts";
import { answer, connectOrFail, openSession, say } from "./session.ts";
import type { Session } from "./session.ts";
import { hasRefused } from "./watch-unit.ts";

/** The options of `job submit`. */
export interface SubmitOptions {
  readonly data?: string;
  readonly steps?: number;
  readonly epochs?: number;
  readonly model?: string;
  readonly tokens?: TextTokens;
  readonly context?: number;
  readonly layers?: number;
  readonly width?: number;
  /** Begin from the weights beside the model. */
  readonly fromWeights?: boolean;
  readonly wallet?: string;
  /** Least tier that the unit's energy has to have, as its number. */
  readonly energyTier: number;
  readonly passwordFile?: string;
  readonly preview?: boolean;
  readonly publish?: boolean;
  readonly watch?: boolean;
  readonly json?: boolean;
}

/** A job as the ledger has it, and what it was quoted as. */
interface Submitted {
  readonly job: string;
  readonly slot: number;
  readonly quote: Quote | null;
  /** Where it was made known to others; null where it was not. */
  readonly publication: JobPublication | null;
  /** Whether the miner had failed before; then its failure is not this job's. */
  readonly failedBefore: boolean;
}

/** Reading a large folder takes minutes; the daemon's own limit comes first. */
const QUOTE_TIMEOUT_MS = 660_000;

/** Opening a costly keystore takes a minute; the daemon's own limit comes first. */
const ORDER_TIMEOUT_MS = 180_000;

/** Reading that takes longer than this is told; most files take less. */
const READING_SHOWN_MS = 1_500;

/** A model is a small text; the daemon refuses longer ones. */
const MODEL_CHARACTERS_MAX = 65_536;

/** Submits a job and, if asked, stays with it. */
export async function submitJob(name: string | null, options: SubmitOptions): Promise<void> {
  const session = openSession(options);
  // Before any daemon is started for it.
  const model = options.model === undefined ? null : readModelFile(options.model);
  if (options.watch !== true) {
    const client = await connectOrFail(session);
    try {
      const submitted = await submit(session, client, name, options, model);
      if (submitted === null) return;
      const { job, slot, quote, publication } = submitted;
      if (session.json) answer(session, { job, slot, quote, publication }, []);
    } finally {
      client.close();
    }
    return;
  }
  await untilAskedToLeave((signal) => submitAndWatch(session, name, options, model, signal));
}

async function submitAndWatch(
  session: Session,
  name: string | null,
  options: SubmitOptions,
  model: string | null,
  signal: AbortSignal,
): Promise<void> {
  const attached = await attach(session);
  let ended = false;
  attached.client.onClose(() => (ended = true));
  const left = () => attached.client.close();
  try {
    // Nobody waits for a file to be read who has asked to leave.
    signal.addEventListener("abort", left);
    const submitted = await submit(session, attached.client, name, options, model);
    signal.removeEventListener("abort", left);
    if (submitted === null) return;
    const { job, slot, quote, publication, failedBefore } = submitted;
    const result = await followJob(session, attached.client, job, signal, failedBefore);
    if (result === null) throw new CommandFailure({ code: "PROCESSES_INTERRUPTED" });
    if (session.json) answer(session, { job, slot, quote, publication, result }, []);
    else if (result.outcome === "paid") say(session, fetchLine(job));
    needPaid(result);
  } catch (error) {
    if (signal.aborted) throw new CommandFailure({ code: "PROCESSES_INTERRUPTED" });
    throw await reasonOf(error, attached);
  } finally {
    signal.removeEventListener("abort", left);
    // A daemon that has gone cannot be asked to go.
    if (!ended) await detach(attached);
  }
}

function fetchLine(job: string): string {
  return `The trained weights: \`vivian job fetch ${job.slice(0, 12)}\``;
}

/** Submits by name or on own data; null after a preview. */
async function submit(
  session: Session,
  client: ControlClient,
  name: string | null,
  options: SubmitOptions,
  model: string | null,
): Promise<Submitted | null> {
  const failedBefore = await minerHadFailed(session, client, options);
  if (name !== null) {
    const submitted = need(
      await client.call("job.submit", { name, energyTier: options.energyTier }),
    );
    say(session, submittedLine(name, submitted));
    const publication = await made(session, client, { ...submitted, name, quote: null }, options);
    return { ...submitted, quote: null, publication, failedBefore };
  }
  const data = resolve(options.data ?? "");
  const quote = await quoteOf(session, client, { ...options, data }, model);
  for (const line of quoteLines(quote)) say(session, line);
  if (options.fromWeights === true) say(session, `Begins from the weights of ${options.model}.`);
  if (options.preview === true) {
    answer(session, { quote }, ["Nothing was submitted or charged (--preview)."]);
    return null;
  }
  const submitted = await order(client, quote, options);
  say(session, submittedLine(quote.data.name, submitted));
  const job = { ...submitted, name: quote.data.name, quote };
  const publication = await made(session, client, job, options);
  return { ...submitted, quote, publication, failedBefore };
}

/** What --publish made; the wallet that pays for a job publishes it too. */
async function made(
  session: Session,
  client: ControlClient,
  job: PublishedJob,
  { publish, wallet, passwordFile }: SubmitOptions,
): Promise<JobPublication | null> {
  if (publish !== true) return null;
  return publishJob(session, client, job, {
    ...(wallet === undefined ? {} : { from: wallet }),
    ...(passwordFile === undefined ? {} : { passwordFile }),
  });
}

/** Orders a quoted job: the owner's account pays at once, a wallet with its password. */
async function order(
  client: ControlClient,
  { quote, wallet }: Quote,
  { passwordFile }: SubmitOptions,
): Promise<{ readonly job: string; readonly slot: number }> {
  if (wallet === null) return need(await client.call("job.order", { quote }));
  return withQuestions(async (ask) => {
    const question = `Password of ${wallet}, which pays (not shown): `;
    const password = await askPassword(ask, passwordFile, question);
    return need(await client.call("wallet.order", { quote, password }, ORDER_TIMEOUT_MS));
  });
}

/** What training on the data would be and cost; says so when reading takes its time. */
async function quoteOf(
  session: Session,
  client: ControlClient,
  options: SubmitOptions & { readonly data: string },
  model: string | null,
): Promise<Quote> {
  const { data, steps, epochs, energyTier } = options;
  const slow = setTimeout(() => say(session, `Reading ${data} …`), READING_SHOWN_MS);
  try {
    const wallet = options.wallet ?? null;
    const length = { steps: steps ?? null, epochs: epochs ?? null };
    const { fromWeights, model: file } = options;
    const start = fromWeights === true && file !== undefined ? resolve(file) : null;
    const asked = { data, ...length, model, start, text: textWishes(options), wallet, energyTier };
    return need(await client.call("job.quote", asked, QUOTE_TIMEOUT_MS));
  } finally {
    clearTimeout(slow);
  }
}

/** What is asked for of a text; null where nothing is. */
function textWishes({ tokens, context, layers, width }: SubmitOptions): TextWishes | null {
  const wishes = [tokens, context, layers, width];
  if (wishes.every((wish) => wish === undefined)) return null;
  return {
    tokens: tokens ?? null,
    context: context ?? null,
    layers: layers ?? null,
    width: width ?? null,
  };
}

/** Says what would keep the job waiting: who watches would not know why nothing happens. */
async function minerHadFailed(
  session: Session,
  client: ControlClient,
  options: SubmitOptions,
): Promise<boolean> {
  const { mine }: Status = need(await client.call("status", {}));
  if (mine.state === "paused" && options.preview !== true) {
    say(session, "Mining is paused, so the job waits; `vivian mine start` goes on.");
  }
  return hasRefused(mine);
}

function submittedLine(name: string, submitted: { job: string; slot: number }): string {
  const slot = formatCount(submitted.slot);
  return `Job ${name} submitted as ${shortHex(submitted.job)}, record slot ${slot}.`;
}

/** The text of a model file; throws PROCESSES_MODEL_FILE. */
function readModelFile(path: string): string {
  let reason: string;
  try {
    const text = readFileSync(path, "utf8");
    if (text.length <= MODEL_CHARACTERS_MAX) return text;
    reason = `longer than ${formatCount(MODEL_CHARACTERS_MAX)} characters`;
  } catch (error) {
    reason = (error as NodeJS.ErrnoException).code ?? "unknown";
  }
  throw new CommandFailure({ code: "PROCESSES_MODEL_FILE", facts: { file: path, reason } });
}
