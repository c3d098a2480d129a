/** Decides how a ledger is checked: by a process of its own, which may end on damage. */

import { fork } from "node:child_process";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

import type { LedgerReport } from "../../contract/control-api/index.ts";
import { reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { DataFolder } from "../config/data-folder.ts";
import { endedBy } from "./reader-end.ts";
import type { Holder } from "./verify-stored.ts";

const CHECK = fileURLToPath(new URL("../ledger-check.ts", import.meta.url));

/**
 * Checks the ledger of a folder in another process.
 * @rejects those of `verifyStored`, and STORE_DAMAGED with the database's file where what is in it
 *   ended the process that read it
 */
export function checkLedgerApart(
  folder: DataFolder,
  holder: Holder,
): Promise<Outcome<LedgerReport>> {
  const child = fork(CHECK, [folder.home, basename(folder.network), holder], {
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
      resolve(answer ?? endedBy(folder, "PROCESSES_LEDGER_CHECK", { code, signal }));
    });
  });
}

/** Checks the running daemon's ledger; who asks while a check is under way gets its answer. */
export function runningLedgerCheck(folder: DataFolder): () => Promise<Outcome<LedgerReport>> {
  let running: Promise<Outcome<LedgerReport>> | null = null;
  return () => {
    running ??= checkLedgerApart(folder, "daemon").finally(() => (running = null));
    return running;
  };
}
