/** Decides what is said of this machine's accounts. */

import type { HistoryEntry, WalletAccount } from "../../contract/control-api/index.ts";
import { accept } from "../../contract/outcome.ts";
import { addressToText } from "../../crypto/index.ts";
import type { Node } from "../../node/index.ts";
import type { Handlers } from "../handlers.ts";

/** An account of this machine. */
export interface OwnAccount {
  readonly role: WalletAccount["role"];
  readonly address: Uint8Array;
}

/** What the wallet's methods answer from. */
export interface WalletNeeds {
  readonly node: Node;
  readonly accounts: readonly OwnAccount[];
  readonly network: string;
  readonly valueNote: string;
  readonly keysFolder: string;
}

/** Handlers of the wallet's methods. */
export function walletHandlers(
  needs: WalletNeeds,
): Pick<Handlers, "wallet.show" | "wallet.history"> {
  const { node, accounts, network, valueNote, keysFolder } = needs;
  return {
    "wallet.show": () => {
      const shown = accounts.map((account) => walletAccount(node, account));
      const paidBase = String(paidSoFar(node, accounts));
      return Promise.resolve(accept({ network, valueNote, accounts: shown, paidBase, keysFolder }));
    },
    "wallet.history": ({ limit }) => {
      const entries = accounts.flatMap((account) => ownHistory(node, account, limit));
      // Each list is newest first; a stable sort keeps the order within one slot.
      entries.sort((left, right) => right.slot - left.slot);
      return Promise.resolve(accept({ entries: entries.slice(0, limit) }));
    },
  };
}

/** Entries of the history looked at for the sum; the node answers no more. */
const PAID_ENTRIES_MAX = 1_000;

/** Sum of what the ledger paid for work to these accounts, over their newest entries. */
export function paidSoFar(node: Node, accounts: readonly OwnAccount[]): bigint {
  let sumBase = 0n;
  for (const { address } of accounts) {
    for (const entry of node.history(address, PAID_ENTRIES_MAX)) {
      if (entry.what.startsWith("paid ")) sumBase += entry.amountBase;
    }
  }
  return sumBase;
}

function walletAccount(node: Node, { role, address }: OwnAccount): WalletAccount {
  const view = node.account(address);
  return {
    role,
    address: addressToText(address),
    balanceBase: String(view.balanceBase),
    bondedBase: String(view.worker?.bondedBase ?? 0n),
  };
}

function ownHistory(node: Node, { role, address }: OwnAccount, limit: number): HistoryEntry[] {
  return node.history(address, limit).map((entry) => {
    const sign = entry.change === "out" ? "-" : "";
    const changed = entry.change !== "none" && entry.amountBase > 0n;
    return {
      slot: Number(entry.slot),
      timeMs: Number(entry.time),
      account: addressToText(address),
      role,
      what: entry.what,
      changeBase: changed ? `${sign}${entry.amountBase}` : null,
      feeBase: String(entry.feeBase),
      code: entry.code,
    };
  });
}
