/** Decides the state before the first commit: the rows a genesis document says. */

import { MerkleFrontier } from "../../crypto/index.ts";
import type { Hasher } from "../../crypto/index.ts";
import { genesisBeacon } from "../execute/beacon.ts";
import type { Head } from "../execute/head.ts";
import { EMPTY_STATE_ROOT, updateStateMap } from "../state/map.ts";
import type { HashPairs } from "../state/map-page.ts";
import { checkSupply, credit } from "../state/money.ts";
import { StateOverlay } from "../state/overlay.ts";
import type { StatePageChange } from "../state/state-view.ts";
import {
  BONDED,
  LISTINGS,
  listingId,
  SINGLE,
  TOTALS,
  VALIDATORS,
  WORKERS,
} from "../state/tables.ts";
import { genesisHash } from "./genesis.ts";
import type { Genesis } from "./genesis.ts";

/** The head and the pages a store begins with. */
export interface GenesisState {
  readonly head: Head;
  readonly pages: readonly StatePageChange[];
}

/** Builds the state of a sound genesis document. */
export function genesisState(
  genesis: Genesis,
  needs: { readonly hasher: Hasher; readonly hashPairs?: HashPairs },
): GenesisState {
  const { hasher } = needs;
  const readPage = (): undefined => undefined;
  const overlay = new StateOverlay({ get: readPage }, hasher);
  writeRows(overlay, genesis);
  const { root, pages } = updateStateMap({ ...needs, readPage }, overlay.changes());
  const hash = genesisHash(hasher, genesis);
  const frontier = new MerkleFrontier(hasher);
  const head: Head = {
    genesisHash: hash,
    number: 0n,
    epoch: 0n,
    view: 0n,
    firstSlot: 0n,
    size: 0n,
    time: genesis.time,
    commitDigest: hash,
    vectorRoot: frontier.root(),
    stateRoot: root,
    outcomeRoot: frontier.root(),
    indexRoot: EMPTY_STATE_ROOT,
    beacon: genesisBeacon(hasher, hash),
    vectorFrontier: frontier.serialise(),
    outcomeFrontier: frontier.serialise(),
  };
  return { head, pages };
}

function writeRows(overlay: StateOverlay, genesis: Genesis): void {
  let genesisBase = 0n;
  const bonded: Uint8Array[] = [];
  for (const account of genesis.accounts) {
    const { address, balanceBase, bondedBase, roles, payout, vrfKey, unitsPerHour } = account;
    credit(overlay, address, balanceBase);
    genesisBase += balanceBase + bondedBase;
    if (roles === 0) continue;
    bonded.push(address);
    const idle = { heldBase: 0n, unitsInFlight: 0, verifiedUnits: 0n };
    overlay.write(WORKERS, address, { roles, bondedBase, payout, vrfKey, unitsPerHour, ...idle });
  }
  for (const [index, listing] of genesis.listings.entries()) {
    overlay.write(LISTINGS, listingId(index + 1), { ...listing, mintedBase: 0n, promisedBase: 0n });
  }
  overlay.write(BONDED, SINGLE, bonded);
  overlay.write(VALIDATORS, SINGLE, genesis.validators);
  const totals = { genesisBase, mintedBase: 0n, burnedBase: 0n, circulatingBase: genesisBase };
  overlay.write(TOTALS, SINGLE, totals);
  checkSupply(overlay, 0n, 0n);
}
