/** Decides what is said of accounts, and which signed payments are passed on. */

import { bytesEqual, bytesToHex, hexToBytes } from "../../contract/bytes.ts";
import type {
  HistoryEntry,
  RewardEnergy,
  Sent,
  WalletAccount,
} from "../../contract/control-api/index.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { addressToText, parseAddress } from "../../crypto/index.ts";
import { decodeStored } from "../../ledger/index.ts";
import type { Node } from "../../node/index.ts";
import type { Handlers } from "../handlers.ts";
import { submitRecord } from "./account-handlers.ts";

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
  /** What a payment for a unit took; absent where energy is not counted. */
  readonly rewardEnergy?: ((unit: string, amountBase: bigint) => RewardEnergy) | undefined;
}

/** Handlers of the wallet's methods. */
export function walletHandlers(
  needs: WalletNeeds,
): Pick<Handlers, "wallet.show" | "wallet.history" | "wallet.account" | "wallet.send"> {
  const { node, accounts, network, valueNote, keysFolder } = needs;
  return {
    "wallet.show": () => {
      const shown = accounts.map((account) => walletAccount(node, account));
      const paidBase = String(paidSoFar(node, accounts));
      return Promise.resolve(accept({ network, valueNote, accounts: shown, paidBase, keysFolder }));
    },
    "wallet.account": ({ address, lane }) => {
      const account = parseAddress(address);
      if (!account.ok) return Promise.resolve(account);
      const balanceBase = String(node.account(account.value).balanceBase);
      const nonce = String(node.nextNonce(account.value, lane));
      return Promise.resolve(accept({ address: addressToText(account.value), balanceBase, nonce }));
    },
    "wallet.send": ({ record }) => submitTransfer(node, hexToBytes(record)),
    "wallet.history": ({ account, limit }) => {
      const named = account === undefined ? accept(accounts) : accountNamed(accounts, account);
      if (!named.ok) return Promise.resolve(named);
      const asked: readonly AskedAccount[] = named.value;
      const entries = asked.flatMap((account) => ownHistory(node, account, limit));
      // Each list is newest first; a stable sort keeps the order within one slot.
      entries.sort((left, right) => right.slot - left.slot);
      const shown = entries.slice(0, limit);
      const own = asked.every(({ role }) => role !== "wallet");
      return Promise.resolve(accept({ entries: own ? withEnergy(needs, shown) : shown }));
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

/** An account whose history is asked for. */
interface AskedAccount {
  readonly role: HistoryEntry["role"];
  readonly address: Uint8Array;
}

function accountNamed(
  accounts: readonly OwnAccount[],
  text: string,
): Outcome<readonly AskedAccount[]> {
  const address = parseAddress(text);
  if (!address.ok) return address;
  const own = accounts.find((account) => bytesEqual(account.address, address.value));
  return accept([own ?? { role: "wallet", address: address.value }]);
}

/** The signature is the ledger's to judge; that it is a payment and nothing else is judged here. */
async function submitTransfer(node: Node, stored: Uint8Array): Promise<Outcome<Sent>> {
  const read = decodeStored(stored);
  if (!read.ok) return read;
  if (read.value.record.payload.kind !== "transfer") {
    return reject("API_PARAMS", { field: "record", expected: "a signed transfer" });
  }
  return submitRecord(node, stored);
}

function ownHistory(node: Node, { role, address }: AskedAccount, limit: number): HistoryEntry[] {
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

/** What the history calls the worker's part of a unit's price. */
const TRAINING_PAID = "paid worker";

/** The entries, with what the unit behind each reward for training took. */
function withEnergy(needs: WalletNeeds, entries: readonly HistoryEntry[]): HistoryEntry[] {
  const { node, rewardEnergy } = needs;
  // Several units may be paid in one slot: what is newest in the history is last among the effects.
  const left = new Map<string, Uint8Array[]>();
  return entries.map((entry) => {
    if (entry.what !== TRAINING_PAID) return entry;
    const name = `${entry.slot} ${entry.account}`;
    const units = left.get(name) ?? unitsPaid(node, entry);
    left.set(name, units);
    const unit = units.pop();
    if (unit === undefined) return entry;
    const id = bytesToHex(unit);
    const paidBase = BigInt(entry.changeBase ?? 0);
    const energy = rewardEnergy?.(id, paidBase) ?? { unit: id, ...NOT_METERED };
    return { ...entry, energy };
  });
}

const NOT_METERED = {
  millijoules: null,
  tier: null,
  coverage: 0,
  currency: null,
  costMicros: null,
  profitMicros: null,
  profitAfterEnergyMicros: null,
} as const;

/** The units whose training a slot paid an account for, in order; none where it was pruned. */
function unitsPaid(node: Node, { slot, account }: HistoryEntry): Uint8Array[] {
  const outcome = node.outcome(BigInt(slot));
  if (!outcome.ok) return [];
  return outcome.value.effects.flatMap((effect) => {
    const isPay = effect.kind === "paid" && effect.share === "worker";
    return isPay && addressToText(effect.to) === account ? [effect.unit] : [];
  });
}
