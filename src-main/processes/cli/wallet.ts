/** `vivian wallet`: what this machine has, how it came, and the proof; the parts are files. */

import type { Command } from "commander";

import type { HistoryEntry, RewardEnergy, Wallet } from "../../contract/control-api/index.ts";
import { exactViv, formatCount, formatViv } from "../../contract/units.ts";
import { addressToText, parseAddress } from "../../crypto/index.ts";
import { listWallets, readWallet, statedAddress } from "../../wallet/index.ts";
import type { ControlClient } from "../../api/index.ts";
import { rewardWords } from "./energy-lines.ts";
import { CommandFailure, need } from "./failure.ts";
import { readCount } from "./read-number.ts";
import { answer, openSession, withDaemon } from "./session.ts";
import type { Session } from "./session.ts";
import { table } from "./table.ts";
import { addWalletAccount } from "./wallet-account.ts";
import { addWalletKeys } from "./wallet-keys.ts";
import { addReceipt } from "./wallet-receipt.ts";
import { addSend } from "./wallet-send.ts";
import { addWorkerKey } from "./wallet-worker-key.ts";

/** Adds the verb and its parts. */
export function addWallet(program: Command): void {
  const wallet = program
    .command("wallet")
    .description("show accounts, send VIV, make and bring wallets, prove payments");
  wallet
    .command("show")
    .description("show this machine's accounts and balances, and the wallets made here")
    .option("--json", "answer as JSON, amounts in units of 10^-18 VIV")
    .action(async (options: { json?: boolean }) => {
      const session = openSession(options);
      await withDaemon(session, async (client) => {
        const shown = need(await client.call("wallet.show", {}));
        const wallets = await ownWallets(session, client);
        answer(session, { ...shown, wallets }, walletLines(shown, wallets));
      });
    });
  wallet
    .command("history")
    .description("list what happened to this machine's accounts, newest first")
    .option("--of <account>", "only this wallet's, by its name, or any address's")
    .option("--limit <count>", "how many entries", readCount, 20)
    .option("--json", "answer as JSON, amounts in units of 10^-18 VIV")
    .addHelpText("after", HISTORY_EXAMPLES)
    .action(async (options: { json?: boolean; limit: number; of?: string }) => {
      const session = openSession(options);
      const account = options.of === undefined ? null : addressFor(session, options.of);
      await withDaemon(session, async (client) => {
        const asked = { limit: options.limit, ...(account === null ? {} : { account }) };
        const history = need(await client.call("wallet.history", asked));
        answer(session, history, historyLines(history.entries, options.of));
      });
    });
  addWalletKeys(wallet);
  addSend(wallet);
  addWalletAccount(wallet);
  addReceipt(wallet);
  addWorkerKey(wallet);
}

const HISTORY_EXAMPLES = `
Examples:
  vivian wallet history --limit 5
  vivian wallet history --of savings`;

/** A wallet that a person made here. */
interface OwnWallet {
  readonly name: string;
  /** Null where its file states none: it is damaged, or another program's. */
  readonly address: string | null;
  readonly balanceBase: string | null;
}

async function ownWallets(session: Session, client: ControlClient): Promise<OwnWallet[]> {
  const wallets: OwnWallet[] = [];
  for (const { name, address } of listWallets(session.folder.keys)) {
    const text = address === null ? null : addressToText(address);
    const account =
      text === null ? null : need(await client.call("wallet.account", { address: text }));
    wallets.push({ name, address: text, balanceBase: account?.balanceBase ?? null });
  }
  return wallets;
}

/** The address a person means: one that is typed, or a wallet's by its name. */
function addressFor({ folder }: Session, text: string): string {
  if (text.startsWith("0x")) return addressToText(need(parseAddress(text)));
  const address = statedAddress(need(readWallet(folder.keys, text)));
  if (address !== null) return addressToText(address);
  throw new CommandFailure({ code: "WALLET_KEYSTORE_FORM", facts: { part: "address" } });
}

function walletLines(wallet: Wallet, own: readonly OwnWallet[]): string[] {
  const machine = wallet.accounts.map((account) => [
    account.role,
    account.address,
    formatViv(BigInt(account.balanceBase)),
    formatViv(BigInt(account.bondedBase)),
  ]);
  const made = own.map(({ name, address, balanceBase }) => [
    name,
    address ?? "unreadable: put back a copy of its file",
    balanceBase === null ? "" : formatViv(BigInt(balanceBase)),
    "",
  ]);
  const rows = [...machine, ...made];
  const paid = formatViv(BigInt(wallet.paidBase));
  const note = wallet.valueNote === "" ? "" : ", no value";
  return [
    ...table(["account", "address", "balance", "bonded"], rows, [2, 3]),
    "",
    `Paid for work so far: ${paid} (${wallet.network} network${note})`,
    `Keys: ${wallet.keysFolder}`,
  ];
}

function historyLines(entries: readonly HistoryEntry[], of: string | undefined): string[] {
  if (entries.length === 0) return ["Nothing yet."];
  const rows = entries.map((entry) => [
    formatCount(entry.slot),
    entry.timeMs === null ? "" : new Date(entry.timeMs).toISOString().slice(0, 19),
    entry.role === "wallet" ? (of ?? entry.role) : entry.role,
    entry.code === "" ? entry.what : `${entry.what}: ${entry.code}`,
    entry.changeBase === null ? "" : signed(BigInt(entry.changeBase)),
    BigInt(entry.feeBase) === 0n ? "" : `${exactViv(BigInt(entry.feeBase))} VIV`,
  ]);
  const heading = ["slot", "time (UTC)", "account", "what", "change", "fee"];
  const [first, ...lines] = table(heading, rows, [0, 4, 5]);
  const below = entries.map(({ energy }) => (energy === undefined ? [] : [energyLine(energy)]));
  return [first, ...lines.flatMap((line, at) => [line, ...below[at]])];
}

/** What a reward took, under its line. */
function energyLine(energy: RewardEnergy): string {
  return `        ${rewardWords(energy)}`;
}

function signed(amountBase: bigint): string {
  return amountBase > 0n ? `+${formatViv(amountBase)}` : formatViv(amountBase);
}
