/** `vivian ledger publish|retract|publications`: what is published for all to find. */

import type { Command } from "commander";

import { bytesToHex } from "../../contract/bytes.ts";
import type { Publication } from "../../contract/control-api/index.ts";
import { formatCount } from "../../contract/units.ts";
import {
  PUBLICATION_KINDS,
  publishedWords,
  wordCollection,
} from "../../contract/word-collections.ts";
import type { PublishedKind } from "../../contract/word-collections.ts";
import { quantiseVector, textEmbedding } from "../../ledger/index.ts";
import { CommandFailure, need } from "./failure.ts";
import { withPayingOptions } from "./paying-account.ts";
import { readCount, readSlot } from "./read-number.ts";
import { digestOfFile, needDigest, needFile } from "./read-words.ts";
import { sendAndTell } from "./send-record.ts";
import type { RecordOptions, RecordPlan } from "./send-record.ts";
import { answer, openSession, withDaemon } from "./session.ts";
import { table } from "./table.ts";

/** A vector as JSON: 4,096 numbers of some 20 digits. */
const VECTOR_FILE_BYTES_MAX = 131_072;

interface PublishOptions extends RecordOptions {
  readonly what: PublishedKind;
  readonly name: string;
  readonly content?: string;
  readonly file?: string;
  readonly about: string;
  readonly tag: readonly string[];
  readonly collection?: string;
  readonly vector?: string;
  readonly largest: string;
}

const PUBLISH_HELP = `
Name, description and tags are made into a vector, so that others find it by what it is about; with
--vector you give your own, a JSON list of numbers, for a collection of yours. Everyone can read it,
for good; taking it back only removes it from the search.

Examples:
  vivian ledger publish --what model --name digits-cnn --file weights.safetensors \\
    --about "handwritten digits, 98 %" --tag vision
  vivian ledger retract 1042`;

/** Adds the parts. */
export function addLedgerPublish(ledger: Command): void {
  withPayingOptions(ledger.command("publish"))
    .description("publish a data set, a model or a job for others to find")
    .requiredOption("--what <kind>", "dataset, model, job or other", readWhat)
    .requiredOption("--name <name>", "its name, at most 64 bytes")
    .option("--content <digest>", "SHA-256 of the content, 64 hex digits")
    .option("--file <file>", "the content; its SHA-256 is published, not the file")
    .option("--about <text>", "what it is, at most 1,024 bytes", "")
    .option("--tag <tag>", "a word to filter by; may be given again", collect, [])
    .option("--collection <name>", "collection of the vector")
    .option("--vector <file>", "JSON list of numbers instead of the words' vector")
    .option("--largest <number>", "what becomes 127 in the vector", "1")
    .addHelpText("after", PUBLISH_HELP)
    .action(async (options: PublishOptions) => {
      const plan = publishPlan(options);
      const session = openSession(options);
      await withDaemon(session, async (client) => {
        const done = ({ slot }: { slot: number }) =>
          `Published; take it back with \`vivian ledger retract ${slot}\`.`;
        await sendAndTell(session, client, options, plan, done);
      });
    });
  withPayingOptions(ledger.command("retract"))
    .argument("<slot>", "slot of the publication", readSlot)
    .description("take a publication of yours back; its record stays")
    .action(async (slot: number, options: RecordOptions) => {
      const plan: RecordPlan = {
        draft: { kind: "retract", slot: BigInt(slot) },
        lines: [["take back", `the publication in slot ${formatCount(slot)}`]],
        question: "Take it back?",
      };
      const session = openSession(options);
      await withDaemon(session, async (client) => {
        await sendAndTell(session, client, options, plan, () => "Taken back.");
      });
    });
  ledger
    .command("publications")
    .description("list what was published, newest first")
    .option("--limit <count>", "how many", readCount, 20)
    .option("--json", "answer as JSON")
    .action(async (options: { json?: boolean; limit: number }) => {
      const session = openSession(options);
      await withDaemon(session, async (client) => {
        const { limit } = options;
        const listed = need(await client.call("ledger.publications", { limit }));
        answer(session, listed, publicationLines(listed.publications));
      });
    });
}

function publishPlan(options: PublishOptions): RecordPlan {
  const { what, name, about, tag: tags } = options;
  const given = [options.content, options.file].filter((each) => each !== undefined);
  if (given.length !== 1) throw new CommandFailure({ code: "PROCESSES_CONTENT" });
  const content =
    options.file === undefined ? needDigest(options.content ?? "") : digestOfFile(options.file);
  const own = options.vector !== undefined;
  if (own !== (options.collection !== undefined)) {
    throw new CommandFailure({ code: "PROCESSES_COLLECTION" });
  }
  const embedding =
    options.vector === undefined
      ? need(textEmbedding(publishedWords(name, about, tags)))
      : needVector(options.vector, Number(options.largest));
  const collection = options.collection ?? wordCollection(what);
  return {
    draft: {
      kind: "publish",
      what,
      name,
      content,
      about,
      tags,
      collection,
      embedding: Uint8Array.from(embedding),
    },
    lines: [
      ["publish", `${what} ${name}`],
      ["content", bytesToHex(content)],
      ["found in", `${collection}, ${embedding.length} numbers`],
    ],
    question: "Publish it for everyone?",
  };
}

/** A vector from a JSON file. Throws PROCESSES_VECTOR, LEDGER_VECTOR. */
export function needVector(file: string, largest: number): Int8Array {
  const text = new TextDecoder().decode(needFile(file, VECTOR_FILE_BYTES_MAX));
  let values: unknown;
  try {
    values = JSON.parse(text);
  } catch {
    values = undefined;
  }
  const numbers = Array.isArray(values) && values.every((each) => typeof each === "number");
  if (!numbers) throw new CommandFailure({ code: "PROCESSES_VECTOR", facts: { file } });
  return need(quantiseVector(values as number[], largest));
}

function publicationLines(publications: readonly Publication[]): string[] {
  if (publications.length === 0) return ["Nothing was published yet."];
  return table(
    ["slot", "what", "name", "tags", "publisher", "stands"],
    publications.map((each) => [
      formatCount(each.slot),
      each.what,
      each.name,
      each.tags.join(" "),
      each.publisher,
      each.stands ? "yes" : "taken back",
    ]),
  );
}

function collect(tag: string, tags: readonly string[]): readonly string[] {
  return [...tags, tag];
}

/** A kind of publication. Throws PROCESSES_WHAT. */
export function readWhat(text: string): PublishedKind {
  const what = PUBLICATION_KINDS.find((kind) => kind === text);
  if (what === undefined)
    throw new CommandFailure({ code: "PROCESSES_WHAT", facts: { given: text } });
  return what;
}
