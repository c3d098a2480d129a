/** Decides how times stand in a report: UTC, whole seconds or milliseconds, days as dates. */

const DAY_MS = 86_400_000;

/** Milliseconds of a time as reports write it; undefined for a day or hour that does not exist. */
export function readInstant(text: string): number | undefined {
  const ms = Date.parse(text);
  if (!Number.isSafeInteger(ms)) return undefined;
  // The calendar takes 30 February for a day of March.
  return text === instantText(ms) || text === momentText(ms) ? ms : undefined;
}

/** A time in whole seconds. */
export function instantText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** A time in milliseconds. */
export function momentText(ms: number): string {
  return new Date(ms).toISOString();
}

/** A day of UTC, "2026-11-21". */
export function dayText(dayMs: number): string {
  return new Date(dayMs).toISOString().slice(0, 10);
}

/** Where a day begins; undefined for none. */
export function readDay(text: string): number | undefined {
  const ms = readInstant(`${text}T00:00:00Z`);
  return ms === undefined || ms % DAY_MS !== 0 ? undefined : ms;
}
