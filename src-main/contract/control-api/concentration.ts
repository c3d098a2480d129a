/**
 * Decides how concentration crosses the control API. Parts are in ten-thousandths; the Gini
 * coefficient stands beside its exact fraction, whose numbers are decimal text.
 */

import { z } from "zod";

import { countSchema, millisecondsSchema } from "./scalars.ts";

/** Points of a curve: 32 stretches and both ends. */
const LORENZ_POINTS_MAX = 33;

const part = z.int().min(0).max(10_000);

/** A whole number without bound to its digits but this: 32,768 holders of 2^128 each. */
const wholeSchema = z
  .string()
  .max(64)
  .regex(/^(0|[1-9][0-9]*)$/);
const ratioSchema = z.strictObject({ numerator: wholeSchema, denominator: wholeSchema });

/** How a whole is spread over those who have some of it. */
export const spreadSchema = z.strictObject({
  holders: countSchema,
  /** Base units of VIV, or weight of votes. */
  total: wholeSchema,
  /** 0: all have the same; the nearest to 10,000: one has nearly all. */
  gini: part,
  giniExact: ratioSchema,
  /** The least number of holders who together have more than `over` of the whole. */
  nakamoto: countSchema,
  over: ratioSchema,
  /** What the greatest holder has. */
  greatest: part,
  lorenz: z.array(z.strictObject({ holders: part, share: part })).max(LORENZ_POINTS_MAX),
});

/** What `ledger.concentration` answers; a spread is null where nobody has anything. */
export const concentrationSchema = z.strictObject({
  /** Commit after which it was read, and its time. */
  commit: countSchema,
  timeMs: millisecondsSchema,
  /** Weight of the validators, by account. */
  votes: spreadSchema.nullable(),
  /** Bonds of workers and verifiers. */
  bonds: spreadSchema.nullable(),
  /** The workers' part of units paid in a window of commits. */
  work: z.strictObject({
    fromCommit: countSchema,
    toCommit: countSchema,
    /** null where the commit record is no longer held. */
    fromMs: millisecondsSchema.nullable(),
    /** Units paid. */
    payments: countSchema,
    /** Of those, units whose worker is no longer known; only missing by worker. */
    unattributed: countSchema,
    byWorker: spreadSchema.nullable(),
    /** By the address paid to, where several workers of one operator may meet. */
    byPayout: spreadSchema.nullable(),
  }),
  balances: z.strictObject({
    spread: spreadSchema.nullable(),
    /** False where there are more accounts than are read. */
    whole: z.boolean(),
    /** All VIV there is; what no balance holds is in bonds, escrows and deposits. */
    circulatingBase: wholeSchema,
  }),
  /** null: no record says which device computed a result, so no class can be counted. */
  deviceClasses: z.null(),
});

export type Spread = z.infer<typeof spreadSchema>;
export type ConcentrationAnswer = z.infer<typeof concentrationSchema>;
