/**
 * Decides whether a receipt holds, without asking the daemon: its bytes, the folder's genesis
 * document, and the rules. What anyone can do who has these two files.
 */

import { readFileSync } from "node:fs";

import { nativeSha256 } from "../../adapters/native-crypto/index.ts";
import { decode } from "../../codec/index.ts";
import { reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { ed25519Verify } from "../../crypto/index.ts";
import { ed25519Scheme, genesisCodec, receiptCodec, verifyReceipt } from "../../ledger/index.ts";
import type { ReceiptFacts } from "../../ledger/index.ts";
import { receiptFile } from "../config/data-folder.ts";
import type { DataFolder } from "../config/data-folder.ts";

/**
 * Checks the bytes of a receipt of this slot.
 * @rejects PROCESSES_RECEIPT_FILE, CODEC_*, LEDGER_RECEIPT_*, LEDGER_CERTIFICATE_*
 */
export function checkReceipt(
  folder: DataFolder,
  slot: number,
  bytes: Uint8Array,
): Outcome<ReceiptFacts> {
  let document: Uint8Array;
  try {
    document = readFileSync(folder.genesis);
  } catch {
    return reject("PROCESSES_RECEIPT_FILE", { file: folder.genesis });
  }
  const genesis = decode(genesisCodec, document);
  if (!genesis.ok) return genesis;
  const receipt = decode(receiptCodec, bytes);
  if (!receipt.ok) return receipt;
  if (receipt.value.slot !== BigInt(slot)) return reject("PROCESSES_RECEIPT_FILE", { slot });
  return verifyReceipt(receipt.value, {
    hasher: nativeSha256,
    genesis: genesis.value,
    scheme: ed25519Scheme(ed25519Verify),
  });
}

/** The kept receipt of a slot, for when no daemon runs; null when there is none. */
export function readKeptReceipt(folder: DataFolder, slot: number): Uint8Array | null {
  try {
    return readFileSync(receiptFile(folder, slot));
  } catch {
    return null;
  }
}
