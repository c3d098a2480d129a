/**
 * The process that checks the ledger of a stopped daemon. It has one of its own because lmdb maps
 * its file: a damaged length can end the process, and whoever asked must still get an answer.
 */

import { rejectionOf } from "../api/index.ts";
import { dataFolder } from "./config/data-folder.ts";
import { verifyStoppedLedger } from "./daemon/verify-stopped.ts";

const [home, network] = process.argv.slice(2);
try {
  process.send?.(await verifyStoppedLedger(dataFolder(home, network)));
} catch (error) {
  process.send?.({ ok: false, rejection: rejectionOf(error) });
}
process.disconnect();
