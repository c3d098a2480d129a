/**
 * `vivian ledger search`: what was published, found by what it is about or by a vector; with
 * --prove the answer is made again here from a receipt, and the daemon's word counts for nothing.
 */

import type { Command } from "commander";

import type { ControlClient } from "../../api/index.ts";
import { nativeEd25519Verify } from "../../adapters/native-crypto/ed25519.ts";
import { nativeSha256 } from "../../adapters/native-crypto/sha256.ts";
import { decode } from "../../codec/index.ts";
import { bytesToHex, hexToBytes } from "../../contract/bytes.ts";
import type { FoundPublication, SearchAnswered } from "../../contract/control-api/index.ts";
import { formatCount, formatNumberOf } from "../../contract/units.ts";
import { PUBLICATION_KINDS, wordCollection } from "../../contract/word-collections.ts";
import type { PublishedKind } from "../../contract/word-collections.ts";
import { addressToText } from "../../crypto/index.ts";
import {
  ed25519Scheme,
  searchReceiptCodec,
  textEmbedding,
  verifySearchReceipt,
} from "../../ledger/index.ts";
import type { ProvedHit, SearchRequest } from "../../ledger/index.ts";
import { readGenesis } from "../read-genesis.ts";
import { CommandFailure, need } from "./failure.ts";
import { needVector, readWhat } from "./ledger-publish.ts";
import { readCount } from "./read-number.ts";
import { answer, openSession, withDaemon } from "./session.ts";
import type { Session } from "./session.ts";
import { table } from "./table.ts";

/** Lists that a search reads; the daemon's own default. */
const PROBES = 8;

interface SearchOptions {
  readonly what?: PublishedKind;
  readonly tag: readonly string[];
  readonly collection?: string;
  readonly vector?: string;
  readonly largest: string;
  readonly limit: number;
  readonly exact?: boolean;
  readonly prove?: boolean;
  readonly json?: boolean;
}

/** What is asked of every collection. */
interface Asked {
  readonly text?: string;
  readonly query: Int8Array;
  readonly collections: readonly string[];
  readonly filters: Pick<SearchRequest, "what" | "tags">;
  readonly limit: number;
}

/** One collection, its answer made again here. */
interface ProvedCollection {
  readonly collection: string;
  readonly commit: number;
  readonly indexRoot: string;
  readonly probes: number;
  readonly bytes: number;
  readonly hits: readonly ProvedHit[];
}

const SEARCH_HELP = `
Words are compared with name, description and tags of what was published, by their letters: they
need not be whole words. With --prove the answer is made again here from the certified index, from
a receipt that holds every entry of the lists that were read, and the records of the hits.

Examples:
  vivian ledger search handwritten digits
  vivian ledger search weather --what dataset --tag hourly --prove
  vivian ledger search --vector query.json --collection my-pictures`;

/** Adds the verb. */
export function addLedgerSearch(ledger: Command): void {
  ledger
    .command("search")
    .argument("[words...]", "what it is about")
    .description("find data sets, models and jobs that were published")
    .option("--what <kind>", "dataset, model, job or other", readWhat)
    .option("--tag <tag>", "only what carries this tag; may be given again", collect, [])
    .option("--collection <name>", "search this collection instead of those of words")
    .option("--vector <file>", "JSON list of numbers instead of words; needs --collection")
    .option("--largest <number>", "what becomes 127 in the vector", "1")
    .option("--limit <count>", "how many, at most 100", readCount, 10)
    .option("--exact", "from the committed index alone, without the accelerator")
    .option("--prove", "make the answer again here, from a receipt")
    .option("--json", "answer as JSON")
    .addHelpText("after", SEARCH_HELP)
    .action(async (words: readonly string[], options: SearchOptions, command: Command) => {
      const wrong = wrongUse(words, options);
      if (wrong !== null) command.error(`error: ${wrong}`);
      const session = openSession(options);
      const asked = askedOf(words, options);
      await withDaemon(session, (client) =>
        options.prove === true
          ? searchProved(session, client, asked)
          : searchPlain(session, client, asked, options),
      );
    });
}

function wrongUse(words: readonly string[], options: SearchOptions): string | null {
  const { collection, vector, limit } = options;
  if ((words.length === 0) === (vector === undefined)) return "give words, or --vector with a file";
  if (vector !== undefined && collection === undefined) return "--vector needs --collection";
  return limit > 100 ? "--limit is at most 100" : null;
}

function askedOf(words: readonly string[], options: SearchOptions): Asked {
  const { collection, largest, limit, tag, vector, what } = options;
  const text = words.join(" ");
  const query =
    vector === undefined ? need(textEmbedding(text)) : needVector(vector, Number(largest));
  const kinds = what === undefined ? PUBLICATION_KINDS : [what];
  const collections = collection === undefined ? kinds.map(wordCollection) : [collection];
  const filters = what === undefined ? { tags: tag } : { tags: tag, what };
  return { ...(vector === undefined ? { text } : {}), query, collections, filters, limit };
}

