/**
 * Decides whether a receipt holds, without asking the daemon: its bytes, the folder's genesis
 * document, and the rules. What anyone can do who has these two files.
 */

import { readFileSync, statSync } from "node:fs";

import { nativeEd25519Verify, nativeSha256 } from "../../adapters/native-crypto/index.ts";
import { decode } from "../../codec/index.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import {
  ed25519Scheme,
  genesisCodec,
  genesisHash,
  receiptCodec,
  verifyReceipt,
} from "../../ledger/index.ts";
import type { ReceiptFacts } from "../../ledger/index.ts";
import { receiptFile } from "../config/data-folder.ts";
import type { DataFolder } from "../config/data-folder.ts";

/** A receipt's longest proofs and record, with room. */
const RECEIPT_BYTES_MAX = 4_194_304;

/** A receipt that holds: the slot it is of, the network, and what it shows. */
export interface CheckedReceipt {
  readonly slot: number;
  readonly genesisHash: Uint8Array;
  readonly facts: ReceiptFacts;
}

/**
 * Checks the bytes of a receipt of this slot.
 * @rejects PROCESSES_RECEIPT_FILE, PROCESSES_GENESIS, CODEC_*, LEDGER_RECEIPT_*,
 *          LEDGER_CERTIFICATE_*
 */
export function checkReceipt(
  folder: DataFolder,
  slot: number,
  bytes: Uint8Array,
): Outcome<ReceiptFacts> {
  const checked = checkReceiptBytes(folder.genesis, bytes);
  if (!checked.ok) return checked;
  if (checked.value.slot !== slot) return reject("PROCESSES_RECEIPT_FILE", { slot });
  return accept(checked.value.facts);
}

/**
 * Checks a receipt against a network's genesis document; nothing else is needed.
 * @rejects PROCESSES_GENESIS, CODEC_*, LEDGER_RECEIPT_*, LEDGER_CERTIFICATE_*
 */
export function checkReceiptBytes(genesisFile: string, bytes: Uint8Array): Outcome<CheckedReceipt> {
  let document: Uint8Array;
  try {
    document = readFileSync(genesisFile);
  } catch {
    return reject("PROCESSES_GENESIS", { file: genesisFile });
  }
  const genesis = decode(genesisCodec, document);
  if (!genesis.ok) return reject("PROCESSES_GENESIS", { file: genesisFile });
  const receipt = decode(receiptCodec, bytes);
  if (!receipt.ok) return receipt;
  const facts = verifyReceipt(receipt.value, {
    hasher: nativeSha256,
    genesis: genesis.value,
    scheme: ed25519Scheme(nativeEd25519Verify),
  });
  if (!facts.ok) return facts;
  return accept({
    slot: Number(receipt.value.slot),
    genesisHash: genesisHash(nativeSha256, genesis.value),
    facts: facts.value,
  });
}

/** The bytes of a receipt's file. @rejects PROCESSES_RECEIPT_READ */
export function readReceiptFile(file: string): Outcome<Uint8Array> {
  try {
    const { size } = statSync(file);
    if (size <= RECEIPT_BYTES_MAX) return accept(readFileSync(file));
    return reject("PROCESSES_RECEIPT_READ", { file, bytes: size });
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "unknown";
    return reject("PROCESSES_RECEIPT_READ", { file, reason });
  }
}

/** The kept receipt of a slot, for when no daemon runs; null when there is none. */
export function readKeptReceipt(folder: DataFolder, slot: number): Uint8Array | null {
  try {
    return readFileSync(receiptFile(folder, slot));
  } catch {
    return null;
  }
}
