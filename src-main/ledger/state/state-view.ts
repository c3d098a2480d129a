/** Decides how state is read: rows by table and id, over pages a store hands out. */

import type { Hasher } from "../../crypto/index.ts";
import { taggedHash } from "../../crypto/index.ts";
import { TAGS } from "../tags.ts";

/**
 * A page of the state, synchronously; undefined when there is none.
 * Keys are 33 bytes: node pages and row values live in one key space, `StatePageChange.key`.
 */
export type ReadPage = (pageKey: Uint8Array) => Uint8Array | undefined;

/** A page to write (bytes) or to delete (undefined). */
export interface StatePageChange {
  readonly key: Uint8Array;
  readonly bytes: Uint8Array | undefined;
}

/** Rows by their 32-byte map key. */
export interface StateView {
  get(key: Uint8Array): Uint8Array | undefined;
}

/** Tables of the state; numbers are permanent. */
export const TABLES = {
  totals: 1,
  agenda: 2,
  validators: 3,
  bonded: 4,
  accounts: 5,
  lanes: 6,
  workers: 7,
  listings: 8,
  jobs: 9,
  units: 10,
  keys: 11,
  parameters: 12,
  fees: 13,
  unbondings: 14,
  leaving: 15,
  "leaving-ends": 16,
  offences: 17,
  publications: 20,
  anchors: 21,
  "encryption-keys": 22,
  subjects: 23,
  grants: 24,
  feeds: 25,
  collections: 26,
  certificates: 27,
  "unit-energies": 28,
} as const;

/** Name of a table. */
export type TableName = keyof typeof TABLES;

/** Key of a row in the map: H(tag ‖ table ‖ id); ids of one table have one size. */
export function stateKey(hasher: Hasher, table: TableName, id: Uint8Array): Uint8Array {
  return taggedHash(hasher, TAGS.stateKey, Uint8Array.of(TABLES[table]), id);
}
