/**
 * Decides the fields of payloads that move money, bonds and authority: rule version 2 of the
 * ledger (ARCHITECTURE.md section 17, "Payload kinds").
 */

import { fixedBytes, list, struct, text, u128, u32, u64, u8, varBytes } from "../../codec/index.ts";
import {
  MEMO_BYTES_MAX,
  NAME_BYTES_MAX,
  TRANSFER_MEMO_BYTES_MAX,
  TRANSFERS_MAX,
  VOTE_BYTES_MAX,
} from "../limits.ts";

const address = fixedBytes(20);
const digest = fixedBytes(32);

/** Moves VIV to several accounts, all or none. */
export const multiTransferFields = {
  transfers: list(struct({ to: address, amountBase: u128 }), TRANSFERS_MAX),
  memo: varBytes(TRANSFER_MEMO_BYTES_MAX),
} as const;

/** Says something to an account; no money moves. */
export const memoFields = { to: address, memo: varBytes(MEMO_BYTES_MAX) } as const;

/** Adds to a bond and states what it is for; an amount of 0 changes the rest alone. */
export const bondFields = {
  amountBase: u128,
  roles: u8,
  payout: address,
  vrfKey: digest,
  unitsPerHour: u32,
} as const;

/** Takes from the free part of a bond; paid out after the unbonding time. */
export const unbondFields = { amountBase: u128 } as const;

/** Adds to the escrow of a private job. */
export const jobFundFields = { job: digest, amountBase: u128 } as const;

/** Ends a job to which nothing is assigned. */
export const jobCancelFields = { job: digest } as const;

/** Changes a parameter of the network from an epoch on. */
export const parameterChangeFields = {
  name: text(NAME_BYTES_MAX),
  value: u128,
  epoch: u64,
} as const;

/** Gives an account another signing key. */
export const keyRotateFields = { key: address } as const;

/** Names where a bonded account is paid. */
export const payoutSetFields = { payout: address } as const;

/** Two votes of one validator that exclude each other; canonical bytes of each. */
export const evidenceFields = {
  first: varBytes(VOTE_BYTES_MAX),
  second: varBytes(VOTE_BYTES_MAX),
} as const;
