/** `vivian ledger export` and `vivian ledger verify --url`: the ledger as files for anybody. */

import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import type { Command } from "commander";

import { systemClock } from "../../adapters/host/index.ts";
import { nativeSha256 } from "../../adapters/native-crypto/sha256.ts";
import { folderTarget, zstd } from "../../adapters/static-files/index.ts";
import { bytesToHex } from "../../contract/bytes.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { formatCount, formatNumberOf } from "../../contract/units.ts";
import { genesisHash } from "../../ledger/index.ts";
import { exportLedger, verifyExport } from "../../node/index.ts";
import { readGenesis } from "../read-genesis.ts";
import { ledgerCrypto } from "../daemon/open-ledger.ts";
import { sourceOf } from "./export-facts.ts";
import { need } from "./failure.ts";
import { answer, openSession, say } from "./session.ts";
import type { Session } from "./session.ts";
import { withStore } from "./with-store.ts";

/** Options of `ledger verify`. */
export interface VerifyOptions {
  readonly json?: boolean;
  readonly url?: string;
  readonly genesis?: Uint8Array;
  readonly execute?: boolean;
  readonly progress?: string;
}

/** A line of progress every few seconds is enough for who waits. */
const TELL_MS = 3_000;

/** Adds the verb. */
export function addLedgerExport(ledger: Command): void {
  ledger
    .command("export")
    .requiredOption(
      "--to <folder>",
      "folder to write into; one that is there is brought up to date",
    )
    .option("--json", "answer as JSON")
    .description("write the ledger as static files that any web server can offer")
    .addHelpText("after", "\nWho has the genesis hash checks them with:")
    .addHelpText("after", "  vivian ledger verify --url URL --genesis HASH")
    .action(async (options: { json?: boolean; to: string }) => {
      const session = openSession(options);
      const folder = resolve(options.to);
      const tell = teller(session);
      await withStore(session, async (store, genesis) => {
        const exported = need(
          await exportLedger({
            ...{ store, genesis, hasher: nativeSha256, clock: systemClock, compression: zstd },
            target: folderTarget(folder),
            onProgress: ({ files, filesTotal }) => tell(files, filesTotal, "files"),
          }),
        );
        const genesisText = bytesToHex(genesisHash(nativeSha256, genesis));
        const { slots, written, kept } = exported;
        answer(session, { folder, genesis: genesisText, ...exported }, [
          `${formatNumberOf(slots, "slot", "slots")} are in ${folder}: ` +
            `${formatNumberOf(written, "file", "files")} written, ${formatCount(kept)} as before.`,
          `Genesis hash ${genesisText}`,
        ]);
      });
    });
}

/** Checks an export; it needs no ledger here, only the hash of the network. */
export async function verifyUrl(
  session: Session,
  url: string,
  options: VerifyOptions,
): Promise<void> {
  const hash = need(networkHash(session, options.genesis));
  const source = need(sourceOf(url));
  const { progress } = options;
  const note = progress === undefined ? undefined : resolve(progress);
  const resume =
    note !== undefined && existsSync(note) ? { resume: readFileSync(note, "utf8") } : {};
  const tell = teller(session);
  const verified = need(
    await verifyExport({
      ...{ source, genesisHash: hash, crypto: await ledgerCrypto(), compression: zstd },
      execute: options.execute === true,
      onProgress: (slots, total) => tell(slots, total, "slots"),
      ...resume,
      ...(note === undefined ? {} : { note: (place) => keepNote(note, place) }),
    }),
  );
  const { slots, commits, certificates, executed, resumedFrom } = verified;
  const root = bytesToHex(verified.root);
  const how = executed ? "executed again and compared" : "checked, not executed (--execute does)";
  answer(session, { slots, commits, certificates, root, executed, resumedFrom }, [
    `The export is whole: ${formatNumberOf(slots, "slot", "slots")} in ` +
      `${formatNumberOf(commits, "commit", "commits")}, ` +
      `${formatNumberOf(certificates, "certificate", "certificates")}; ${how}.`,
    `Vector root ${root}`,
  ]);
}

function keepNote(file: string, place: string): void {
  void folderTarget(dirname(file)).put(basename(file), new TextEncoder().encode(place));
}

function networkHash(session: Session, named: Uint8Array | undefined): Outcome<Uint8Array> {
  if (named !== undefined) return accept(named);
  const genesis = readGenesis(session.folder.genesis);
  if (genesis !== null) return accept(genesisHash(nativeSha256, genesis));
  return reject("PROCESSES_NO_LEDGER", { folder: session.folder.network, name: "--genesis" });
}

function teller(session: Session): (done: number, total: number, what: string) => void {
  let toldMs = Date.now();
  return (done, total, what) => {
    if (Date.now() - toldMs < TELL_MS) return;
    toldMs = Date.now();
    say(session, `${formatCount(done)} of ${formatCount(total)} ${what}`);
  };
}
