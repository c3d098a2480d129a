/** Decides what is answered from the ledger alone, and what a receipt is made with. */

import { nativeEd25519Verify, nativeSha256 } from "../../adapters/native-crypto/index.ts";
import {
  accountHandlers,
  concentrationHandlers,
  ledgerHandlers,
  lightHandlers,
  searchHandlers,
} from "../../api/index.ts";
import type { LedgerNeeds } from "../../api/index.ts";
import { ed25519Scheme } from "../../ledger/index.ts";
import type { ConcentrationReader, LedgerSearch, Node } from "../../node/index.ts";
import type { DataFolder } from "../config/data-folder.ts";
import { runningLedgerCheck } from "./check-apart.ts";
import type { Founding } from "./founding.ts";
import { keepReceipt } from "./keep-receipt.ts";

/** Handlers of everything that the ledger alone answers. */
export function ledgerFaces(
  ledgerNeeds: LedgerNeeds,
  search: LedgerSearch,
  concentration: ConcentrationReader,
) {
  const { node } = ledgerNeeds;
  return {
    ...ledgerHandlers(ledgerNeeds),
    ...accountHandlers({ node }),
    ...searchHandlers({ node, search }),
    ...lightHandlers(ledgerNeeds),
    ...concentrationHandlers(concentration),
  };
}

/** What the ledger's methods are answered from in a data folder. */
export function receiptNeeds(
  node: Node,
  { genesis }: Pick<Founding, "genesis">,
  folder: DataFolder,
): LedgerNeeds {
  return {
    node,
    genesis,
    hasher: nativeSha256,
    scheme: ed25519Scheme(nativeEd25519Verify),
    verify: runningLedgerCheck(folder),
    writeReceipt: (slot, bytes) => keepReceipt(folder, slot, bytes),
  };
}
