/**
 * Decides how a stored ledger is checked. While no daemon runs its folder is locked for that time,
 * so that none starts in the middle; beside a running one the ledger is checked as it stood when
 * the check began. Nothing in it is changed, and no key is needed.
 */

import { openDiskLedger, readDiskLedger } from "../../adapters/disk/index.ts";
import { systemClock } from "../../adapters/host/index.ts";
import { ledgerReport } from "../../api/index.ts";
import type { LedgerReport } from "../../contract/control-api/index.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { verifyLedger } from "../../node/index.ts";
import type { DataFolder } from "../config/data-folder.ts";
import { readGenesis } from "../read-genesis.ts";
import { ledgerCrypto, lockFile } from "./open-ledger.ts";

/** Who holds the folder meanwhile: nobody, so that it is locked, or the daemon that asks. */
export type Holder = "nobody" | "daemon";

/**
 * Checks the ledger of a folder.
 * @rejects PROCESSES_NO_LEDGER when the folder holds none
 * Throws Fault STORE_* and NODE_GENESIS_RULE.
 */
export async function verifyStored(
  folder: DataFolder,
  holder: Holder,
): Promise<Outcome<LedgerReport>> {
  const genesis = readGenesis(folder.genesis);
  if (genesis === null) return reject("PROCESSES_NO_LEDGER", { folder: folder.network });
  const store =
    holder === "daemon"
      ? readDiskLedger(folder.ledger)
      : await openDiskLedger({ folder: folder.ledger, lockFile: lockFile(folder) });
  // The clock's timers keep no process alive; a check that waits for one would end unheard.
  const alive = setInterval(() => {}, 60_000);
  try {
    const needs = { clock: systemClock, crypto: await ledgerCrypto() };
    return accept(ledgerReport(await verifyLedger(store, genesis, needs)));
  } finally {
    clearInterval(alive);
    await store.close();
  }
}