async function searchPlain(
  session: Session,
  client: ControlClient,
  asked: Asked,
  { collection, exact }: SearchOptions,
): Promise<void> {
  const { filters, limit } = asked;
  const params = {
    ...paramsOf(asked),
    ...(filters.what === undefined ? {} : { what: filters.what }),
    ...(collection === undefined ? {} : { collection }),
    tags: [...(filters.tags ?? [])],
    limit,
    exact: exact === true,
  };
  const found = need(await client.call("ledger.search", params));
  answer(session, found, foundLines(found));
}

async function searchProved(session: Session, client: ControlClient, asked: Asked): Promise<void> {
  const proved: ProvedCollection[] = [];
  for (const collection of asked.collections) {
    proved.push(await proveCollection(session, client, asked, collection));
  }
  const hits = proved
    .flatMap(({ collection, hits: own }) => own.map((hit) => ({ collection, ...hit })))
    .sort((left, right) => {
      if (left.distance !== right.distance) return left.distance - right.distance;
      return left.slot < right.slot ? -1 : 1;
    })
    .slice(0, asked.limit);
  const document = {
    verified: true,
    collections: proved.map(({ hits: own, ...about }) => ({ ...about, hits: own.length })),
    hits: hits.map(({ collection, ...hit }) => ({ collection, ...shownHit(hit) })),
  };
  const bytes = proved.reduce((sum, one) => sum + one.bytes, 0);
  const commits = Math.min(...proved.map(({ commit }) => commit));
  answer(session, document, [
    ...hitLines(hits.map(shownHit)),
    "Verified here: nothing nearer was left out of the lists that were read, as the index was " +
      `after commit ${formatCount(commits)}; ${formatNumberOf(bytes, "byte", "bytes")} of proof.`,
  ]);
}

/** Fetches a receipt and makes the answer from it. Throws CommandFailure where it does not hold. */
async function proveCollection(
  session: Session,
  client: ControlClient,
  asked: Asked,
  collection: string,
): Promise<ProvedCollection> {
  const genesis = readGenesis(session.folder.genesis);
  if (genesis === null) throw new CommandFailure({ code: "PROCESSES_NO_LEDGER" });
  const { filters, limit, query } = asked;
  const params = {
    ...paramsOf(asked),
    ...(filters.what === undefined ? {} : { what: filters.what }),
    tags: [...(filters.tags ?? [])],
    collection,
    limit,
    probes: PROBES,
  };
  const sent = need(await client.call("ledger.search-proof", params));
  const bytes = hexToBytes(sent.receipt);
  // Fewer lists than were asked for are told; none, or more, would be another question.
  const probes = Math.min(PROBES, Math.max(1, sent.probes));
  const request: SearchRequest = { collection, query, k: limit, probes, ...filters };
  const scheme = ed25519Scheme(nativeEd25519Verify);
  const context = { hasher: nativeSha256, genesis, scheme };
  const facts = need(
    verifySearchReceipt(need(decode(searchReceiptCodec, bytes)), request, context),
  );
  return {
    collection,
    commit: Number(facts.commit),
    indexRoot: bytesToHex(facts.indexRoot),
    probes,
    bytes: bytes.length,
    hits: facts.hits,
  };
}

function paramsOf({ text, query }: Asked): { text: string } | { vector: string } {
  if (text !== undefined) return { text };
  return { vector: bytesToHex(new Uint8Array(query.buffer, query.byteOffset, query.length)) };
}

/** A proved hit as an answer of the daemon would show it. */
function shownHit({ slot, distance, record }: ProvedHit): ShownHit {
  if (record === undefined) return { slot: Number(slot), distance, publication: null };
  const { what, name, about, tags, content } = record.payload;
  const publisher = addressToText(record.account);
  const publication = { what, name, about, tags, content: bytesToHex(content), publisher };
  return { slot: Number(slot), distance, publication };
}

type ShownPublication = Pick<
  NonNullable<FoundPublication["publication"]>,
  "what" | "name" | "about" | "content" | "publisher"
> & { readonly tags: readonly string[] };

interface ShownHit {
  readonly slot: number;
  readonly distance: number;
  readonly publication: ShownPublication | null;
}

function foundLines({ collections, commit, hits }: SearchAnswered): string[] {
  const fast = collections.filter(({ from }) => from !== "committed");
  return [
    ...hitLines(hits),
    `Searched as of commit ${formatCount(commit)}.` +
      (fast.length === 0 ? "" : " Found by the accelerator; --exact asks the index itself."),
  ];
}

function hitLines(hits: readonly ShownHit[]): string[] {
  if (hits.length === 0) return ["Nothing was found."];
  return table(
    ["slot", "distance", "what", "name", "tags", "publisher"],
    hits.map(({ slot, distance, publication }) => [
      formatCount(slot),
      formatCount(distance),
      publication?.what ?? "",
      publication?.name ?? "(record no longer held)",
      publication?.tags.join(" ") ?? "",
      publication?.publisher ?? "",
    ]),
    [0, 1],
  );
}

function collect(tag: string, tags: readonly string[]): readonly string[] {
  return [...tags, tag];
}
