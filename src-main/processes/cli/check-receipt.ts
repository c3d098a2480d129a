/**
 * Decides whether a receipt holds, without asking the daemon: its bytes, the folder's genesis
 * document, and the rules. What anyone can do who has these two files.
 */

import { readFileSync, statSync } from "node:fs";

import { nativeEd25519Verify } from "../../adapters/native-crypto/ed25519.ts";
import { nativeSha256 } from "../../adapters/native-crypto/sha256.ts";
import { decode } from "../../codec/index.ts";
import { bytesEqual, bytesToHex } from "../../contract/bytes.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import {
  ed25519Scheme,
  genesisCodec,
  genesisHash,
  readReceiptFile as readReceiptParts,
  receiptCodec,
  verifyReceipt,
} from "../../ledger/index.ts";
import type { Genesis, ReceiptFacts } from "../../ledger/index.ts";
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
  const checked = checkReceiptBytes({ file: folder.genesis }, bytes);
  if (!checked.ok) return checked;
  if (checked.value.slot !== slot) return reject("PROCESSES_RECEIPT_FILE", { slot });
  return accept(checked.value.facts);
}

/** The network that is meant: by its genesis document, or by its hash alone. */
export type MeantNetwork = { readonly file: string } | { readonly hash: Uint8Array };

/**
 * Checks a receipt of a network; nothing else is needed. A whole receipt's file carries the genesis
 * document itself, which must be the one that is meant.
 * @rejects PROCESSES_GENESIS, PROCESSES_RECEIPT_NETWORK, CODEC_*, LEDGER_RECEIPT_*,
 *          LEDGER_CERTIFICATE_*
 */
export function checkReceiptBytes(meant: MeantNetwork, bytes: Uint8Array): Outcome<CheckedReceipt> {
  const file = readReceiptParts(bytes);
  if (!file.ok) return file;
  const genesis = meantGenesis(meant, file.value.genesis);
  if (!genesis.ok) return genesis;
  const receipt = decode(receiptCodec, file.value.receipt);
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

/** The document of the network that is meant: the carried one where its hash is known. */
function meantGenesis(meant: MeantNetwork, carried: Uint8Array | undefined): Outcome<Genesis> {
  const held = "file" in meant ? readGenesis(meant.file) : undefined;
  if (carried === undefined) {
    return held ?? reject("PROCESSES_GENESIS", { file: "(none, and the receipt carries none)" });
  }
  const genesis = decode(genesisCodec, carried);
  if (!genesis.ok) return genesis;
  const hash = genesisHash(nativeSha256, genesis.value);
  const facts = { genesis: bytesToHex(hash) };
  if (held?.ok === false) return reject("PROCESSES_RECEIPT_NETWORK", facts);
  const known = "hash" in meant ? meant.hash : undefined;
  const wanted = held === undefined ? known : genesisHash(nativeSha256, held.value);
  const isMeant = wanted !== undefined && bytesEqual(wanted, hash);
  return isMeant ? genesis : reject("PROCESSES_RECEIPT_NETWORK", facts);
}

function readGenesis(file: string): Outcome<Genesis> {
  try {
    const genesis = decode(genesisCodec, readFileSync(file));
    if (genesis.ok) return genesis;
  } catch {
    // Not there, or not to be read: it names no network either way.
  }
  return reject("PROCESSES_GENESIS", { file });
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

/** The receipt alone, of a whole file or a bare one. */
export function bareReceipt(bytes: Uint8Array): Uint8Array {
  const parts = readReceiptParts(bytes);
  return parts.ok ? parts.value.receipt : bytes;
}

/** The kept receipt's file of a slot, for when no daemon runs; null when there is none. */
export function readKeptReceipt(folder: DataFolder, slot: number): Uint8Array | null {
  try {
    return readFileSync(receiptFile(folder, slot));
  } catch {
    return null;
  }
}
