/**
 * Decides what is kept of the last commit of an epoch: who may certify the next one, and the proof
 * in the state which that commit names. Older states go; without this row nobody could follow the
 * ledger through that epoch later.
 */

import { decode, encode, struct, varBytes } from "../../codec/index.ts";
import { invariant } from "../../contract/outcome.ts";
import {
  SINGLE,
  stateKey,
  stateProof,
  stateProofCodec,
  stateViewOver,
} from "../../ledger/index.ts";
import type { LightUpdate } from "../../ledger/light/index.ts";
import type { IndexRow, LedgerStore } from "../../ports/ledger-store.ts";
import type { Chain } from "../chain.ts";
import type { NodeNeeds } from "../types.ts";
import { epochEndKey } from "./index-rows.ts";

/** Longest row: 255 validators and room. */
const ROW_BYTES_MAX = 65_535;

const epochEndCodec = struct({ row: varBytes(ROW_BYTES_MAX), proof: stateProofCodec });

/** The row to keep when the next commit has another epoch than the newest stored; else none. */
export function epochEndRow(
  chain: Pick<Chain, "head" | "pagesAt">,
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
  store: Pick<LedgerStore, "index">,
  commit: bigint,
): NonNullable<LightUpdate["validators"]> | undefined {
  const [kept] = store.index(epochEndKey(commit), 1);
  const read = kept === undefined ? undefined : decode(epochEndCodec, kept.bytes);
  return read?.ok === true ? read.value : undefined;
}
