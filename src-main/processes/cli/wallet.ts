/** `vivian wallet show|history|receipt`: what this machine has, how it came, and the proof. */

import type { Command } from "commander";

import type { HistoryEntry, ReceiptAnswer, Wallet } from "../../contract/control-api/index.ts";
import { exactViv, formatCount, formatViv } from "../../contract/units.ts";
import { need } from "./failure.ts";
import { readCount, readSlot } from "./read-number.ts";
import { answer, openSession, withDaemon } from "./session.ts";
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
      await withDaemon(session, async (client) => {
        const receipt = need(await client.call("wallet.receipt", { slot }));
        answer(session, receipt, receiptLines(receipt));
      });
    });
}

function walletLines(wallet: Wallet): string[] {
  const rows = wallet.accounts.map((account) => [
    account.role,
    account.address,
    formatViv(BigInt(account.balanceBase)),
    formatViv(BigInt(account.bondedBase)),
  ]);
  const note = wallet.valueNote === "" ? "" : `; ${wallet.valueNote}`;
  return [
    ...table(["account", "address", "balance", "bonded"], rows, [2, 3]),
    "",
    `Paid for work so far: ${formatViv(BigInt(wallet.paidBase))} (network ${wallet.network}${note})`,
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

function receiptLines(receipt: ReceiptAnswer): string[] {
  const outcome = receipt.code === "" ? "applied" : `refused: ${receipt.code}`;
  return [
    `Receipt of slot ${formatCount(receipt.slot)}: ${outcome}, checked without the daemon's word.`,
    ...pairs([
      ["record", receipt.recordId ?? "commit record"],
      ["certified by", `commit ${formatCount(receipt.certifiedCommit)}`],
      ["genesis", receipt.genesis],
      ["file", receipt.file],
    ]),
    ...receipt.effects.map((effect) => `effect: ${effect}`),
  ];
}
