/** `vivian ledger snapshot|restore`: the whole state in one file, and a folder begun from it. */

import { readFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import type { Command } from "commander";

import { openDiskLedger } from "../../adapters/disk/index.ts";
import { nativeSha256 } from "../../adapters/native-crypto/sha256.ts";
import { folderTarget } from "../../adapters/static-files/index.ts";
import { encode } from "../../codec/index.ts";
import { bytesEqual, bytesToHex } from "../../contract/bytes.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { formatCount } from "../../contract/units.ts";
import { genesisCodec, genesisHash } from "../../ledger/index.ts";
import { makeSnapshot, readSnapshot, restoreSnapshot } from "../../node/index.ts";
import { makeDataFolder } from "../config/data-folder.ts";
import { readGenesis } from "../read-genesis.ts";
import { ledgerCrypto, lockFile } from "../daemon/open-ledger.ts";
import { CommandFailure, need } from "./failure.ts";
import { readDigest } from "./read-digest.ts";
import { answer, openSession, tryConnect } from "./session.ts";
import type { Session } from "./session.ts";
import { withStore } from "./with-store.ts";

interface RestoreOptions {
  readonly json?: boolean;
  readonly from: string;
  readonly genesis?: Uint8Array;
}

/** Adds the verbs. */
export function addLedgerSnapshot(ledger: Command): void {
  ledger
    .command("snapshot")
    .requiredOption("--to <file>", "file to write")
    .option("--json", "answer as JSON")
    .description("write the whole state and its proof into one file")
    .action(async (options: { json?: boolean; to: string }) => {
      const session = openSession(options);
      await withStore(session, async (store, genesis) => {
        const made = need(makeSnapshot(store, genesis, await ledgerCrypto()));
        const file = resolve(options.to);
        const target = folderTarget(dirname(file));
        await target.put(basename(file), made.bytes);
        await target.settle();
        const { commit, slots, bytes } = made;
        answer(session, { file, commit, slots, bytes: bytes.length }, [
          `The state after commit ${formatCount(commit)}, ${formatCount(slots)} slots, is in ` +
            `${file}: ${formatCount(bytes.length)} bytes.`,
        ]);
      });
    });
  ledger
    .command("restore")
    .requiredOption("--from <file>", "file that `vivian ledger snapshot` wrote")
    .option(
      "--genesis <hash>",
      "genesis hash of the network, where this folder has none",
      readDigest,
    )
    .option("--json", "answer as JSON")
    .description("begin this folder's ledger with a snapshot; earlier slots are pruned")
    .addHelpText("after", "\nOnly where the ledger is lost for good: a validator that goes on from")
    .addHelpText("after", "an old snapshot could sign a second history.")
    .action(async (options: RestoreOptions) => {
      const session = openSession(options);
      await restore(session, options);
    });
}

async function restore(session: Session, options: RestoreOptions): Promise<void> {
  const { folder } = session;
  const client = await tryConnect(session);
  if (client !== null) {
    client.close();
    throw new CommandFailure({ code: "STORE_LOCKED", facts: { folder: folder.network } });
  }
  const file = resolve(options.from);
  const bytes = need(fileBytes(file));
  const crypto = await ledgerCrypto();
  const hash = need(expectedNetwork(session, options.genesis));
  // Before anything is made: a file that is not sound leaves no trace.
  const checked = need(readSnapshot(bytes, hash, crypto));
  makeDataFolder(folder);
  const store = await openDiskLedger({ folder: folder.ledger, lockFile: lockFile(folder) });
  try {
    // First: a folder with a ledger and without its genesis would found another network.
    const target = folderTarget(folder.network);
    await target.put(basename(folder.genesis), encode(genesisCodec, checked.genesis));
    await target.settle();
    const restored = need(await restoreSnapshot(store, bytes, hash, crypto));
    answer(session, restored, [
      `The ledger goes on after commit ${formatCount(restored.commit)}, ` +
        `${formatCount(restored.slots)} slots; records before the snapshot are not held.`,
    ]);
  } finally {
    await store.close();
  }
}

/** The network that a snapshot must be of: this folder's, else the one that was named. */
function expectedNetwork(session: Session, named: Uint8Array | undefined): Outcome<Uint8Array> {
  const genesis = readGenesis(session.folder.genesis);
  const own = genesis === null ? named : genesisHash(nativeSha256, genesis);
  if (own === undefined) {
    return reject("PROCESSES_NO_LEDGER", { folder: session.folder.network, name: "--genesis" });
  }
  if (named !== undefined && !bytesEqual(own, named)) {
    return reject("SNAPSHOT_NETWORK", { genesis: bytesToHex(own) });
  }
  return accept(own);
}

/** The bytes of a file that somebody named. @rejects SNAPSHOT_FILE */
export function fileBytes(file: string): Outcome<Uint8Array> {
  try {
    const bytes = readFileSync(file);
    return accept(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "unknown";
    return reject("SNAPSHOT_FILE", { file, reason });
  }
}
