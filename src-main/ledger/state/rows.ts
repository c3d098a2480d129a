/**
 * Decides what a row of each table holds. Every amount of VIV outside a genesis document stands in
 * one of these rows, so the supply can be counted from them (`moneyOf` in money.ts).
 */

import {
  bool,
  enumeration,
  fixedBytes,
  list,
  struct,
  text,
  u128,
  u32,
  u64,
  u8,
  varBytes,
} from "../../codec/index.ts";
import type { ValueOf } from "../../codec/index.ts";
import { SEGMENTS_MAX, SPECIFICATION_BYTES_MAX } from "../../learning/index.ts";
import {
  AGENDA_ENTRIES_MAX,
  BONDED_MAX,
  CODE_BYTES_MAX,
  NAME_BYTES_MAX,
  PARAMETER_CHANGES_MAX,
  UNBONDINGS_MAX,
} from "../limits.ts";
import { depositCodec } from "./deposit.ts";

const address = fixedBytes(20);
const digest = fixedBytes(32);

/** The money there is: genesis + minted − burned must equal circulating after every record. */
export const totalsRowCodec = struct({
  genesisBase: u128,
  mintedBase: u128,
  burnedBase: u128,
  circulatingBase: u128,
});

/** What waits: `due` is a view or a commit time, by queue; ascending by (due, kind, id). */
export const agendaRowCodec = list(
  struct({ due: u64, kind: enumeration({ job: 0, unit: 1 }), id: digest }),
  AGENDA_ENTRIES_MAX,
);

/** Addresses of the accounts with a bond, ascending. */
export const bondedRowCodec = list(address, BONDED_MAX);

/** An account's free balance. */
export const accountRowCodec = struct({ balanceBase: u128 });

/** The next nonce of an account's lane, and what was lent for the row. */
export const laneRowCodec = struct({ nonce: u64, deposit: depositCodec });

/** The only key that signs for an account; without a row that is the account's own. */
export const keyRowCodec = struct({ key: address, deposit: depositCodec });

/** The price's multiplier in 2^-32, above 1.0. */
export const feesRowCodec = struct({ multiplier: u64 });

/** What left a bond and is not paid out yet, in the order it left. */
export const unbondingRowCodec = list(struct({ due: u64, amountBase: u128 }), UNBONDINGS_MAX);

/** Who waits to leave the state, in the order it came. */
export const leavingRowCodec = struct({ due: u64, id: digest });

/** Numbers of the first that waits and of the next to come. */
export const leavingEndsRowCodec = struct({ first: u64, next: u64 });

/** A statement that a validator was punished for. */
export const offenceRowCodec = struct({ reporter: address, slot: u64 });

/** A bonded account. */
export const workerRowCodec = struct({
  roles: u8,
  bondedBase: u128,
  /** The part of the bond that stands for units in flight or under dispute. */
  heldBase: u128,
  payout: address,
  vrfKey: digest,
  unitsPerHour: u32,
  unitsInFlight: u32,
  verifiedUnits: u64,
});

/** A sponsored listing and what was minted or promised of its cap. */
export const listingRowCodec = struct({
  name: text(NAME_BYTES_MAX),
  templateHash: digest,
  unitPriceBase: u128,
  mintCapBase: u128,
  mintedBase: u128,
  promisedBase: u128,
});

/** A job; its specification is the submitted one until it starts, then the final one. */
export const jobRowCodec = struct({
  owner: address,
  listing: u32,
  status: enumeration({ created: 0, started: 1, closed: 2 }),
  escrowBase: u128,
  specification: varBytes(SPECIFICATION_BYTES_MAX),
  seed: digest,
  specificationHash: digest,
  createdView: u64,
  createdTime: u64,
  /** When a unit that found no worker is drawn for again; 0 when none waits. */
  retryTime: u64,
  rounds: u32,
  shards: u32,
  /** Lent for this row and for its unit's. */
  deposit: depositCodec,
});

/** Where a unit is in its life (section 5); `committed` and `opened` lie within the challenge. */
export const unitPhaseCodec = enumeration({
  assigned: 0,
  sealed: 1,
  revealed: 2,
  challenged: 3,
  committed: 4,
  opened: 5,
  accepted: 6,
  paid: 7,
  disputed: 8,
  void: 9,
});

/** A work unit. Fields of later phases are zero or empty until then. */
export const unitRowCodec = struct({
  job: digest,
  round: u32,
  shard: u32,
  phase: unitPhaseCodec,
  worker: address,
  verifier: address,
  priceBase: u128,
  /** Held from the bond of the worker, and as much from the verifier's. */
  bondBase: u128,
  assignedTime: u64,
  /** Last commit time of the message this phase waits for; 0 where none is awaited. */
  deadline: u64,
  seal: digest,
  sealedNumber: u64,
  startRoot: digest,
  endRoot: digest,
  chainHead: digest,
  innerListRoot: digest,
  listDigest: digest,
  segmentCount: u32,
  /** First view whose beacon may draw the challenge. */
  challengeView: u64,
  /** Beacon of the challenge. */
  beacon: digest,
  commitment: digest,
  fullReplay: bool,
  /** Segments drawn, ascending. */
  drawn: list(u32, SEGMENTS_MAX),
  /** H(tag ‖ inner digests the worker opened, in order). */
  openedInners: digest,
  /** Why the unit is disputed or void. */
  code: text(CODE_BYTES_MAX),
  /** First segment the verifier disputes. */
  disputedSegment: u32,
});

/**
 * Changes of parameters, in the order they take effect; for each name at most the one in force and
 * one to come.
 */
export const parametersRowCodec = list(
  struct({ name: text(NAME_BYTES_MAX), value: u128, epoch: u64 }),
  PARAMETER_CHANGES_MAX,
);

export type TotalsRow = ValueOf<typeof totalsRowCodec>;
export type AgendaRow = ValueOf<typeof agendaRowCodec>;
export type AgendaEntry = AgendaRow[number];
export type BondedRow = ValueOf<typeof bondedRowCodec>;
export type AccountRow = ValueOf<typeof accountRowCodec>;
export type LaneRow = ValueOf<typeof laneRowCodec>;
export type WorkerRow = ValueOf<typeof workerRowCodec>;
export type ListingRow = ValueOf<typeof listingRowCodec>;
export type JobRow = ValueOf<typeof jobRowCodec>;
export type UnitPhase = ValueOf<typeof unitPhaseCodec>;
export type UnitRow = ValueOf<typeof unitRowCodec>;
export type ParametersRow = ValueOf<typeof parametersRowCodec>;
export type KeyRow = ValueOf<typeof keyRowCodec>;
export type FeesRow = ValueOf<typeof feesRowCodec>;
export type UnbondingRow = ValueOf<typeof unbondingRowCodec>;
export type LeavingRow = ValueOf<typeof leavingRowCodec>;
export type LeavingEndsRow = ValueOf<typeof leavingEndsRowCodec>;
export type OffenceRow = ValueOf<typeof offenceRowCodec>;
