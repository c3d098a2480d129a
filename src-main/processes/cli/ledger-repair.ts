/** `vivian ledger repair`: a damaged ledger made anew from what is left of it and a snapshot. */

import { copyFileSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";

import {
  endRepair,
  lockFolder,
  machineFiles,
  openDiskLedger,
  openVoteLog,
  placeRepaired,
  repairFolder,
  scanEntries,
} from "../../adapters/disk/index.ts";
import type { DiskLedgerNeeds, DiskLedgerOptions } from "../../adapters/disk/index.ts";
import { systemClock, systemEntropy } from "../../adapters/host/index.ts";
import { nativeSha256 } from "../../adapters/native-crypto/sha256.ts";
import { accept, Fault, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { formatCount, formatNumberOf } from "../../contract/units.ts";
import { ed25519Sign } from "../../crypto/index.ts";
import type { Genesis } from "../../ledger/index.ts";
import { repairLedger, verifyLedger } from "../../node/index.ts";
import type { NodeNeeds, Repaired } from "../../node/index.ts";
import type { VoteLog } from "../../ports/vote-log.ts";
import { openNetwork } from "../daemon/founding.ts";
import { readGenesis } from "../read-genesis.ts";
import { givenWorkerKey } from "../daemon/given-files.ts";
import { ledgerCrypto, lockFile } from "../daemon/open-ledger.ts";
import { CommandFailure, need } from "./failure.ts";
import { fileBytes } from "./ledger-snapshot.ts";
import { answer, openSession, tryConnect } from "./session.ts";
import type { Session } from "./session.ts";

/** Adds the verb. */
export function addLedgerRepair(ledger: Command): void {
  ledger
    .command("repair")
    .option("--from <file>", "snapshot to begin with, where the first records are damaged")
    .option("--json", "answer as JSON")
    .description("make a damaged ledger anew; the damaged folder is kept beside it")
    .action(async (options: { json?: boolean; from?: string }) => {
      const session = openSession(options);
      const client = await tryConnect(session);
      if (client !== null) {
        client.close();
        throw new CommandFailure({
          code: "STORE_LOCKED",
          facts: { folder: session.folder.network },
        });
      }
      const { repaired, votesKept, aside } = await repair(session, options.from);
      answer(session, { ...repaired, votesKept, aside }, linesOf(repaired, votesKept, aside));
    });
}

function linesOf({ slots, commits, floor }: Repaired, votesKept: boolean, aside: string): string[] {
  const before = floor === 0 ? "" : ` Records before slot ${formatCount(floor)} are only there.`;
  return [
    `The ledger is whole again: ${formatNumberOf(slots, "slot", "slots")} in ` +
      `${formatNumberOf(commits, "commit", "commits")}, executed again and checked.`,
    `The damaged folder is kept in ${aside}.${before}`,
    ...(votesKept ? [] : ["The log of what was signed was damaged too; it begins anew."]),
  ];
}

interface Made {
  readonly repaired: Repaired;
  /** Whether the log of what was signed went with it. */
  readonly votesKept: boolean;
}

/** Repairs a folder; nothing takes the ledger's place before it was checked whole. */
async function repair(
  { folder, config }: Session,
  file: string | undefined,
): Promise<Made & { readonly aside: string }> {
  const genesis = readGenesis(folder.genesis);
  if (genesis === null) return need(reject("PROCESSES_NO_LEDGER", { folder: folder.network }));
  const given = file === undefined ? undefined : need(fileBytes(file));
  // Until the new ledger is in its place, so that no daemon starts on the damaged one.
  const lock = lockFolder(lockFile(folder));
  // The clock's timers keep no process alive; a check that waits for one would end unheard.
  const alive = setInterval(() => {}, 60_000);
  try {
    const workerKeyFile = givenWorkerKey(config);
    const host = { hasher: nativeSha256, clock: systemClock, entropy: systemEntropy };
    const needs = { ...host, workerKeyFile };
    const { validator } = openNetwork(folder, needs).keys;
    const sign = (message: Uint8Array) => ed25519Sign(validator.secret, message);
    const crypto = await ledgerCrypto();
    return need(await repairInPlace(folder.ledger, { genesis, crypto, sign, given }));
  } finally {
    clearInterval(alive);
    lock.release();
  }
}

/** What a repair of a ledger's folder works with. */
export interface RepairPlan {
  readonly genesis: Genesis;
  readonly crypto: NodeNeeds["crypto"];
  readonly sign: NodeNeeds["keys"]["sign"];
  /** Snapshot to begin with instead of the folder's own. */
  readonly given: Uint8Array | undefined;
  /** How the new store is opened, where it is not the machine's way. */
  readonly store?: Omit<DiskLedgerOptions, "folder">;
  readonly disk?: DiskLedgerNeeds;
}

/** Makes the ledger anew and puts it in place, the damaged folder beside it; the lock is held. */
export async function repairInPlace(
  ledger: string,
  plan: RepairPlan,
): Promise<Outcome<Made & { readonly aside: string }>> {
  // One that was cut off may have left a whole ledger, which no new one could take the name of.
  placeRepaired(machineFiles, ledger);
  const made = await makeAnew(ledger, plan);
  if (!made.ok) return made;
  endRepair(machineFiles, ledger);
  const aside = placeRepaired(machineFiles, ledger) ?? ledger;
  return accept({ ...made.value, aside });
}

async function makeAnew(ledger: string, plan: RepairPlan): Promise<Outcome<Made>> {
  const place = repairFolder(ledger);
  rmSync(place, { recursive: true, force: true });
  const store = await openDiskLedger({ ...plan.store, folder: place }, plan.disk);
  let voteLog: VoteLog | undefined;
  try {
    const { genesis, crypto, sign, given } = plan;
    voteLog = copyVotes(ledger, place);
    const own = machineFiles.readWhole(join(ledger, "snapshot"));
    const remains = scanEntries(ledger);
    const snapshot = given ?? own;
    const base = { store, genesis, crypto, sign, remains, snapshot, voteLog };
    const repaired = await repairLedger(base);
    if (!repaired.ok) return repaired;
    const report = await verifyLedger(store, genesis, { clock: systemClock, crypto });
    if (!report.ok) return reject(report.code ?? "NODE_VERIFY_STATE", report.facts);
    return accept({ repaired: repaired.value, votesKept: voteLog !== undefined });
  } finally {
    await voteLog?.close();
    await store.close();
  }
}

/** The vote log goes with the ledger: without it a second history could be signed. */
function copyVotes(from: string, to: string): VoteLog | undefined {
  const path = join(to, "votes");
  if (!existsSync(join(from, "votes"))) return undefined;
  copyFileSync(join(from, "votes"), path);
  try {
    // Opening syncs it, and refuses it where it is damaged.
    return openVoteLog(path);
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== "STORE_DAMAGED") throw error;
    rmSync(path);
    return undefined;
  }
}
