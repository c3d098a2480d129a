/** Decides what goes into the index and how it is read. */

import type { ValueOf } from "../../codec/index.ts";
import type { Hasher } from "../../crypto/index.ts";
import type { HashPairs } from "../state/map-page.ts";
import type { ReadPage, StatePageChange } from "../state/state-view.ts";
import type { publicationCodec } from "../records/publication-payloads.ts";
import type { BuildMemo } from "./build-memo.ts";

/** What a publication describes. */
export type PublicationKind = ValueOf<typeof publicationCodec>;

/** A publication to be found, by the slot of its record. */
export interface IndexAddition {
  readonly kind: "add";
  readonly slot: bigint;
  readonly collection: string;
  readonly what: PublicationKind;
  readonly tags: readonly string[];
  /** int8, as bytes. */
  readonly embedding: Uint8Array;
}

/** A publication that is found no more; one that stands in no collection changes nothing. */
export interface IndexRetraction {
  readonly kind: "retract";
  /** Slot of the record that retracts. */
  readonly slot: bigint;
  /** Slot of the publication. */
  readonly target: bigint;
}

/** What a commit changes, ascending by slot. */
export type IndexChange = IndexAddition | IndexRetraction;

/** Pages of the index after some commit. */
export interface IndexView {
  readonly hasher: Hasher;
  readonly readPage: ReadPage;
}

/** What carrying out changes takes. */
export interface IndexNeeds extends IndexView {
  readonly hashPairs?: HashPairs | undefined;
  /** Builds computed ahead; made on the path when absent. */
  readonly buildMemo?: BuildMemo | undefined;
}

/** The commit that the changes belong to. */
export interface IndexCommit {
  readonly epoch: bigint;
  /** Slots of the vector, this commit included. */
  readonly size: bigint;
}

/** The new root and the pages to write, each key once. */
export interface IndexUpdate {
  readonly root: Uint8Array;
  readonly pages: readonly StatePageChange[];
}

/** What is searched for. */
export interface SearchRequest {
  readonly collection: string;
  /** As many numbers as the collection's embeddings have. */
  readonly query: Int8Array;
  /** Hits wanted, 1..100. */
  readonly k: number;
  /** Lists read, 1..64; nearest centroids first. */
  readonly probes: number;
  /** Only what carries all of these. */
  readonly tags?: readonly string[];
  /** Only this kind of publication. */
  readonly what?: PublicationKind;
}

/** One answer: the publication's slot and the squared distance of its embedding. */
export interface SearchHit {
  readonly slot: bigint;
  readonly distance: number;
}
