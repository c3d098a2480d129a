/**
 * Decides how fast passwords may be tried: each wrong one doubles the wait before the next. It is
 * counted in a file beside the wallet, so a new start does not begin anew. It slows down whoever
 * uses this program; what slows down whoever copies the keystore is scrypt.
 */

import { readFileSync, rmSync, writeFileSync } from "node:fs";

import { Fault, reject } from "../contract/outcome.ts";
import type { Outcome } from "../contract/outcome.ts";
import { BACK_OFF_FIRST_MS, BACK_OFF_MAX_MS } from "./limits.ts";

/** Wrong passwords since the last right one. */
interface Attempts {
  readonly failed: number;
  readonly lastMs: number;
}

const NONE: Attempts = { failed: 0, lastMs: 0 };

/** Wait after so many wrong passwords, in milliseconds: 1 s, 2 s, 4 s … 5 min. */
export function backOffMs(failed: number): number {
  if (failed <= 0) return 0;
  return Math.min(BACK_OFF_FIRST_MS * 2 ** Math.min(failed - 1, 30), BACK_OFF_MAX_MS);
}

/**
 * Tries a password where one may be tried now.
 * @param attempt  rejects with WALLET_PASSWORD when the password is wrong
 * @rejects WALLET_PASSWORD_WAIT, or what the attempt rejects with
 * Throws Fault WALLET_KEY_IO when attempts cannot be counted.
 */
export async function guardPassword<T>(
  file: string,
  nowMs: number,
  attempt: () => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  const before = readAttempts(file);
  // A clock that was set back must not make the wait endless.
  if (before.lastMs > nowMs) writeAttempts(file, { ...before, lastMs: nowMs });
  const waitMs = waitAfter(before, nowMs);
  if (waitMs > 0) return reject("WALLET_PASSWORD_WAIT", { seconds: Math.ceil(waitMs / 1_000) });
  // Counted before it is tried: ending the program in between gains nothing.
  writeAttempts(file, { failed: before.failed + 1, lastMs: nowMs });
  const outcome = await attempt();
  if (outcome.ok) clearAttempts(file);
  else if (outcome.rejection.code !== "WALLET_PASSWORD") writeAttempts(file, before);
  else return withWait(backOffMs(before.failed + 1));
  return outcome;
}

/** How long no password is tried any more, in milliseconds; 0 where one may be tried now. */
export function passwordWaitMs(file: string, nowMs: number): number {
  return Math.max(0, waitAfter(readAttempts(file), nowMs));
}

function waitAfter({ failed, lastMs }: Attempts, nowMs: number): number {
  return Math.min(lastMs, nowMs) + backOffMs(failed) - nowMs;
}

function withWait(waitMs: number): Outcome<never> {
  return reject("WALLET_PASSWORD", { seconds: Math.ceil(waitMs / 1_000) });
}

/** A count that cannot be read counts as none: a wallet is not lost to a damaged count. */
function readAttempts(file: string): Attempts {
  try {
    const { failed, lastMs } = JSON.parse(readFileSync(file, "utf8")) as Partial<Attempts>;
    return Number.isSafeInteger(failed) && Number.isSafeInteger(lastMs)
      ? { failed: failed as number, lastMs: lastMs as number }
      : NONE;
  } catch {
    return NONE;
  }
}

function writeAttempts(file: string, attempts: Attempts): void {
  try {
    if (attempts.failed === 0) rmSync(file, { force: true });
    else writeFileSync(file, `${JSON.stringify(attempts)}\n`, { mode: 0o600 });
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "unknown";
    throw new Fault("WALLET_KEY_IO", `${file}: ${reason}`, { file, reason }, error);
  }
}

function clearAttempts(file: string): void {
  writeAttempts(file, NONE);
}
