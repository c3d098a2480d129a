/** Decides how the ledger of a stopped daemon is checked: by a process that may end on damage. */

import { fork } from "node:child_process";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

import type { LedgerReport } from "../../contract/control-api/index.ts";
import { reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { DataFolder } from "../config/data-folder.ts";

const CHECK = fileURLToPath(new URL("../ledger-check.ts", import.meta.url));

/**
 * Checks the ledger of a folder that no daemon uses.
 * @rejects those of `verifyStoppedLedger`, and STORE_DAMAGED with the database's file where what is
 *   in it ended the process that read it
 */
export function checkStoppedLedger(folder: DataFolder): Promise<Outcome<LedgerReport>> {
  const child = fork(CHECK, [folder.home, basename(folder.network)], {
    execArgv: [],
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  return new Promise((resolve) => {
    let answer: Outcome<LedgerReport> | undefined;
    child.once("message", (message) => (answer = message as Outcome<LedgerReport>));
    child.once("error", (error) => {
      resolve(reject("PROCESSES_LEDGER_CHECK", { reason: error.message }));
    });
    child.once("close", (code, signal) => {
      const file = join(folder.ledger, "database", "data.mdb");
      const ended = reject("STORE_DAMAGED", { file, ended: signal ?? String(code) });
      const unknown = reject("PROCESSES_LEDGER_CHECK", { reason: `exit code ${String(code)}` });
      resolve(answer ?? (signal === null ? unknown : ended));
    });
  });
}
