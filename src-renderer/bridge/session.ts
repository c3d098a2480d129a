/**
 * Decides how this page comes by the right to speak: a code in the address, used once, becomes a
 * token that lives as long as this tab and the daemon. The code leaves the address at once, so
 * that it stands in no history and no screenshot.
 */

import { checkSession } from "../../src-main/contract/control-api/check.ts";
import type { PageTrust } from "../../src-main/contract/control-api/light.ts";
import type { PageSession as Session } from "../../src-main/contract/control-api/page.ts";

/** A session, or why there is none. */
export type SessionOutcome =
  | { readonly kind: "session"; readonly session: Session }
  | { readonly kind: "none" }
  | { readonly kind: "refused"; readonly code: string }
  | { readonly kind: "unreachable" };

const KEPT = "vivian.session";

/** A daemon on this machine that has not answered by then hangs; it is tried again. */
const TRADE_TIMEOUT_MS = 15_000;

/** Takes the code out of the address; null where there is none. */
export function takeCode(): string | null {
  const code = /^#(?:.*&)?code=([^&]+)/.exec(location.hash)?.[1];
  if (code === undefined) return null;
  history.replaceState(null, "", `${location.pathname}#/home`);
  try {
    return decodeURIComponent(code);
  } catch {
    // Cut off in the middle of a sign: no code of ours, so the daemon refuses it.
    return code;
  }
}

/** The session of this tab: from a code, else the kept one. */
export async function openSession(code: string | null): Promise<SessionOutcome> {
  if (code !== null) return tradeCode(code);
  const kept = keptSession();
  return kept === null ? { kind: "none" } : { kind: "session", session: kept };
}

/** The session that this tab keeps; null where it keeps none. */
export function keptSession(): Session | null {
  return readSession(sessionStorage.getItem(KEPT));
}

/** The commit that the miner named when its owner opened this page; null where it named none. */
export function keptTrust(): PageTrust | null {
  return keptSession()?.trust ?? null;
}

/** Forgets a session that the daemon refuses. */
export function forgetSession(): void {
  sessionStorage.removeItem(KEPT);
}

async function tradeCode(code: string): Promise<SessionOutcome> {
  let answer: Response;
  let body: unknown;
  try {
    answer = await fetch("/session", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ code }),
      signal: AbortSignal.timeout(TRADE_TIMEOUT_MS),
    });
    body = await answer.json().catch(() => null);
  } catch {
    return { kind: "unreachable" };
  }
  if (!answer.ok) return { kind: "refused", code: refusalOf(body) };
  const text = JSON.stringify(body);
  const session = readSession(text);
  if (session === null) return { kind: "refused", code: "API_RESULT" };
  sessionStorage.setItem(KEPT, text);
  return { kind: "session", session };
}

/** The code of a refusal: `{code}` or JSON-RPC's `{error: {data: {code}}}`. */
function refusalOf(body: unknown): string {
  const found = /"code":\s*"([A-Z][A-Z0-9_]+)"/.exec(JSON.stringify(body ?? null));
  return found?.[1] ?? "API_CODE";
}

function readSession(text: string | null): Session | null {
  if (text === null) return null;
  try {
    const session = checkSession(JSON.parse(text));
    return session.ok ? session.value : null;
  } catch {
    return null;
  }
}
