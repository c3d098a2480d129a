/** Decides what spending from wallets is composed of: the opener of keys, the clock, receipts. */

import { systemClock, systemEntropy } from "../../adapters/host/index.ts";
import { nativeSha256 } from "../../adapters/native-crypto/index.ts";
import { makeReceipt } from "../../api/index.ts";
import type { LedgerNeeds, SpendNeeds } from "../../api/index.ts";
import type { Log } from "../../ports/log.ts";
import type { DataFolder } from "../config/data-folder.ts";
import { KeyOpener } from "./key-opener.ts";
import type { OwnJobs } from "./own-jobs.ts";
import type { StopStep } from "./stopping.ts";
import { WalletSpending } from "./wallet-spending.ts";

/** What it is composed from. */
export interface SpendingParts {
  readonly ledgerNeeds: LedgerNeeds;
  readonly ownJobs: OwnJobs;
  readonly folder: Pick<DataFolder, "keys">;
  readonly log: Log;
  readonly valueNote: string;
}

/** Opens spending; a try of a password under way ends with the daemon. */
export function openSpending(parts: SpendingParts, stops: StopStep[]): SpendNeeds {
  const { ledgerNeeds, ownJobs, log, valueNote } = parts;
  const { keys } = parts.folder;
  const opener = new KeyOpener({ keys, nowMs: () => systemClock.nowMs() });
  stops.push({ name: "key opener", stop: () => opener.stop() });
  const spending = new WalletSpending({
    node: ledgerNeeds.node,
    genesis: ledgerNeeds.genesis,
    hasher: nativeSha256,
    clock: systemClock,
    entropy: systemEntropy,
    log,
    keys,
    opener,
    ownJobs,
    receipt: (slot) => makeReceipt(ledgerNeeds, slot),
    valueNote,
  });
  return {
    list: () => spending.list(),
    preview: (asked) => spending.preview(asked),
    pay: (asked) => spending.pay(asked),
    order: (asked) => spending.order(asked),
  };
}
