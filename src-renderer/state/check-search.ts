/**
 * Decides whether an answer to a search is whole, computed in this page: the words are embedded
 * here, the lists are ranked here, and every entry of them, with the records of the hits, leads to
 * a certificate of the network's validators. The daemon's own word counts for nothing. Loaded when
 * it is first asked for.
 */

import { decode } from "../../src-main/codec/index.ts";
import { bytesToHex, hexToBytes } from "../../src-main/contract/bytes.ts";
import type { FoundPublication } from "../../src-main/contract/control-api/search.ts";
import { accept, reject } from "../../src-main/contract/outcome.ts";
import type { Outcome } from "../../src-main/contract/outcome.ts";
import { addressToText } from "../../src-main/crypto/address.ts";
import { ed25519Verify } from "../../src-main/crypto/ed25519.ts";
import { sha256 } from "../../src-main/crypto/hasher.ts";
import {
  ed25519Scheme,
  genesisCodec,
  genesisHash,
  searchReceiptCodec,
  textEmbedding,
  verifySearchReceipt,
} from "../../src-main/ledger/light/index.ts";
import type { ProvedHit } from "../../src-main/ledger/light/index.ts";

/** What was asked of one collection. */
export interface AskedSearch {
  readonly text: string;
  readonly what: "dataset" | "model" | "job" | "other" | null;
  readonly collection: string;
  readonly limit: number;
  /** Lists that the receipt says it read. */
  readonly probes: number;
}

/** The network's genesis document, and its name as the page knows it. */
export interface KnownGenesis {
  readonly bytes: string;
  readonly name: string;
}

/** A publication as its record, not the daemon, says it. */
export type ProvedPublication = Pick<FoundPublication, "slot" | "distance"> & {
  /** Null where the record's payload is held no more. */
  readonly publication: {
    readonly what: string;
    readonly name: string;
    readonly about: string;
    readonly tags: readonly string[];
    readonly publisher: string;
  } | null;
};

/** A collection's answer as it was computed here. */
export interface CheckedSearch {
  readonly commit: number;
  readonly namedMs: number;
  readonly hits: readonly ProvedPublication[];
  readonly bytes: number;
}

/**
 * Recomputes the answer of one collection.
 * @rejects LEDGER_RECEIPT_*, LEDGER_CERTIFICATE_*, LEDGER_SEARCH_*, CODEC_*;
 *          LEDGER_RECEIPT_STATEMENT for another network
 */
export function checkSearch(
  asked: AskedSearch,
  receiptHex: string,
  genesis: KnownGenesis,
): Outcome<CheckedSearch> {
  const document = decode(genesisCodec, hexToBytes(genesis.bytes));
  if (!document.ok) return document;
  const name = bytesToHex(genesisHash(sha256, document.value));
  if (name !== genesis.name) return reject("LEDGER_RECEIPT_STATEMENT", { genesis: name });
  const bytes = hexToBytes(receiptHex);
  const receipt = decode(searchReceiptCodec, bytes);
  if (!receipt.ok) return receipt;
  const query = textEmbedding(asked.text);
  if (!query.ok) return query;
  const { collection, limit, probes, what } = asked;
  const plain = { collection, query: query.value, k: limit, probes };
  const request = what === null ? plain : { ...plain, what };
  const scheme = ed25519Scheme(ed25519Verify);
  const context = { hasher: sha256, genesis: document.value, scheme };
  const facts = verifySearchReceipt(receipt.value, request, context);
  if (!facts.ok) return facts;
  return accept({
    commit: Number(facts.value.commit),
    namedMs: Number(facts.value.namedTime),
    hits: facts.value.hits.map(provedPublication),
    bytes: bytes.length,
  });
}

function provedPublication({ slot, distance, record }: ProvedHit): ProvedPublication {
  if (record === undefined) return { slot: Number(slot), distance, publication: null };
  const { what, name, about, tags } = record.payload;
  const publisher = addressToText(record.account);
  return { slot: Number(slot), distance, publication: { what, name, about, tags, publisher } };
}
