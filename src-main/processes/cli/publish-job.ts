/**
 * Decides how a submitted job is made known to others: only where its owner says --publish, as a
 * publication of its own, found by what it is about. A job is in the ledger for all to read either
 * way; nothing searches for it by words until it is published.
 */

import type { ControlClient } from "../../api/index.ts";
import { hexToBytes } from "../../contract/bytes.ts";
import type { Quote } from "../../contract/control-api/index.ts";
import { formatCount } from "../../contract/units.ts";
import { publishedWords, wordCollection } from "../../contract/word-collections.ts";
import { textEmbedding } from "../../ledger/index.ts";
import { CommandFailure, failureLine, need } from "./failure.ts";
import { sendRecord } from "./send-record.ts";
import type { RecordOptions, RecordPlan } from "./send-record.ts";
import { say } from "./session.ts";
import type { Session } from "./session.ts";

/** Bytes of a publication's name and of its description. */
const NAME_BYTES_MAX = 64;
const ABOUT_BYTES_MAX = 1_024;

/** A job to be published. */
export interface PublishedJob {
  readonly job: string;
  readonly name: string;
  /** Null for a sponsored job. */
  readonly quote: Quote | null;
}

/** Where it was published. */
export interface JobPublication {
  readonly slot: number;
}

/**
 * Publishes a job; --publish was the owner's word, so nothing is asked again. A job that stands is
 * not undone by a publication that does not: null then, and why is said.
 */
export async function publishJob(
  session: Session,
  client: ControlClient,
  job: PublishedJob,
  options: RecordOptions,
): Promise<JobPublication | null> {
  try {
    const { slot } = await sendRecord(session, client, { ...options, yes: true }, planOf(job));
    const back = `take it back with \`vivian ledger retract ${slot}\``;
    say(session, `Published in slot ${formatCount(slot)}; ${back}.`);
    return { slot };
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    const { refusal } = error;
    const reason = failureLine(refusal);
    process.stderr.write(`The job is submitted, but it was not published. ${reason}\n`);
    return null;
  }
}

function planOf({ job, name: full, quote }: PublishedJob): RecordPlan {
  const name = cut(full, NAME_BYTES_MAX);
  const tags = quote === null ? ["sponsored"] : ["private", quote.data.kind];
  const described =
    quote === null ? "sponsored training job" : `${quote.data.note}; model: ${quote.model}`;
  const about = cut(described, ABOUT_BYTES_MAX);
  const collection = wordCollection("job");
  const embedding = need(textEmbedding(publishedWords(name, about, tags)));
  return {
    draft: {
      kind: "publish",
      what: "job",
      name,
      content: hexToBytes(job),
      about,
      tags,
      collection,
      embedding: Uint8Array.from(embedding),
    },
    lines: [
      ["publish", `job ${name}`],
      ["says", about],
      ["found in", collection],
    ],
    question: "Publish it for everyone?",
  };
}

/** The longest beginning of whole characters that has at most so many bytes. */
function cut(text: string, bytesMax: number): string {
  const encoder = new TextEncoder();
  let kept = "";
  let bytes = 0;
  for (const character of text) {
    bytes += encoder.encode(character).length;
    if (bytes > bytesMax) break;
    kept += character;
  }
  return kept;
}
