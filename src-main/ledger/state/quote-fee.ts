/**
 * Decides what somebody who is about to sign is told: the present price, what the state may come
 * to cost on top, what is lent and comes back, and the maximum fee to sign. The maximum leaves room
 * for the price to double before the record is in; what is not used stays in the account.
 */

import { decode, encode } from "../../codec/index.ts";
import { jobSpecificationCodec, SEGMENTS_MAX } from "../../learning/index.ts";
import { CODE_BYTES_MAX } from "../limits.ts";
import type { Payload } from "../records/payloads.ts";
import { NO_DEPOSIT } from "./deposit.ts";
import { inclusionFee, stateFee } from "./fees.ts";
import type { FeePrices } from "./fees.ts";
import { jobDepositBytes } from "./new-unit.ts";
import { ROW_KEY_BYTES, rowSize } from "./row-size.ts";
import { accountRowCodec, jobRowCodec, keyRowCodec, workerRowCodec } from "./rows.ts";
import type { JobRow } from "./rows.ts";

/** What a record costs, all in base units. */
export interface FeeQuote {
  /** Charged for being included, by the present price. */
  readonly feeBase: bigint;
  /** Most that is charged on top for what it adds to the state. */
  readonly stateFeeBase: bigint;
  /** Most that is lent for rows it keeps; a first record's lane aside (`laneDeposit`). */
  readonly depositBase: bigint;
  /** What to sign as the maximum. */
  readonly maxFeeBase: bigint;
}

/** Room for the price to move between asking and being included. */
const MAX_FEE_TIMES = 2n;

const NO_KEY = new Uint8Array(32);
const NO_ADDRESS = new Uint8Array(20);

const ACCOUNT_BYTES = rowSize(accountRowCodec, { balanceBase: 0n });
const KEY_BYTES = rowSize(keyRowCodec, { key: NO_ADDRESS, deposit: NO_DEPOSIT });
const BOND_BYTES = rowSize(workerRowCodec, {
  roles: 0,
  bondedBase: 0n,
  heldBase: 0n,
  payout: NO_ADDRESS,
  vrfKey: NO_KEY,
  unitsPerHour: 0,
  unitsInFlight: 0,
  verifiedUnits: 0n,
});

/** More than the rows of any publication, grant, anchor or key take together. */
const PUBLICATION_BYTES = 512;

/** One part of a bond, one change of a parameter, one offence: each well below. */
const SMALL_ROW_BYTES = 160;

const EMPTY_JOB: JobRow = {
  owner: NO_ADDRESS,
  listing: 0,
  status: "created",
  escrowBase: 0n,
  specification: new Uint8Array(0),
  seed: NO_KEY,
  specificationHash: NO_KEY,
  createdView: 0n,
  createdTime: 0n,
  retryTime: 0n,
  rounds: 1,
  shards: 1,
  deposit: NO_DEPOSIT,
};

/** Most bytes that applying a payload adds to the state, keys included. */
function growthMost(payload: Payload): number {
  switch (payload.kind) {
    case "transfer":
      return ACCOUNT_BYTES;
    case "multi-transfer":
      return ACCOUNT_BYTES * payload.transfers.length;
    case "job-create":
      return ROW_KEY_BYTES + encode(jobRowCodec, EMPTY_JOB).length + payload.specification.length;
    case "bond":
      return BOND_BYTES;
    case "key-rotate":
      return KEY_BYTES;
    case "unbond":
    case "parameter-change":
    case "evidence":
      return SMALL_ROW_BYTES;
    case "verdict-commit":
      return 4 * SEGMENTS_MAX;
    case "verdict-open":
      return CODE_BYTES_MAX;
    case "publish":
    case "energy-anchor":
    case "certificate-claim":
    case "unit-energy":
    case "encryption-key":
    case "sealed":
    case "grant":
    case "revoke":
      return PUBLICATION_BYTES;
    default:
      return 0;
  }
}

/** Most bytes of rows that the account is lent for. */
function depositBytesMost(payload: Payload): number {
  switch (payload.kind) {
    case "job-create": {
      const read = decode(jobSpecificationCodec, payload.specification);
      // What does not read is refused, so nothing is lent.
      if (!read.ok) return 0;
      const { specification } = payload;
      return jobDepositBytes({ ...EMPTY_JOB, specification }, read.value);
    }
    case "key-rotate":
      return KEY_BYTES - ROW_KEY_BYTES;
    case "publish":
    case "energy-anchor":
    case "certificate-claim":
    case "unit-energy":
    case "encryption-key":
    case "sealed":
    case "grant":
      return PUBLICATION_BYTES;
    default:
      return 0;
  }
}

/**
 * What a record of that many stored bytes costs at these prices.
 * @param storedBytes  record and signature; no field's value changes the size but its payload's
 */
export function quoteFee(prices: FeePrices, storedBytes: number, payload: Payload): FeeQuote {
  const feeBase = inclusionFee(prices, storedBytes, payload);
  const stateFeeBase = stateFee(prices, growthMost(payload), payload.kind);
  const depositBase = prices.depositPerByteBase * BigInt(depositBytesMost(payload));
  const maxFeeBase = MAX_FEE_TIMES * (feeBase + stateFeeBase);
  return { feeBase, stateFeeBase, depositBase, maxFeeBase };
}
