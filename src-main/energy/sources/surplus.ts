/**
 * Decides how many watts of the own plant are left over now: what rules run by. The accounts take
 * what goes into storage off own generation (match-rows.ts), and so does this; what comes out of
 * storage was left over at another time. Where a part is metered but not known now, nothing is.
 *
 *   metered grid = sold − given back by storage, at least 0; where nothing is sold, less what is
 *                  bought
 *   otherwise    = own − min(own, taken by storage) − load
 */

/** Watts now; undefined: nothing meters it, null: its meter does not tell. */
export interface FlowsNow {
  readonly generation: number | null | undefined;
  readonly load: number | null;
  readonly charging: number | null | undefined;
  readonly discharging: number | null | undefined;
  readonly sold: number | null | undefined;
  readonly bought: number | null | undefined;
}

/** Watts that are left over; below 0 where more is needed than is there, null where unknown. */
export function surplusNow(flows: FlowsNow): number | null {
  const { generation, load, charging = 0, discharging = 0, sold, bought = 0 } = flows;
  if (sold !== undefined) {
    if (sold === null || discharging === null || bought === null) return null;
    return sold > 0 ? Math.max(0, sold - discharging) : 0 - bought;
  }
  if (generation === undefined || generation === null || load === null) return null;
  return charging === null ? null : generation - Math.min(generation, charging) - load;
}
