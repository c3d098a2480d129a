/** Decides how an account's rows are said: roles as words, days as dates. */

const DAY_MS = 86_400_000;

/** Bits of a bond's roles (ledger/genesis): worker 1, verifier 2. */
export function rolesText(roles: number): string {
  const words = [...(roles & 1 ? ["worker"] : []), ...(roles & 2 ? ["verifier"] : [])];
  return words.length === 0 ? "nothing yet" : words.join(" and ");
}

/** A day counted from 1970-01-01 UTC, as a date. */
export function dayText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
