/**
 * Decides how moments are written: the time today, else the day and the time, and the year where
 * it is another one. They are this computer's clock; `zoneText` says which that is.
 */

const time = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const dayOfYear = new Intl.DateTimeFormat(undefined, {
  day: "numeric",
  month: "short",
  year: "numeric",
});

const MINUTES_PER_HOUR = 60;

/** A moment, short. */
export function momentText(timeMs: number, nowMs: number): string {
  const clock = time.format(timeMs);
  if (timeMs >= startOfDay(nowMs)) return clock;
  const isThisYear = new Date(timeMs).getFullYear() === new Date(nowMs).getFullYear();
  return `${(isThisYear ? day : dayOfYear).format(timeMs)} ${clock}`;
}

/** A moment with its zone, for a sentence: "05:38:48 UTC+1". */
export function zonedText(timeMs: number, nowMs: number): string {
  return `${momentText(timeMs, nowMs)} ${zoneText(timeMs)}`;
}

/** How this computer's clock stands to UTC at a moment: "UTC", "UTC+1", "UTC−3:30". */
export function zoneText(timeMs: number): string {
  return offsetText(-new Date(timeMs).getTimezoneOffset());
}

/** An offset from UTC in minutes, as a name: "UTC", "UTC+5:45". */
export function offsetText(minutes: number): string {
  if (minutes === 0) return "UTC";
  const size = Math.abs(minutes);
  const rest = size % MINUTES_PER_HOUR;
  const part = rest === 0 ? "" : `:${String(rest).padStart(2, "0")}`;
  return `UTC${minutes < 0 ? "−" : "+"}${Math.floor(size / MINUTES_PER_HOUR)}${part}`;
}

/** Midnight before a moment, on this computer's clock. */
export function startOfDay(nowMs: number): number {
  return new Date(nowMs).setHours(0, 0, 0, 0);
}

/** "2026-11-01 00:00 to 2026-11-30 23:00, UTC": what others wrote in UTC is shown in it. */
export function spanUtcText(fromMs: number, toMs: number): string {
  return `${utcText(fromMs)} to ${utcText(toMs)}, UTC`;
}

/** "2026-11-01 00:00", in UTC. */
export function utcText(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 16).replace("T", " ");
}
