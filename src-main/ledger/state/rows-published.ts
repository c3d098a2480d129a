/**
 * Decides what the rows of publications, anchors, keys, grants and feeds hold (ARCHITECTURE.md
 * section 17). Content itself stays in the vector; a row holds what a later rule has to ask.
 */

import { fixedBytes, struct, text, u32, u64, varBytes } from "../../codec/index.ts";
import type { ValueOf } from "../../codec/index.ts";
import { COLLECTION_BYTES_MAX, FEED_EDGE_BYTES_MAX } from "../limits.ts";
import { publicationCodec } from "../records/publication-payloads.ts";
import { depositCodec } from "./deposits.ts";
import type { Table } from "./tables.ts";

const address = fixedBytes(20);
const digest = fixedBytes(32);

/** A publication that stands; gone once it is retracted. */
export const publicationRowCodec = struct({
  publisher: address,
  what: publicationCodec,
  content: digest,
  collection: text(COLLECTION_BYTES_MAX),
  deposit: depositCodec,
});

/** A named collection of embeddings; its first one fixes the dimension for good. */
export const collectionRowCodec = struct({
  name: text(COLLECTION_BYTES_MAX),
  dimension: u32,
});

/** The newest energy root of an account. */
export const anchorRowCodec = struct({
  day: u32,
  root: digest,
  rows: u32,
  slot: u64,
  deposit: depositCodec,
});

/** What is sealed to an account is sealed to this X25519 key. */
export const encryptionKeyRowCodec = struct({ key: digest, deposit: depositCodec });

/** Whose sealed content a subject is, and which key it is under now. */
export const subjectRowCodec = struct({ owner: address, keyEpoch: u32, deposit: depositCodec });

/** A reader of a subject up to and with this key epoch. */
export const grantRowCodec = struct({ keyEpoch: u32, deposit: depositCodec });

/** Right edge (`MerkleFrontier.serialise`) of the tree over an account's slots. */
export const feedRowCodec = struct({ edge: varBytes(FEED_EDGE_BYTES_MAX) });

export type PublicationRow = ValueOf<typeof publicationRowCodec>;
export type CollectionRow = ValueOf<typeof collectionRowCodec>;
export type AnchorRow = ValueOf<typeof anchorRowCodec>;
export type EncryptionKeyRow = ValueOf<typeof encryptionKeyRowCodec>;
export type SubjectRow = ValueOf<typeof subjectRowCodec>;
export type GrantRow = ValueOf<typeof grantRowCodec>;
export type FeedRow = ValueOf<typeof feedRowCodec>;

const depositOf = (row: { readonly deposit: { readonly depositBase: bigint } }): bigint =>
  row.deposit.depositBase;

/** By u64 slot of the record that published. */
export const PUBLICATIONS: Table<PublicationRow> = {
  name: "publications",
  codec: publicationRowCodec,
  moneyOf: depositOf,
};
/** By SHA-256 of the name. */
export const COLLECTIONS: Table<CollectionRow> = {
  name: "collections",
  codec: collectionRowCodec,
  moneyOf: () => 0n,
};
/** By address. */
export const ANCHORS: Table<AnchorRow> = {
  name: "anchors",
  codec: anchorRowCodec,
  moneyOf: depositOf,
};
/** By address. */
export const ENCRYPTION_KEYS: Table<EncryptionKeyRow> = {
  name: "encryption-keys",
  codec: encryptionKeyRowCodec,
  moneyOf: depositOf,
};
/** By the subject's 32-byte name, which says nothing of what it is. */
export const SUBJECTS: Table<SubjectRow> = {
  name: "subjects",
  codec: subjectRowCodec,
  moneyOf: depositOf,
};
/** By subject ‖ address of the reader. */
export const GRANTS: Table<GrantRow> = {
  name: "grants",
  codec: grantRowCodec,
  moneyOf: depositOf,
};
/** By address. */
export const FEEDS: Table<FeedRow> = {
  name: "feeds",
  codec: feedRowCodec,
  moneyOf: () => 0n,
};

/** Id of a publication's row. */
export function publicationId(slot: bigint): Uint8Array {
  const id = new Uint8Array(8);
  new DataView(id.buffer).setBigUint64(0, slot, true);
  return id;
}
