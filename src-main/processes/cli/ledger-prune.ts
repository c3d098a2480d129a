/** `vivian ledger prune`: drops old records from this folder's disk. */

import type { Command } from "commander";

import { openDiskLedger } from "../../adapters/disk/index.ts";
import { reject } from "../../contract/outcome.ts";
import type { Pruned } from "../../contract/control-api/index.ts";
import { formatCount } from "../../contract/units.ts";
import { pruneStopped } from "../../node/index.ts";
import { readGenesis } from "../read-genesis.ts";
import { ledgerCrypto, lockFile } from "../daemon/open-ledger.ts";
import { need } from "./failure.ts";
import { readSlot } from "./read-number.ts";
import { answer, openSession, tryConnect } from "./session.ts";
import type { Session } from "./session.ts";

/** A long ledger's newest file is copied, and a snapshot is made. */
const PRUNE_TIMEOUT_MS = 3_600_000;

/** Adds the verb. */
export function addLedgerPrune(ledger: Command): void {
  ledger
    .command("prune")
    .requiredOption("--below <slot>", "first slot whose record stays (rounded down)", readSlot)
    .option("--json", "answer as JSON")
    .description("drop old records from this disk; hashes, outcomes and roots stay")
    .addHelpText("after", "\nWhat is dropped cannot be read here again. Export it first:")
    .addHelpText("after", "  vivian ledger export --to FOLDER")
    .action(async (options: { json?: boolean; below: number }) => {
      const session = openSession(options);
      const pruned = await prune(session, options.below);
      answer(session, pruned, [
        `Records below slot ${formatCount(pruned.floor)} are dropped; their hashes and outcomes ` +
          `stay, and the state after commit ${formatCount(pruned.snapshotCommit)} is kept to ` +
          "start from.",
      ]);
    });
}

async function prune(session: Session, below: number): Promise<Pruned> {
  const client = await tryConnect(session);
  if (client !== null) {
    try {
      return need(await client.call("ledger.prune", { below }, PRUNE_TIMEOUT_MS));
    } finally {
      client.close();
    }
  }
  const { folder } = session;
  const genesis = readGenesis(folder.genesis);
  if (genesis === null) return need(reject("PROCESSES_NO_LEDGER", { folder: folder.network }));
  const store = await openDiskLedger({ folder: folder.ledger, lockFile: lockFile(folder) });
  try {
    const pruned = need(await pruneStopped(store, genesis, await ledgerCrypto(), BigInt(below)));
    return { floor: pruned.floor, snapshotCommit: Number(pruned.snapshot) };
  } finally {
    await store.close();
  }
}
