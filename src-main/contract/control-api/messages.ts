/**
 * Decides the envelope of the control API: JSON-RPC 2.0, one message per line. Errors carry our
 * permanent code, its facts and what to do next; nobody matches on text.
 */

import { z } from "zod";

import { codeSchema, factsSchema } from "./scalars.ts";
import { statusDeltaSchema } from "./status.ts";

/** JSON-RPC's own error numbers; ours all travel as `APPLICATION`. */
export const RPC_ERROR = {
  PARSE: -32_700,
  REQUEST: -32_600,
  METHOD: -32_601,
  PARAMS: -32_602,
  INTERNAL: -32_603,
  APPLICATION: -32_000,
} as const;

/** Ids are small numbers or short text; null marks an answer to something unreadable. */
const idSchema = z.union([z.int(), z.string().max(64)]);

export const requestSchema = z.strictObject({
  jsonrpc: z.literal("2.0"),
  id: idSchema,
  method: z.string().max(64),
  params: z.unknown().optional(),
});

/** What an error says: the code, its facts, what happened and what to do next. */
export const errorDetailSchema = z.strictObject({
  code: codeSchema,
  facts: factsSchema,
  next: z.string().max(1_024),
});

export const responseSchema = z.union([
  z.strictObject({ jsonrpc: z.literal("2.0"), id: idSchema.nullable(), result: z.unknown() }),
  z.strictObject({
    jsonrpc: z.literal("2.0"),
    id: idSchema.nullable(),
    error: z.strictObject({
      code: z.int(),
      message: z.string().max(2_048),
      data: errorDetailSchema,
    }),
  }),
]);

/** Sent without being asked for each time, to subscribers only. */
export const notificationSchema = z.strictObject({
  jsonrpc: z.literal("2.0"),
  method: z.literal("status.changed"),
  params: statusDeltaSchema,
});

export type RpcId = z.infer<typeof idSchema>;
export type RpcRequest = z.infer<typeof requestSchema>;
export type RpcResponse = z.infer<typeof responseSchema>;
export type RpcNotification = z.infer<typeof notificationSchema>;
export type ErrorDetail = z.infer<typeof errorDetailSchema>;
