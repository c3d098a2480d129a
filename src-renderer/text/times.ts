/** Decides how moments are written: the time today, else the day and the time. */

const time = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });

/** A moment, short. */
export function momentText(timeMs: number, nowMs: number): string {
  const clock = time.format(timeMs);
  return timeMs >= startOfDay(nowMs) ? clock : `${day.format(timeMs)} ${clock}`;
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
