/**
 * Decides whether a receipt holds, computed in this page: its bytes, the network's genesis
 * document, and the rules that every node follows. The daemon's own word counts for nothing here.
 */

import { decode } from "../../src-main/codec/index.ts";
import { bytesToHex, hexToBytes } from "../../src-main/contract/bytes.ts";
import { accept, invariant, reject } from "../../src-main/contract/outcome.ts";
import type { Outcome } from "../../src-main/contract/outcome.ts";
import { addressToText } from "../../src-main/crypto/address.ts";
import { ed25519Verify } from "../../src-main/crypto/ed25519.ts";
import { sha256 } from "../../src-main/crypto/hasher.ts";
import { leafHash } from "../../src-main/crypto/merkle/node-hashes.ts";
import {
  decodeStoredCommit,
  ed25519Scheme,
  genesisCodec,
  genesisHash,
  receiptCodec,
  verifyReceipt,
} from "../../src-main/ledger/light/index.ts";
import type { Effect, Receipt } from "../../src-main/ledger/light/index.ts";
import { walkProof } from "./proof-steps.ts";
import type { WalkedProof } from "./proof-steps.ts";

/** A payment that the receipt proves. */
export interface ProvedPayment {
  readonly unit: string;
  readonly to: string;
  readonly amountBase: bigint;
  readonly share: "worker" | "verifiers" | "pool";
  readonly minted: boolean;
}

/** What was recomputed. */
export interface CheckedReceipt {
  readonly slot: number;
  readonly kind: string;
  readonly recordId: string;
  /** Empty when the record was applied. */
  readonly code: string;
  readonly payments: readonly ProvedPayment[];
  /** The record up to the certified vector's root, the outcome up to the root its commit names. */
  readonly record: WalkedProof;
  readonly outcome: WalkedProof;
  readonly commit: WalkedProof;
  readonly vectorSize: number;
  readonly namedMs: number;
  readonly validators: number;
  readonly genesis: string;
  /** How long all of it took here. */
  readonly tookMs: number;
}

/**
 * Recomputes a receipt.
 * @param genesisName  hash of the genesis document as the page knows it
 * @rejects LEDGER_RECEIPT_*, LEDGER_CERTIFICATE_*, CODEC_*; LEDGER_RECEIPT_RECORD for another slot,
 *          LEDGER_RECEIPT_STATEMENT for another network
 */
export function checkReceipt(
  slot: number,
  receiptHex: string,
  genesisHex: string,
  genesisName: string,
): Outcome<CheckedReceipt> {
  const began = performance.now();
  const genesis = decode(genesisCodec, hexToBytes(genesisHex));
  if (!genesis.ok) return genesis;
  const name = bytesToHex(genesisHash(sha256, genesis.value));
  if (name !== genesisName) return reject("LEDGER_RECEIPT_STATEMENT", { genesis: name });
  const receipt = decode(receiptCodec, hexToBytes(receiptHex));
  if (!receipt.ok) return receipt;
  if (receipt.value.slot !== BigInt(slot)) return reject("LEDGER_RECEIPT_RECORD", { slot });
  const scheme = ed25519Scheme(ed25519Verify);
  const held = verifyReceipt(receipt.value, { hasher: sha256, genesis: genesis.value, scheme });
  if (!held.ok) return held;
  const { record, id, outcome, namedTime } = held.value;
  const isCommit = record.payload.kind === "commit";
  return accept({
    slot,
    kind: record.payload.kind,
    recordId: isCommit ? "" : bytesToHex(id),
    code: outcome.code,
    payments: outcome.effects.flatMap(paymentOf),
    ...walksOf(receipt.value),
    vectorSize: Number(receipt.value.certificate.statement.vectorSize),
    namedMs: Number(namedTime),
    validators: genesis.value.validators.length,
    genesis: name,
    tookMs: performance.now() - began,
  });
}

/** The three proofs, walked once more so that they can be drawn. */
function walksOf(receipt: Receipt): Pick<CheckedReceipt, "record" | "outcome" | "commit"> {
  const { vectorRoot, vectorSize } = receipt.certificate.statement;
  const named = decodeStoredCommit(receipt.commit, sha256);
  invariant(named.ok, "a receipt that holds carries a sound commit record");
  const { firstSlot, outcomeRoot } = named.value.record.payload;
  const index = Number(receipt.slot);
  const inVector = { size: Number(vectorSize), root: vectorRoot };
  return {
    record: walkProof({
      ...inVector,
      leafHash: leafHash(sha256, receipt.stored),
      index,
      proof: receipt.recordProof,
    }),
    commit: walkProof({
      ...inVector,
      leafHash: leafHash(sha256, receipt.commit),
      index: Number(firstSlot),
      proof: receipt.commitProof,
    }),
    outcome: walkProof({
      leafHash: leafHash(sha256, receipt.outcome),
      index,
      size: Number(firstSlot),
      proof: receipt.outcomeProof,
      root: outcomeRoot,
    }),
  };
}

function paymentOf(effect: Effect): ProvedPayment[] {
  if (effect.kind !== "paid") return [];
  const { unit, to, amountBase, share, minted } = effect;
  return [{ unit: bytesToHex(unit), to: addressToText(to), amountBase, share, minted }];
}
