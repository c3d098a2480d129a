/** Decides how a daemon searches: with the accelerator where this machine has one. */

import { systemClock } from "../../adapters/host/index.ts";
import { nativeEd25519Verify, nativeSha256 } from "../../adapters/native-crypto/index.ts";
import { searchAccelerator } from "../../adapters/search-accelerator/index.ts";
import { ed25519Scheme } from "../../ledger/index.ts";
import type { Genesis } from "../../ledger/index.ts";
import { LedgerSearch } from "../../node/index.ts";
import type { Node } from "../../node/index.ts";
import type { LedgerStore } from "../../ports/ledger-store.ts";
import type { Log } from "../../ports/log.ts";

/** What is searched. */
export interface SearchedLedger {
  readonly store: LedgerStore;
  readonly node: Node;
  readonly genesis: Genesis;
  readonly log: Log;
}

/** The searches of a started node; says why they are not as fast as they could be. */
export async function openSearch({
  store,
  node,
  genesis,
  log,
}: SearchedLedger): Promise<LedgerSearch> {
  const { maker, fault } = await searchAccelerator();
  if (fault !== undefined) {
    log.warn("large collections are searched in the committed index alone", {
      code: fault.code,
      reason: fault.message,
    });
  }
  const scheme = ed25519Scheme(nativeEd25519Verify);
  const context = { hasher: nativeSha256, genesis, scheme };
  return new LedgerSearch({}, { store, node, context, graphs: maker, clock: systemClock, log });
}
