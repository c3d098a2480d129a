/**
 * Decides what rows of several sources say of one stretch: the load, the devices' shares in it and
 * what is left ("the rest of the machine"). Nothing is filled: what no source covered is null.
 */

import { ENERGY_ROW_MS } from "../../ports/energy-store.ts";
import type { ClockState, EnergyQuality, EnergyRow } from "../../ports/energy-store.ts";
import type { MeterIdentity } from "../../ports/meter.ts";
import { weakerClock, weakerQuality } from "../integrate/open-rows.ts";
import { bestByDevice } from "./choose-load.ts";
import type { ChosenLoad } from "./choose-load.ts";

/** Sum of some sources over a stretch. */
export interface StretchSum {
  /** null: no source has a row with energy or measured time in it. */
  readonly millijoules: number | null;
  /** Share of the stretch that every one of them measured, 0 to 1. */
  readonly coverage: number;
  readonly quality: EnergyQuality | null;
  readonly clock: ClockState | null;
  readonly resets: number;
}

/** Load of a stretch. */
export interface LoadStretch extends StretchSum {
  readonly devices: readonly { readonly device: string; readonly millijoules: number }[];
  /** null where the devices' readings say nothing, or are all there is. */
  readonly restMillijoules: number | null;
}

/** Rows of a source within the stretch. */
export type RowsOf = (source: string) => readonly EnergyRow[];

/** Sums sources that add up (they must not contain each other). */
export function sumStretch(
  sources: readonly MeterIdentity[],
  rowsOf: RowsOf,
  stretchMs: number,
): StretchSum {
  let millijoules: number | null = null;
  let coverage = sources.length === 0 ? 0 : 1;
  let quality: EnergyQuality | null = null;
  let clock: ClockState | null = null;
  let resets = 0;
  for (const { id } of sources) {
    let measuredMs = 0;
    for (const row of rowsOf(id)) {
      resets += row.resets;
      if (row.measuredMs === 0 && row.millijoules === 0) continue;
      millijoules = (millijoules ?? 0) + row.millijoules;
      measuredMs += Math.min(ENERGY_ROW_MS, row.measuredMs);
      quality = quality === null ? row.quality : weakerQuality(quality, row.quality);
      clock = clock === null ? row.clock : weakerClock(clock, row.clock);
    }
    coverage = Math.min(coverage, measuredMs / stretchMs, 1);
  }
  return { millijoules, coverage, quality, clock, resets };
}

/** The load of a stretch by the chosen boundary, and its parts by the devices' own readings. */
export function loadStretch(
  chosen: ChosenLoad,
  identities: readonly MeterIdentity[],
  rowsOf: RowsOf,
  stretchMs: number,
): LoadStretch {
  const sum = sumStretch(chosen.counted, rowsOf, stretchMs);
  const parts = bestByDevice(identities.filter((one) => isDevice(one)));
  const devices = parts.flatMap((part) => {
    const { device } = part;
    const { millijoules } = sumStretch([part], rowsOf, stretchMs);
    return device === null || millijoules === null ? [] : [{ device, millijoules }];
  });
  const known = devices.reduce((all, { millijoules }) => all + millijoules, 0);
  const isWider = chosen.counted.some(({ device }) => device === null);
  const rest =
    sum.millijoules === null || devices.length === 0 || !isWider
      ? null
      : Math.max(0, sum.millijoules - known);
  return { ...sum, devices, restMillijoules: rest };
}

/** A reading of one device by itself, which lies within any wider boundary. */
function isDevice({ role, boundary, device }: MeterIdentity): boolean {
  return role === "load" && boundary === "accelerators" && device !== null;
}
