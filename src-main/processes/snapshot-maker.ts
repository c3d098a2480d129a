/**
 * The process that makes a snapshot beside the daemon: the bytes go to standard output, what they
 * are of is a message. It has one of its own so that the daemon answers meanwhile.
 */

import { readDiskLedger } from "../adapters/disk/index.ts";
import { nativeSha256 } from "../adapters/native-crypto/index.ts";
import { rejectionOf } from "../api/index.ts";
import { accept, reject } from "../contract/outcome.ts";
import type { Outcome } from "../contract/outcome.ts";
import { makeSnapshot } from "../node/index.ts";
import type { MadeSnapshot } from "../node/index.ts";
import { dataFolder } from "./config/data-folder.ts";
import { readGenesis } from "./read-genesis.ts";
import type { SnapshotWord } from "./daemon/snapshot-word.ts";

async function make(home: string, network: string): Promise<Outcome<MadeSnapshot>> {
  const folder = dataFolder(home, network);
  const genesis = readGenesis(folder.genesis);
  if (genesis === null) return reject("PROCESSES_NO_LEDGER", { folder: folder.network });
  const store = readDiskLedger(folder.ledger);
  try {
    return makeSnapshot(store, genesis, { hasher: nativeSha256 });
  } finally {
    await store.close();
  }
}

/** What is said of it; the bytes are on their way when it is said. */
async function answer(home: string, network: string): Promise<SnapshotWord> {
  const made = await make(home, network);
  if (!made.ok) return made;
  const { commit, slots, bytes } = made.value;
  await new Promise<void>((resolve) => void process.stdout.write(bytes, () => resolve()));
  return accept({ commit, slots, length: bytes.length });
}

const [home, network] = process.argv.slice(2);
// Nobody waits for the snapshot of a daemon that has ended.
process.once("disconnect", () => process.exit());
try {
  process.send?.(await answer(home, network));
} catch (error) {
  process.send?.({ ok: false, rejection: rejectionOf(error) });
}
process.disconnect();
