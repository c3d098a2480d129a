/**
 * Decides what is kept of the last commit of an epoch: who may certify the next one, and the proof
 * in the state which that commit names. Older states go; without this row nobody could follow the
 * ledger through that epoch later.
 */

import { decode, encode, struct, varBytes } from "../../codec/index.ts";
import { invariant } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import {
  SINGLE,
  stateKey,
  stateProof,
  stateProofCodec,
  stateViewOver,
  verifyStateProof,
} from "../../ledger/index.ts";
import type { Head, ReadPage } from "../../ledger/index.ts";
import type { LightUpdate } from "../../ledger/light/index.ts";
import type { Hasher } from "../../crypto/index.ts";
import type { IndexRow, LedgerReader } from "../../ports/ledger-store.ts";
import type { NodeNeeds } from "../types.ts";
import { epochEndKey } from "./index-rows.ts";

/** Longest row: 255 validators and room. */
const ROW_BYTES_MAX = 65_535;

const epochEndCodec = struct({ row: varBytes(ROW_BYTES_MAX), proof: stateProofCodec });

/** The stored ledger, as far as a row is made from it. */
export interface EndingEpoch {
  readonly head: Head;
  /** Pages of the state after a commit. */
  pagesAt(commit: bigint): Outcome<ReadPage>;
}

/** The row to keep when the next commit has another epoch than the newest stored; else none. */
export function epochEndRow(
  chain: EndingEpoch,
  epoch: bigint,
  crypto: Pick<NodeNeeds["crypto"], "hasher" | "hashPairs">,
): IndexRow[] {
  const { number } = chain.head;
  if (number === 0n || epoch === chain.head.epoch) return [];
  const pages = chain.pagesAt(number - 1n);
  if (!pages.ok) return [];
  const key = stateKey(crypto.hasher, "validators", SINGLE);
  const row = stateViewOver(pages.value).get(key);
  invariant(row !== undefined, "a state has its validators");
  const proof = stateProof({ ...crypto, readPage: pages.value }, key);
  return [{ key: epochEndKey(number), bytes: encode(epochEndCodec, { row, proof }) }];
}

/** What was kept of a commit; undefined when it ended no epoch, or was not lived through. */
export function epochEndOf(
  store: Pick<LedgerReader, "index">,
  commit: bigint,
): NonNullable<LightUpdate["validators"]> | undefined {
  const [kept] = store.index(epochEndKey(commit), 1);
  const read = kept === undefined ? undefined : decode(epochEndCodec, kept.bytes);
  return read?.ok === true ? read.value : undefined;
}

/**
 * The row of a commit that ended an epoch, checked against the state root which it names: the state
 * itself is gone when the log is executed again. Undefined when the row does not hold.
 * @returns no row where the commit was not lived through
 */
export function checkedEpochEnd(
  store: Pick<LedgerReader, "index">,
  { number, stateRoot }: { readonly number: bigint; readonly stateRoot: Uint8Array },
  hasher: Hasher,
): IndexRow[] | undefined {
  const rows = store.index(epochEndKey(number), 1);
  if (rows.length === 0) return [];
  const kept = epochEndOf(store, number);
  const key = stateKey(hasher, "validators", SINGLE);
  if (kept === undefined) return undefined;
  return verifyStateProof(hasher, stateRoot, key, kept.row, kept.proof) ? rows : undefined;
}
