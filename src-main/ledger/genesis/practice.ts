/**
 * Decides the practice network: one validator, the same rules, its own constants (ARCHITECTURE.md
 * section 7, "Practice"). Its VIV has no value and the page says so.
 */

import { compareBytes } from "../../contract/bytes.ts";
import { invariant } from "../../contract/outcome.ts";
import { brokenGenesisRule, ROLE_VERIFIER, ROLE_WORKER, RULE_VERSION } from "./genesis.ts";
import type { Genesis, GenesisAccount, GenesisConstants, GenesisListing } from "./genesis.ts";

/** Base units of one VIV. */
export const VIV: bigint = 10n ** 18n;

/** Constants of the practice network; where a real network differs, it waits longer. */
export const PRACTICE_CONSTANTS: GenesisConstants = {
  challengeDelayViews: 2n,
  commitIntervalMs: 50n,
  epochMs: 86_400_000n,
  disputeWindowMs: 60_000n,
  assignRetryMs: 1_000n,
  bondUnitPrices: 10,
  // A transfer costs about 0.0001 VIV; enough to count, too little to think about.
  feePerRecordBase: VIV / 20_000n,
  feePerByteBase: VIV / 10_000_000n,
  // An hour of practice shows what two weeks of a real network do.
  unbondingMs: 3_600_000n,
  slashPermille: 50,
  // A week: long enough to look back in the page, short enough that the state stays small.
  closedWindowMs: 604_800_000n,
  feePerEmbeddingByteBase: VIV / 10_000_000n,
  feePerStateByteBase: VIV / 10_000_000n,
  // Some 0.01 VIV for a row of 100 bytes.
  depositPerByteBase: VIV / 10_000n,
  commitTargetBytes: 524_288n,
  governor: new Uint8Array(20),
};

/** What the owner starts with. */
export const PRACTICE_OWNER_BASE: bigint = 1_000n * VIV;

/** Money of worker and verifier for fees: a unit costs each of them well below 0.01 VIV. */
export const PRACTICE_FEE_MONEY_BASE: bigint = 100n * VIV;

/** Bond of worker and verifier: 10 × price for a thousand units of 100 VIV in flight. */
export const PRACTICE_BOND_BASE: bigint = 1_000_000n * VIV;

/** Founding weight in a draw; with one worker it decides nothing. */
const PRACTICE_UNITS_PER_HOUR = 1_000;

/** Whose keys found a practice network. All addresses differ. */
export interface PracticeFounders {
  /** Commit time of the genesis, milliseconds. */
  readonly time: bigint;
  readonly validator: {
    readonly consensusKey: Uint8Array;
    readonly vrfKey: Uint8Array;
    readonly address: Uint8Array;
  };
  /** Owner of the balance, and where worker and verifier are paid. */
  readonly owner: Uint8Array;
  readonly worker: { readonly address: Uint8Array };
  readonly verifier: { readonly address: Uint8Array; readonly vrfKey: Uint8Array };
  readonly pool: Uint8Array;
  readonly listings: readonly GenesisListing[];
}

/** The genesis document of a practice network. */
export function practiceGenesis(founders: PracticeFounders): Genesis {
  const { owner, validator, verifier, worker } = founders;
  const noKey = new Uint8Array(32);
  const bonded = (address: Uint8Array, roles: number, vrfKey: Uint8Array): GenesisAccount => ({
    address,
    balanceBase: PRACTICE_FEE_MONEY_BASE,
    bondedBase: PRACTICE_BOND_BASE,
    roles,
    payout: owner,
    vrfKey,
    unitsPerHour: PRACTICE_UNITS_PER_HOUR,
  });
  const accounts: GenesisAccount[] = [
    bonded(worker.address, ROLE_WORKER, noKey),
    bonded(verifier.address, ROLE_VERIFIER, verifier.vrfKey),
    {
      address: owner,
      balanceBase: PRACTICE_OWNER_BASE,
      bondedBase: 0n,
      roles: 0,
      payout: owner,
      vrfKey: noKey,
      unitsPerHour: 0,
    },
  ];
  accounts.sort((left, right) => compareBytes(left.address, right.address));
  const genesis: Genesis = {
    name: "practice",
    ruleVersion: RULE_VERSION,
    time: founders.time,
    // Whoever practises may also try what a governor can do.
    constants: { ...PRACTICE_CONSTANTS, governor: owner },
    validators: [{ ...validator, weight: 1n }],
    accounts,
    listings: founders.listings,
    pool: founders.pool,
  };
  const broken = brokenGenesisRule(genesis);
  invariant(broken === undefined, `a practice genesis is sound: ${broken}`);
  return genesis;
}
