/** Decides how rules and protections cross the control API: what is decided, and what would be. */

import { z } from "zod";

import { capInForceSchema } from "./limits.ts";
import { codeSchema, millisecondsSchema } from "./scalars.ts";

const nameSchema = z.string().max(48);
const sentenceSchema = z.string().max(512);

/** Limits in force; the standard ones or tighter. */
export const protectionLimitsSchema = z.strictObject({
  pauseCelsius: z.number(),
  resumeCelsius: z.number(),
  stopCelsius: z.number(),
  holdMs: millisecondsSchema,
  failures: z.int().min(1),
  /** Null: no limit. */
  totalWatts: z.number().nullable(),
});

/** What is decided now. */
export const rulesStateSchema = z.strictObject({
  /** What rules and protections want; its owner's pause stands beside it. */
  work: z.enum(["run", "pause"]),
  /** Whether its owner wants work. */
  wanted: z.boolean(),
  /** Why work is held; null where it is not. */
  code: codeSchema.nullable(),
  sentence: sentenceSchema.nullable(),
  /** The rule in force; null where none is or a protection holds. */
  rule: nameSchema.nullable(),
  /** Rules want a pause, and the owner's start holds against them until they change. */
  overridden: z.boolean(),
  /** Time for which what was decided is still kept although rules want something else. */
  heldMs: millisecondsSchema,
  /** Caps in force, of rules and of the devices' own limits. */
  caps: z.array(capInForceSchema).max(64),
  limits: protectionLimitsSchema,
  /** Devices in use that tell no temperature, so that nothing protects them from heat. */
  unprotected: z.array(z.string().max(64)).max(128),
  rules: z.array(nameSchema).max(32),
});

/** What each rule would do at this moment, in their order. */
export const rulesPreviewSchema = z.strictObject({
  atMs: millisecondsSchema,
  rules: z
    .array(
      z.strictObject({
        name: nameSchema,
        then: z.enum(["pause", "run", "cap"]),
        otherwise: z.enum(["pause", "run"]).nullable(),
        /** What it asks for; null leaves it to the rules below. */
        asks: z.enum(["pause", "run", "cap"]).nullable(),
        /** The first rule that asks for something. */
        decides: z.boolean(),
        /** Null where that hangs on a signal that is not known. */
        holds: z.boolean().nullable(),
        because: sentenceSchema,
        conditions: z
          .array(z.strictObject({ holds: z.boolean().nullable(), words: z.string().max(256) }))
          .max(32),
        /** What it is expected to change, "about"; null where no hours are chosen. */
        effect: sentenceSchema.nullable(),
      }),
    )
    .max(32),
});

/** Lines of the method table. */
export const RULES_METHODS = {
  "rules.state": {
    level: "view",
    about: "Whether rules or protections hold work now, why, and until when.",
    params: z.strictObject({}),
    result: rulesStateSchema,
  },
  "rules.preview": {
    level: "view",
    about: "What each rule would do at this moment, with the figures that it goes by.",
    params: z.strictObject({}),
    result: rulesPreviewSchema,
  },
} as const;

export type RulesState = z.infer<typeof rulesStateSchema>;
export type RulesPreview = z.infer<typeof rulesPreviewSchema>;
