/** Decides what the daemon says about itself: the state every face shows first. */

import { z } from "zod";

import { unitProgressSchema, unitResultSchema } from "./job.ts";
import {
  amountBaseSchema,
  codeSchema,
  countSchema,
  digestSchema,
  factsSchema,
  millisecondsSchema,
} from "./scalars.ts";

/** What the miner is doing. */
export const mineStateSchema = z.enum([
  "idle", // on, but no unit is in hand; `code` says why the newest one was declined
  "working", // a unit is in progress
  "paused", // by the owner, resumes with `mine start`; or held, then `code` says why
  "finishing", // ends the unit in hand, then pauses
  "failed", // stopped by a fault; `code` says which
]);

/** The miner's part of the status. */
export const mineStatusSchema = z.strictObject({
  state: mineStateSchema,
  /** Why it is paused or failed, or declined the newest unit while idle; null otherwise. */
  code: codeSchema.nullable(),
  facts: factsSchema,
  /** Why work is held and what ends it, in one sentence; absent where nothing holds it. */
  reason: z.string().max(512).optional(),
  /** The cap of watts in force and how it is kept, in one sentence; absent without one. */
  cap: z.string().max(512).optional(),
  /** The device that computes, as its owner knows it. */
  device: z.string().max(256),
  engine: z.string().max(64),
  unit: unitProgressSchema.nullable(),
});

/** Newest final commit. */
export const headSchema = z.strictObject({
  commit: countSchema,
  /** Number of slots in the vector. */
  slots: countSchema,
  timeMs: millisecondsSchema,
});

/** The answer to `status`, and what `subscribe` keeps up to date. */
export const statusSchema = z.strictObject({
  version: z.string().max(64),
  network: z.string().max(64),
  /** "practice, no value" on the practice network, else empty. */
  valueNote: z.string().max(64),
  genesis: digestSchema,
  home: z.string().max(4_096),
  pid: countSchema,
  startedMs: millisecondsSchema,
  /** The page's address; absent where no page is served. */
  page: z.string().max(64).optional(),
  head: headSchema,
  mine: mineStatusSchema,
  /** Sum paid to this machine's accounts, by the ledger. */
  paidBase: amountBaseSchema,
  jobsOpen: countSchema,
  jobsDone: countSchema,
  /** The newest unit that has ended since the daemon started. */
  lastResult: unitResultSchema.nullable(),
});

/** Changed top-level fields of a status, by name. */
export const statusDeltaSchema = statusSchema.partial();

export type MineState = z.infer<typeof mineStateSchema>;
export type MineStatus = z.infer<typeof mineStatusSchema>;
export type Head = z.infer<typeof headSchema>;
export type Status = z.infer<typeof statusSchema>;
export type StatusDelta = z.infer<typeof statusDeltaSchema>;
