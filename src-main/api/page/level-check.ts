/** Decides what a session of the page may call. */

import { METHODS, SESSION_LEVELS } from "../../contract/control-api/index.ts";
import type { MethodName, SessionLevel } from "../../contract/control-api/index.ts";
import type { Rejection } from "../../contract/outcome.ts";

/**
 * Why a session may not call a method; null when it may. A method that spends must carry the
 * password in its parameters, so that no session, however it was got at, spends by itself.
 * Codes: API_LEVEL, API_SPEND_PASSWORD.
 */
export function levelRefusal(session: SessionLevel, method: MethodName): Rejection | null {
  const { level, params } = METHODS[method];
  const rank = (name: SessionLevel) => SESSION_LEVELS.indexOf(name);
  if (level === "socket" || rank(session) < rank(level)) {
    return { code: "API_LEVEL", facts: { method, needed: level, session } };
  }
  if (level !== "spend" || demandsPassword(params.shape)) return null;
  return { code: "API_SPEND_PASSWORD", facts: { method } };
}

/** Whether a call cannot come without a password; one that may be left out guards nothing. */
function demandsPassword(shape: Readonly<Record<string, unknown>>): boolean {
  const password = shape["password"];
  return isSchema(password) && !password.safeParse(undefined).success;
}

function isSchema(
  value: unknown,
): value is { safeParse: (given: unknown) => { success: boolean } } {
  return typeof value === "object" && value !== null && "safeParse" in value;
}
