/** `vivian wallet worker-key`: a worker's key made ahead, for machines that are given theirs. */

import { resolve } from "node:path";

import type { Command } from "commander";

import { systemEntropy } from "../../adapters/host/index.ts";
import { addressToText } from "../../crypto/index.ts";
import { makeWorkerKey } from "../../wallet/index.ts";
import { answer, openSession } from "./session.ts";

/** Adds the verb. */
export function addWorkerKey(wallet: Command): void {
  wallet
    .command("worker-key")
    .description("make a worker's key for a machine that gets it from outside")
    .requiredOption("--to <file>", "the new file; readable by you alone")
    .option("--json", "answer as JSON")
    .addHelpText("after", "\nExample:\n  vivian wallet worker-key --to keys/node-1.key")
    .addHelpText("after", "  The machine's settings name it as mining.worker_key_file.")
    .action((options: { json?: boolean; to: string }) => {
      const session = openSession(options);
      const file = resolve(options.to);
      const address = addressToText(makeWorkerKey(file, (bytes) => systemEntropy.bytes(bytes)));
      answer(session, { file, address }, [
        `Worker ${address}`,
        `Its key is in ${file}. It needs no password; pay goes to the settings' payoutAddress.`,
      ]);
    });
}
