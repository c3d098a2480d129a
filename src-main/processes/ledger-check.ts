/**
 * The process that checks a ledger. It has one of its own because lmdb maps its file: a damaged
 * length can end the process, and whoever asked, a command or the daemon, must still get an answer
 * and go on.
 */

import { rejectionOf } from "../api/index.ts";
import { dataFolder } from "./config/data-folder.ts";
import { verifyStored } from "./daemon/verify-stored.ts";

const [home, network, holder] = process.argv.slice(2);
// Nobody waits for the answer of a check whose asker has ended.
process.once("disconnect", () => process.exit());
try {
  const asked = holder === "daemon" ? "daemon" : "nobody";
  process.send?.(await verifyStored(dataFolder(home, network), asked));
} catch (error) {
  process.send?.({ ok: false, rejection: rejectionOf(error) });
}
process.disconnect();
