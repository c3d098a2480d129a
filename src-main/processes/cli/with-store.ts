/**
 * Decides how a verb reads this folder's ledger itself: beside a daemon as it stands now, else with
 * the folder's lock, so that no daemon starts in the middle.
 */

import { openDiskLedger, readDiskLedger } from "../../adapters/disk/index.ts";
import { reject } from "../../contract/outcome.ts";
import type { Genesis } from "../../ledger/index.ts";
import type { LedgerReader } from "../../ports/ledger-store.ts";
import { readGenesis } from "../read-genesis.ts";
import { lockFile } from "../daemon/open-ledger.ts";
import { need } from "./failure.ts";
import { tryConnect } from "./session.ts";
import type { Session } from "./session.ts";

/** Opens the ledger for `use` and closes it. Throws CommandFailure, Fault STORE_*. */
export async function withStore<T>(
  session: Session,
  use: (store: LedgerReader, genesis: Genesis) => Promise<T>,
): Promise<T> {
  const { folder } = session;
  const genesis = readGenesis(folder.genesis);
  if (genesis === null) return need(reject("PROCESSES_NO_LEDGER", { folder: folder.network }));
  const client = await tryConnect(session);
  client?.close();
  const store =
    client === null
      ? await openDiskLedger({ folder: folder.ledger, lockFile: lockFile(folder) })
      : readDiskLedger(folder.ledger);
  // The clock's timers keep no process alive; work that waits for one would end unheard.
  const alive = setInterval(() => {}, 60_000);
  try {
    return await use(store, genesis);
  } finally {
    clearInterval(alive);
    await store.close();
  }
}
