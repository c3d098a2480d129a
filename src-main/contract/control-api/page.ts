/**
 * Decides how the page gets in (ARCHITECTURE.md section 15, "The page's server"): what opening it
 * answers, and the three small messages that are not JSON-RPC.
 */

import { z } from "zod";

import { pageTrustSchema } from "./light.ts";
import { millisecondsSchema } from "./scalars.ts";

/** What a session of the page may do, least first: look; run this machine; spend its money. */
export const SESSION_LEVELS = ["view", "operate", "spend"] as const;

export const sessionLevelSchema = z.enum(SESSION_LEVELS);

/** A code or a token: 32 random bytes in base64url. */
export const secretTextSchema = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** What `page.open` takes. */
export const openParamsSchema = z.strictObject({ level: sessionLevelSchema.default("spend") });

/** What `page.open` answers. */
export const openedPageSchema = z.strictObject({
  /** The page's address without a code: whoever has a session in that window needs no more. */
  address: z.string().max(64),
  /** A file that leads the owner's browser to the page with a code that counts once. */
  file: z.string().max(4_096),
  level: sessionLevelSchema,
  expiresInMs: millisecondsSchema,
});

/** The body of `POST /session`. Any short text is a code that may be wrong. */
export const codeMessageSchema = z.strictObject({ code: z.string().max(256) });

/** What a code is traded for. */
export const sessionSchema = z.strictObject({
  token: secretTextSchema,
  level: sessionLevelSchema,
  /** The newest commit at that moment: the owner opened the page, so the page may begin there. */
  trust: pageTrustSchema.optional(),
});

/** The first message of a WebSocket. */
export const tokenMessageSchema = z.strictObject({ token: z.string().max(256) });

/** The answer to it. */
export const admittedSchema = z.strictObject({ ok: z.literal(true), level: sessionLevelSchema });

export type SessionLevel = z.infer<typeof sessionLevelSchema>;
export type OpenedPage = z.infer<typeof openedPageSchema>;
export type PageSession = z.infer<typeof sessionSchema>;
export type Admitted = z.infer<typeof admittedSchema>;
