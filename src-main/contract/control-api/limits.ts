/** Decides how limits of devices, and caps that are in force, cross the control API. */

import { z } from "zod";

import { millisecondsSchema } from "./scalars.ts";

const deviceSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);
const sentenceSchema = z.string().max(512);

/** A cap of mean watts, and how it is kept. */
export const capInForceSchema = z.strictObject({
  device: deviceSchema,
  watts: z.number().positive(),
  /** The rule that asks for it; null: the device's own limit. */
  rule: z.string().max(48).nullable(),
  /**
   * starting: not measured yet. within: no rests are needed. paced: work rests between steps.
   * nameplate: by the nameplate, since nothing measures. deadline: above the cap, for the deadline
   * of the unit in hand. low, blind: work waits; too much even with the least work, or unmeasured.
   */
  how: z.enum(["starting", "within", "paced", "nameplate", "deadline", "low", "blind"]),
  /** Share of the time in which work runs; 0 where it waits. */
  share: z.number().min(0).max(1),
  /** Mean of the newest period that was measured; null without one. */
  meanWatts: z.number().nullable(),
  /** What measures: a meter's id or "device"; null: nothing does. */
  source: z.string().max(64).nullable(),
  /** Watts that the card itself was told to keep to; null: it was not. */
  limitWatts: z.number().nullable(),
  /** Why the card was not told, and the command that would; null where there is nothing to say. */
  needs: sentenceSchema.nullable(),
  /** Longest time for which the mean may lie above the cap. */
  windowMs: millisecondsSchema,
  sentence: sentenceSchema,
});

/** Limits of a device that is in use, or that has some of its own. */
export const deviceLimitsSchema = z.strictObject({
  device: deviceSchema,
  /** Whether it trains; the processor is in use beside it, since it checks. */
  trains: z.boolean(),
  inUse: z.boolean(),
  on: z.boolean(),
  celsius: z.strictObject({
    /** The device's own limit; null: the protection's. */
    own: z.int().nullable(),
    pause: z.number(),
    resume: z.number(),
    stop: z.number(),
    /** A device goes on so much cooler than it was left alone, and at this at the hottest. */
    resumeBelow: z.number(),
    resumeMost: z.number(),
    /** Between these it may be set. */
    least: z.int(),
    most: z.number(),
  }),
  watts: z.strictObject({
    /** The device's own limit of mean watts; null: none. */
    own: z.int().nullable(),
    /** The end of a scale: the most that it takes, as far as anybody knows. */
    most: z.int().min(1),
  }),
  cap: capInForceSchema.nullable(),
});

export const limitsStateSchema = z.strictObject({
  devices: z.array(deviceLimitsSchema).max(128),
});

/** What is left out stays; null is the standard. */
export const limitsSetParamsSchema = z.strictObject({
  device: deviceSchema,
  pauseCelsius: z.int().nullable().optional(),
  watts: z.int().nullable().optional(),
  on: z.boolean().optional(),
});

/** Lines of the method table. */
export const LIMITS_METHODS = {
  "limits.state": {
    level: "view",
    about: "Limits of heat and watts of each device, and how caps are kept now.",
    params: z.strictObject({}),
    result: limitsStateSchema,
  },
  "limits.set": {
    level: "operate",
    about: "Sets limits of one device, in force at once and kept in the settings file.",
    params: limitsSetParamsSchema,
    result: limitsStateSchema,
  },
} as const;

export type CapInForce = z.infer<typeof capInForceSchema>;
export type LimitsOfDevice = z.infer<typeof deviceLimitsSchema>;
export type LimitsState = z.infer<typeof limitsStateSchema>;
export type LimitsSetParams = z.infer<typeof limitsSetParamsSchema>;
