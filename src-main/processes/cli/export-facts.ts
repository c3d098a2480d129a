/**
 * Decides what a check of a report is told of an exported ledger: the export is checked from its
 * genesis hash first, then the records of the slots that the report names are read out of it.
 */

import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { nativeSha256 } from "../../adapters/native-crypto/sha256.ts";
import { folderSource, httpSource, zstd } from "../../adapters/static-files/index.ts";
import { decode } from "../../codec/index.ts";
import { bytesToHex } from "../../contract/bytes.ts";
import type { EnergyReport } from "../../contract/energy-report.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { neededSlots } from "../../energy/report/index.ts";
import type { LedgerFact, LedgerFacts } from "../../energy/report/index.ts";
import { genesisHash, recordOutcomeCodec } from "../../ledger/index.ts";
import { verifyExport } from "../../node/index.ts";
import type { StaticSource } from "../../ports/static-files.ts";
import { readGenesis } from "../read-genesis.ts";
import { ledgerCrypto } from "../daemon/open-ledger.ts";
import { ledgerFact } from "../daemon/reports/ledger-facts.ts";
import { CommandFailure, need } from "./failure.ts";
import type { Session } from "./session.ts";

/** An http address, a `file:` address or a folder. @rejects EXPORT_SOURCE */
export function sourceOf(text: string): Outcome<StaticSource> {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return accept(httpSource(new URL(text)));
  if (text.startsWith("file:") && URL.canParse(text)) {
    return accept(folderSource(fileURLToPath(new URL(text))));
  }
  const folder = resolve(text);
  return existsSync(folder)
    ? accept(folderSource(folder))
    : reject("EXPORT_SOURCE", { source: text });
}

/** Facts out of an export that holds. Throws CommandFailure EXPORT_* where it does not. */
export async function exportFacts(
  session: Session,
  report: EnergyReport,
  address: string,
  named: Uint8Array | undefined,
): Promise<LedgerFacts> {
  const genesis = named ?? ownGenesis(session);
  const wanted = new Set(neededSlots(report));
  const bySlot = new Map<number, LedgerFact>();
  need(
    await verifyExport({
      source: need(sourceOf(address)),
      genesisHash: genesis,
      crypto: await ledgerCrypto(),
      compression: zstd,
      execute: false,
      onEntry: (slot, entry, outcome) => {
        if (!wanted.has(slot) || outcome === undefined) return;
        const read = decode(recordOutcomeCodec, outcome);
        const code = read.ok ? read.value.code : "";
        const fact = read.ok ? ledgerFact(nativeSha256, genesis, entry, code) : undefined;
        if (fact !== undefined) bySlot.set(slot, fact);
      },
    }),
  );
  return { genesis: bytesToHex(genesis), bySlot };
}

function ownGenesis({ folder }: Session): Uint8Array {
  const genesis = readGenesis(folder.genesis);
  if (genesis !== null) return genesisHash(nativeSha256, genesis);
  const facts = { folder: folder.network, name: "--genesis" };
  throw new CommandFailure({ code: "PROCESSES_NO_LEDGER", facts });
}
