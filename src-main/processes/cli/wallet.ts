/** `vivian wallet show|history|receipt`: what this machine has, how it came, and the proof. */

import type { Command } from "commander";

import { effectText } from "../../api/index.ts";
import { bytesToHex, hexToBytes } from "../../contract/bytes.ts";
import type { HistoryEntry, Wallet } from "../../contract/control-api/index.ts";
import { exactViv, formatCount, formatViv } from "../../contract/units.ts";
import type { ReceiptFacts } from "../../ledger/index.ts";
import { receiptFile } from "../config/data-folder.ts";
import { checkReceipt, readKeptReceipt } from "./check-receipt.ts";
import { CommandFailure, need } from "./failure.ts";
import { readCount, readSlot } from "./read-number.ts";
import { answer, openSession, tryConnect, withDaemon } from "./session.ts";
import type { Session } from "./session.ts";
import { pairs, table } from "./table.ts";

/** Adds the verb and its parts. */
export function addWallet(program: Command): void {
  const wallet = program.command("wallet").description("show accounts, history and receipts");
  wallet
    .command("show")
    .description("show this machine's accounts and balances")
    .option("--json", "answer as JSON, amounts in units of 10^-18 VIV")
    .action(async (options: { json?: boolean }) => {
      const session = openSession(options);
      await withDaemon(session, async (client) => {
        const shown = need(await client.call("wallet.show", {}));
        answer(session, shown, walletLines(shown));
      });
    });
  wallet
    .command("history")
    .description("list what happened to this machine's accounts, newest first")
    .option("--limit <count>", "how many entries", readCount, 20)
    .option("--json", "answer as JSON, amounts in units of 10^-18 VIV")
    .action(async (options: { json?: boolean; limit: number }) => {
      const session = openSession(options);
      await withDaemon(session, async (client) => {
        const history = need(await client.call("wallet.history", { limit: options.limit }));
        answer(session, history, historyLines(history.entries));
      });
    });
  wallet
    .command("receipt")
    .argument("<slot>", "slot of the record", readSlot)
    .description("write and check the proof that a record and its outcome are in the ledger")
    .option("--json", "answer as JSON")
    .addHelpText("after", "\nExample:\n  vivian wallet receipt 57")
    .action(async (slot: number, options: { json?: boolean }) => {
      const session = openSession(options);
      const { bytes, file } = await fetchReceipt(session, slot);
      const facts = need(checkReceipt(session.folder, slot, bytes));
      const shown = shownReceipt(slot, file, facts);
      answer(session, { ...shown, bytes: bytesToHex(bytes) }, receiptLines(shown));
    });
}

function walletLines(wallet: Wallet): string[] {
  const rows = wallet.accounts.map((account) => [
    account.role,
    account.address,
    formatViv(BigInt(account.balanceBase)),
    formatViv(BigInt(account.bondedBase)),
  ]);
  const paid = formatViv(BigInt(wallet.paidBase));
  const note = wallet.valueNote === "" ? "" : ", no value";
  return [
    ...table(["account", "address", "balance", "bonded"], rows, [2, 3]),
    "",
    `Paid for work so far: ${paid} (${wallet.network} network${note})`,
    `Keys: ${wallet.keysFolder}`,
  ];
}

function historyLines(entries: readonly HistoryEntry[]): string[] {
  if (entries.length === 0) return ["Nothing yet."];
  const rows = entries.map((entry) => [
    formatCount(entry.slot),
    entry.timeMs === null ? "" : new Date(entry.timeMs).toISOString().slice(0, 19),
    entry.role,
    entry.code === "" ? entry.what : `${entry.what}: ${entry.code}`,
    entry.changeBase === null ? "" : signed(BigInt(entry.changeBase)),
    BigInt(entry.feeBase) === 0n ? "" : `${exactViv(BigInt(entry.feeBase))} VIV`,
  ]);
  return table(["slot", "time (UTC)", "account", "what", "change", "fee"], rows, [0, 4, 5]);
}

function signed(amountBase: bigint): string {
  return amountBase > 0n ? `+${formatViv(amountBase)}` : formatViv(amountBase);
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
  readonly code: string;
  readonly effects: readonly string[];
  readonly named: string;
  readonly file: string;
}

function shownReceipt(slot: number, file: string, facts: ReceiptFacts): ShownReceipt {
  const { record, id, outcome, namedTime } = facts;
  return {
    slot,
    recordId: record.payload.kind === "commit" ? null : bytesToHex(id),
    code: outcome.code,
    effects: outcome.effects.map(effectText),
    named: new Date(Number(namedTime)).toISOString(),
    file,
  };
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
