/**
 * Decides the bytes of an entry: leaf of the tree of its list, item of a page, item of a proof.
 * Entry = {slot u64, optional target u64, what u8, tags list of u32, embedding}. An entry with a
 * target is a tombstone: it stands for the record that retracts, and its other fields are empty.
 */

import { encode, list, optional, struct, u32, u64, varBytes } from "../../codec/index.ts";
import type { Codec, ValueOf } from "../../codec/index.ts";
import { Fault } from "../../contract/outcome.ts";
import type { Hasher } from "../../crypto/index.ts";
import { EMBEDDING_BYTES_MAX, TAGS_MAX } from "../limits.ts";
import { publicationCodec } from "../records/publication-payloads.ts";
import { ENTRY_BYTES_MAX, ENTRY_PAGE_BYTES } from "./limits.ts";
import type { IndexChange, PublicationKind } from "./types.ts";

/** Bytes of an entry. */
export const entryCodec = struct({
  /** Of the record that published or retracted; ascending within a list. */
  slot: u64,
  /** Slot of what is retracted; absent in a publication. */
  retracts: optional(u64),
  what: publicationCodec,
  tags: list(u32, TAGS_MAX),
  embedding: varBytes(EMBEDDING_BYTES_MAX),
});

/** An entry of a list. */
export type IndexEntry = ValueOf<typeof entryCodec>;

/** An entry and its canonical bytes. */
export interface StoredEntry {
  readonly entry: IndexEntry;
  readonly bytes: Uint8Array;
}

/** A tag as entries carry it: the first 4 bytes of its SHA-256, as a little-endian u32. */
export function tagNumber(hasher: Hasher, tag: string): number {
  const digest = hasher(new TextEncoder().encode(tag));
  return new DataView(digest.buffer, digest.byteOffset, 4).getUint32(0, true);
}

/** The entry a change becomes. */
export function storedEntry(hasher: Hasher, change: IndexChange): StoredEntry {
  const { slot } = change;
  const entry: IndexEntry =
    change.kind === "retract"
      ? { slot, retracts: change.target, what: "other", tags: [], embedding: new Uint8Array(0) }
      : {
          slot,
          retracts: undefined,
          what: change.what,
          tags: change.tags.map((tag) => tagNumber(hasher, tag)),
          embedding: change.embedding,
        };
  return { entry, bytes: encode(entryCodec, entry) };
}

/** An embedding as signed numbers over the same memory. */
export function signedOf(bytes: Uint8Array): Int8Array {
  return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Entries of one page of a list, so that a page stays near 4 KiB; 1 for long embeddings. */
export function entriesPerPage(dimension: number): number {
  return Math.max(1, Math.floor(ENTRY_PAGE_BYTES / (dimension + 32)));
}

/** Bytes of a page of entries: a u32 count, and of each a u32 length and its bytes. */
export const entryPageCodec: Codec<readonly Uint8Array[]> = list(
  varBytes(ENTRY_BYTES_MAX),
  ENTRY_PAGE_BYTES,
);

/** Bytes of a page of entries. */
export function encodeEntryPage(entries: readonly Uint8Array[]): Uint8Array {
  return encode(entryPageCodec, entries);
}

/**
 * Reads a page of entries that our own store kept, as `entryPageCodec` has it. Throws Fault
 * STORE_DAMAGED. Written out, since a search reads thousands: one copy of the page, then views.
 */
export function decodeEntryPage(bytes: Uint8Array): readonly Uint8Array[] {
  const own = Uint8Array.from(bytes);
  const view = new DataView(own.buffer);
  if (own.length < 4) throw damagedIndex("a page of entries");
  const count = view.getUint32(0, true);
  const entries: Uint8Array[] = [];
  let at = 4;
  while (entries.length < count) {
    const length = at + 4 <= own.length ? view.getUint32(at, true) : own.length;
    if (length > own.length - at - 4) throw damagedIndex("a page of entries");
    entries.push(own.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  if (at !== own.length) throw damagedIndex("a page of entries");
  return entries;
}

/** Reads an entry that our own store kept. Throws Fault STORE_DAMAGED. */
export function entryOf(bytes: Uint8Array): IndexEntry {
  const entry = readEntry(bytes);
  if (entry === undefined) throw damagedIndex("an entry");
  return entry;
}

/** Kinds of publications by their number, as `publicationCodec` has them. */
const KINDS: readonly PublicationKind[] = ["dataset", "model", "job", "other"];

/**
 * What `decode(entryCodec, bytes)` reads, undefined where it refuses; some ten times as quick. Its
 * embedding is a view of `bytes`.
 */
export function readEntry(bytes: Uint8Array): IndexEntry | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const size = bytes.length;
  // Slot, flag, kind, and the counts of tags and numbers: 18 bytes; 8 more of a tombstone's target.
  if (size < 18) return undefined;
  const flag = bytes[8];
  const from = 9 + 8 * flag;
  if (flag > 1 || size < from + 9) return undefined;
  const what = KINDS.at(bytes[from]);
  const tagCount = view.getUint32(from + 1, true);
  if (bytes[from] >= KINDS.length || what === undefined || tagCount > TAGS_MAX) return undefined;
  const after = from + 5 + 4 * tagCount;
  if (size < after + 4) return undefined;
  const dimension = view.getUint32(after, true);
  if (dimension > EMBEDDING_BYTES_MAX || size !== after + 4 + dimension) return undefined;
  const tags: number[] = [];
  for (let at = from + 5; at < after; at += 4) tags.push(view.getUint32(at, true));
  return {
    slot: view.getBigUint64(0, true),
    retracts: flag === 1 ? view.getBigUint64(9, true) : undefined,
    what,
    tags,
    embedding: bytes.subarray(after + 4),
  };
}

/** The disk gave back what nobody wrote. */
export function damagedIndex(what: string): Fault {
  return new Fault("STORE_DAMAGED", `${what} of the similarity index is malformed`, {
    what: "similarity index",
  });
}
