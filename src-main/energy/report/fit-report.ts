/**
 * Decides what a long report leaves out so that whoever gets it can read it: no text is longer than
 * REPORT_TEXT_MAX. Its intervals stay, all of them. Then come the days' roots and the units, the
 * newest first, and the rows behind the days; what has no room is not there.
 */

import type { ReportAnchor, ReportWork } from "../../contract/energy-report.ts";
import { REPORT_TEXT_MAX } from "../../contract/energy-report.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { UnsignedReport } from "./canonical.ts";

/** Characters of one signature and of the lists' own names, with room. */
const RESERVED = 1_024;

/** What may be left out. */
export interface Extras {
  readonly work: readonly ReportWork[];
  readonly anchors: readonly ReportAnchor[];
}

/**
 * The report with as much beside its intervals as there is room for.
 * @param work  in the order of time
 * @param anchors  in the order of days
 * @rejects ENERGY_REPORT_PERIOD where its intervals alone are too long
 */
export function fitReport(
  base: UnsignedReport,
  { work, anchors }: Extras,
): Outcome<UnsignedReport> {
  const room = new Room(REPORT_TEXT_MAX - RESERVED - lengthOf(base));
  if (room.left < 0) {
    const facts = { steps: base.intervals.length, characters: lengthOf(base) };
    return reject("ENERGY_REPORT_PERIOD", { ...facts, max: REPORT_TEXT_MAX });
  }
  const days = room.newest(anchors.map(bare));
  const units = room.newest(work);
  const shown = anchors.slice(anchors.length - days.length).map((whole, at) => {
    const isRoom = room.take(lengthOf(whole) - lengthOf(days[at]));
    return isRoom ? whole : days[at];
  });
  return accept({
    ...base,
    ...(units.length === 0 ? {} : { work: [...units] }),
    ...(shown.length === 0 ? {} : { anchors: shown }),
  });
}

/** The canonical form orders names and changes no length. */
function lengthOf(part: object): number {
  return JSON.stringify(part).length;
}

/** A day's root without the rows behind it. */
function bare({ leaves: _leaves, disclosed: _disclosed, ...rest }: ReportAnchor): ReportAnchor {
  return rest;
}

/** Characters that are left. */
class Room {
  left: number;

  constructor(characters: number) {
    this.left = characters;
  }

  /** Takes so many, or none. */
  take(characters: number): boolean {
    // A comma stands between two.
    if (this.left < characters + 1) return false;
    this.left -= characters + 1;
    return true;
  }

  /** The last of a list for which there is room. */
  newest<T extends object>(list: readonly T[]): readonly T[] {
    let first = list.length;
    while (first > 0 && this.take(lengthOf(list[first - 1]))) first -= 1;
    return list.slice(first);
  }
}
