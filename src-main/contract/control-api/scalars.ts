/**
 * Decides how single values cross the control API: amounts as decimal text (a JSON number would
 * lose digits), digests as lower-case hex, addresses with their checksum, times in milliseconds.
 */

import { z } from "zod";

/** Decimal digits of an unsigned 128-bit amount: 2^128 has 39. */
const AMOUNT_DIGITS_MAX = 39;

/** An amount in the smallest unit, as decimal text: "12400000000000000000" is 12.4 VIV. */
export const amountBaseSchema = z
  .string()
  .max(AMOUNT_DIGITS_MAX)
  .regex(/^(0|[1-9][0-9]*)$/);

/** A 32-byte digest or id as 64 lower-case hex digits. */
export const digestSchema = z.string().regex(/^[0-9a-f]{64}$/);

/** A 20-byte account address as "0x" and 40 hex digits; capitals are a checksum (EIP-55). */
export const addressSchema = z.string().regex(/^0x[0-9a-fA-F]{40}$/);

/** Stored bytes as lower-case hex. */
export const hexSchema = z.string().regex(/^(?:[0-9a-f]{2})*$/);

/** A slot of the ledger's vector, a commit number, a count. */
export const countSchema = z.int().min(0);

/** A point in time or a span, in milliseconds. */
export const millisecondsSchema = z.number().min(0);

/** A machine-readable reason: ROOM_WHAT. */
export const codeSchema = z.string().regex(/^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/);

/** The facts that explain a code. */
export const factsSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
