/**
 * Decides the bytes of an entry: leaf of the tree of its list, item of a page, item of a proof.
 * Entry = {slot u64, optional target u64, what u8, tags list of u32, embedding}. An entry with a
 * target is a tombstone: it stands for the record that retracts, and its other fields are empty.
 */

import { decode, encode, list, optional, struct, u32, u64, varBytes } from "../../codec/index.ts";
import type { ValueOf } from "../../codec/index.ts";
import { Fault } from "../../contract/outcome.ts";
import type { Hasher } from "../../crypto/index.ts";
import { EMBEDDING_BYTES_MAX, TAGS_MAX } from "../limits.ts";
import { publicationCodec } from "../records/publication-payloads.ts";
import { ENTRY_BYTES_MAX, ENTRY_PAGE_BYTES } from "./limits.ts";
import type { IndexChange } from "./types.ts";

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

const pageCodec = list(varBytes(ENTRY_BYTES_MAX), ENTRY_PAGE_BYTES);

/** Bytes of a page of entries. */
export function encodeEntryPage(entries: readonly Uint8Array[]): Uint8Array {
  return encode(pageCodec, entries);
}

/** Reads a page of entries that our own store kept. Throws Fault STORE_DAMAGED. */
export function decodeEntryPage(bytes: Uint8Array): readonly Uint8Array[] {
  const page = decode(pageCodec, bytes);
  if (!page.ok) throw damagedIndex("a page of entries");
  return page.value;
}

/** Reads an entry that our own store kept. Throws Fault STORE_DAMAGED. */
export function entryOf(bytes: Uint8Array): IndexEntry {
  const entry = decode(entryCodec, bytes);
  if (!entry.ok) throw damagedIndex("an entry");
  return entry.value;
}

/** The disk gave back what nobody wrote. */
export function damagedIndex(what: string): Fault {
  return new Fault("STORE_DAMAGED", `${what} of the similarity index is malformed`, {
    what: "similarity index",
  });
}
