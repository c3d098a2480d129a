/**
 * Decides how a job is submitted: a sponsored one by its name, or one on the owner's own data,
 * whose price is shown before it is charged.
 */

import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import type { ControlClient } from "../../api/index.ts";
import type { Quote, Status } from "../../contract/control-api/index.ts";
import { formatCount, shortHex } from "../../contract/units.ts";
import { attach, detach, reasonOf } from "./attach.ts";
import { CommandFailure, need } from "./failure.ts";
import { followJob, needPaid } from "./follow.ts";
import { untilAskedToLeave } from "./leaving.ts";
import { quoteLines } from "./quote-lines.ts";
import { answer, connectOrFail, openSession, say } from "./session.ts";
import type { Session } from "./session.ts";

/** The options of `job submit`. */
export interface SubmitOptions {
  readonly data?: string;
  readonly steps?: number;
  readonly epochs?: number;
  readonly model?: string;
  readonly preview?: boolean;
  readonly watch?: boolean;
  readonly json?: boolean;
}

/** A job as the ledger has it, and what it was quoted as. */
interface Submitted {
  readonly job: string;
  readonly slot: number;
  readonly quote: Quote | null;
}

/** Reading a large folder takes minutes; the daemon's own limit comes first. */
const QUOTE_TIMEOUT_MS = 660_000;

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
      if (session.json && submitted !== null) answer(session, submitted, []);
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
    const result = await followJob(session, attached.client, submitted.job, signal);
    if (result === null) throw new CommandFailure({ code: "PROCESSES_INTERRUPTED" });
    if (session.json) answer(session, { ...submitted, result }, []);
    else if (result.outcome === "paid") say(session, fetchLine(submitted.job));
    needPaid(result);
  } catch (error) {
    throw signal.aborted ? error : await reasonOf(error, attached);
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
  await needWillingMiner(session, client, options);
  if (name !== null) {
    const submitted = need(await client.call("job.submit", { name }));
    say(session, submittedLine(name, submitted));
    return { ...submitted, quote: null };
  }
  const data = resolve(options.data ?? "");
  say(session, `Reading ${data}`);
  const { steps = null, epochs = null } = options;
  const asked = { data, steps, epochs, model };
  const quote = need(await client.call("job.quote", asked, QUOTE_TIMEOUT_MS));
  for (const line of quoteLines(quote)) say(session, line);
  if (options.preview === true) {
    answer(session, { quote }, ["Nothing was submitted or charged (--preview)."]);
    return null;
  }
  const submitted = need(await client.call("job.order", { quote: quote.quote }));
  say(session, submittedLine(quote.data.name, submitted));
  return { ...submitted, quote };
}

/** Who watches a paused miner would wait for ever without knowing why. */
async function needWillingMiner(
  session: Session,
  client: ControlClient,
  options: SubmitOptions,
): Promise<void> {
  if (options.watch !== true || options.preview === true) return;
  const { mine }: Status = need(await client.call("status", {}));
  if (mine.state === "paused") {
    say(session, "Mining is paused, so the job waits; `vivian mine start` goes on.");
  }
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
