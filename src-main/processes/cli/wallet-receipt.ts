/**
 * Decides how a receipt is asked for and shown, and how one that somebody else sent is checked:
 * without a daemon, against the network's genesis document alone.
 */

import { resolve } from "node:path";

import type { Command } from "commander";

import { effectText } from "../../api/handlers/ledger-words.ts";
import { payloadFields } from "../../api/handlers/ledger-words.ts";
import { bytesToHex, hexToBytes } from "../../contract/bytes.ts";
import { exactViv, formatCount } from "../../contract/units.ts";
import { addressToText } from "../../crypto/index.ts";
import type { LedgerRecord, ReceiptFacts } from "../../ledger/index.ts";
import { receiptFile } from "../config/data-folder.ts";
import {
  bareReceipt,
  checkReceipt,
  checkReceiptBytes,
  readKeptReceipt,
  readReceiptFile,
} from "./check-receipt.ts";
import { CommandFailure, need } from "./failure.ts";
import { readSlot } from "./read-number.ts";
import { answer, openSession, tryConnect } from "./session.ts";
import type { Session } from "./session.ts";
import { pairs } from "./table.ts";

const RECEIPT_EXAMPLES = `
Examples:
  vivian wallet receipt 57
  vivian wallet receipt verify slot-57.receipt`;

const VERIFY_EXAMPLES = `
No daemon is needed. Without --genesis the receipt is checked against this folder's network. A
receipt's file carries its network's genesis document, so that the hash that names the network
is all that is needed beside it; an older, bare receipt needs the genesis.bin itself.

Examples:
  vivian wallet receipt verify slot-57.receipt
  vivian wallet receipt verify slot-57.receipt --genesis 8c1f…64 digits…
  vivian wallet receipt verify slot-57.receipt --genesis their-genesis.bin`;

/** Adds `receipt SLOT` and `receipt verify FILE`. */
export function addReceipt(wallet: Command): void {
  const receipt = wallet
    .command("receipt")
    .argument("<slot>", "slot of the record", readSlot)
    .description("write and check the proof that a record and its outcome are in the ledger")
    .option("--json", "answer as JSON")
    .addHelpText("after", RECEIPT_EXAMPLES)
    .action(async (slot: number, options: { json?: boolean }) => {
      const session = openSession(options);
      const { bytes, file } = await fetchReceipt(session, slot);
      const facts = need(checkReceipt(session.folder, slot, bytes));
      const shown = shownReceipt(slot, file, facts);
      answer(session, { ...shown, bytes: bytesToHex(bareReceipt(bytes)) }, receiptLines(shown));
    });
  receipt
    .command("verify")
    .argument("<file>", "the receipt")
    .description("check a receipt without a daemon")
    .option("--genesis <hash or file>", "the network: its genesis hash, or the document")
    .option("--json", "answer as JSON")
    .addHelpText("after", VERIFY_EXAMPLES)
    .action((file: string, _options: unknown, command: Command) => {
      verifyFile(file, command.optsWithGlobals<{ json?: boolean; genesis?: string }>());
    });
}

function verifyFile(file: string, options: { json?: boolean; genesis?: string }): void {
  const session = openSession(options);
  const named = options.genesis ?? session.folder.genesis;
  const isHash = /^[0-9a-fA-F]{64}$/.test(named);
  const meant = isHash ? { hash: hexToBytes(named.toLowerCase()) } : { file: named };
  const bytes = need(readReceiptFile(file));
  const { slot, genesisHash, facts } = need(checkReceiptBytes(meant, bytes));
  const shown = shownReceipt(slot, resolve(file), facts);
  const network = bytesToHex(genesisHash);
  const lines = [...receiptLines(shown), `network: the one whose genesis hash is ${network}`];
  answer(session, { ok: true, ...shown, genesis: network }, lines);
}

/** From the daemon; without one, the file that was kept when it was last asked for. */
async function fetchReceipt(
  session: Session,
  slot: number,
): Promise<{ readonly bytes: Uint8Array; readonly file: string }> {
  const client = await tryConnect(session);
  if (client !== null) {
    try {
      const { bytes, file } = need(await client.call("wallet.receipt", { slot }));
      return { bytes: hexToBytes(bytes), file };
    } finally {
      client.close();
    }
  }
  const kept = readKeptReceipt(session.folder, slot);
  if (kept !== null) return { bytes: kept, file: receiptFile(session.folder, slot) };
  throw new CommandFailure({ code: "API_UNREACHABLE", facts: { folder: session.folder.home } });
}

interface ShownReceipt {
  readonly slot: number;
  readonly recordId: string | null;
  readonly kind: string;
  readonly account: string | null;
  readonly fields: Readonly<Record<string, string>>;
  readonly code: string;
  readonly effects: readonly string[];
  readonly named: string;
  readonly file: string;
}

function shownReceipt(slot: number, file: string, facts: ReceiptFacts): ShownReceipt {
  const { record, id, outcome, namedTime } = facts;
  const isCommit = record.payload.kind === "commit";
  return {
    slot,
    recordId: isCommit ? null : bytesToHex(id),
    kind: record.payload.kind,
    account: isCommit ? null : addressToText(record.account),
    fields: payloadFields(record),
    code: outcome.code,
    effects: [...transferEffect(record, outcome.code), ...outcome.effects.map(effectText)],
    named: new Date(Number(namedTime)).toISOString(),
    file,
  };
}

/** A transfer's only effect is itself, so the ledger lists none. */
function transferEffect({ account, payload }: LedgerRecord, code: string): string[] {
  if (payload.kind !== "transfer" || code !== "") return [];
  const amount = `${exactViv(payload.amountBase)} VIV`;
  return [`${amount} moved from ${addressToText(account)} to ${addressToText(payload.to)}`];
}

function receiptLines(receipt: ShownReceipt): string[] {
  const outcome = receipt.code === "" ? "applied" : `refused: ${receipt.code}`;
  return [
    `Receipt of slot ${formatCount(receipt.slot)}: ${outcome}. Checked here, against the genesis ` +
      "document alone.",
    ...pairs([
      ["record", receipt.recordId ?? "commit record"],
      ["certified", receipt.named],
      ["file", receipt.file],
    ]),
    ...receipt.effects.map((effect) => `effect: ${effect}`),
  ];
}
