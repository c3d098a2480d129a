/** Decides what the owner's clock shows at a moment: hours and weekdays of rules go by it. */

import type { LocalTime } from "../../../energy/rules/index.ts";

/** Time zones change their distance to UTC at quarters of an hour only. */
const QUARTER_MS = 900_000;
const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;

/** Distances that are remembered: a day's look ahead and a day behind. */
const REMEMBERED_MAX = 256;

/**
 * The clock of a time zone.
 * @param zone  an IANA name; empty for the system's
 */
export function localTimeIn(zone: string): (ms: number) => LocalTime {
  const format = new Intl.DateTimeFormat("en-US", {
    ...(zone === "" ? {} : { timeZone: zone }),
    hourCycle: "h23",
    ...{ year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric" },
  });
  const known = new Map<number, number>();
  const distanceAt = (ms: number): number => {
    const quarter = Math.floor(ms / QUARTER_MS) * QUARTER_MS;
    const found = known.get(quarter);
    if (found !== undefined) return found;
    const parts = new Map(format.formatToParts(quarter).map(({ type, value }) => [type, value]));
    const part = (name: Intl.DateTimeFormatPartTypes) => Number(parts.get(name));
    const shown = Date.UTC(
      part("year"),
      part("month") - 1,
      part("day"),
      part("hour"),
      part("minute"),
    );
    if (known.size >= REMEMBERED_MAX) known.clear();
    known.set(quarter, shown - quarter);
    return shown - quarter;
  };
  return (ms) => {
    const minutes = Math.floor((ms + distanceAt(ms)) / MINUTE_MS);
    const days = Math.floor(minutes / DAY_MINUTES);
    // 1970-01-01 was a Thursday, the third day after a Monday.
    return { minutes: minutes - days * DAY_MINUTES, weekday: (((days + 3) % 7) + 7) % 7 };
  };
}
