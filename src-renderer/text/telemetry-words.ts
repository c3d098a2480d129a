/** Decides how what a device says of itself is written; what it does not tell is left out. */

import type {
  TelemetrySeries,
  WatchedSample,
} from "../../src-main/contract/control-api/telemetry.ts";
import { formatBytes, formatPercent } from "../../src-main/contract/units.ts";
import { wattsText } from "./energy-words.ts";

/** A name and its value. */
export type Figure = readonly [name: string, value: string];

const REASONS: Readonly<Record<WatchedSample["throttle"][number], string>> = {
  idle: "idle",
  "power-limit": "at its power limit",
  heat: "slowed by heat",
  "hardware-slowdown": "slowed by its hardware",
  "sync-boost": "slowed to match another device",
  setting: "slowed by a setting",
  reliability: "slowed to stay reliable",
};

/** What is shown of a device, most wanted first. */
export function sampleFigures(sample: WatchedSample): readonly Figure[] {
  const { watts, limitWatts, celsius, utilisation, fan, clockMhz } = sample;
  const { memoryUsedBytes: used, memoryTotalBytes: total } = sample;
  const figures: Figure[] = [];
  if (watts !== null) {
    const limit = limitWatts === null ? "" : ` of ${wattsText(limitWatts)}`;
    figures.push(["power", `${wattsText(watts)}${limit}`]);
  }
  if (celsius !== null) figures.push(["heat", `${celsius.toFixed(0)} °C`]);
  if (utilisation !== null) figures.push(["busy", formatPercent(utilisation, 0)]);
  if (used !== null) {
    figures.push([
      "memory",
      `${formatBytes(used)}${total === null ? "" : ` of ${formatBytes(total)}`}`,
    ]);
  }
  if (clockMhz !== null) figures.push(["clock", `${(clockMhz / 1_000).toFixed(2)} GHz`]);
  if (fan !== null) figures.push(["fan", formatPercent(fan, 0)]);
  return figures;
}

/** Why it is slower than it could be; empty where it is not, or merely has nothing to do. */
export function throttleText({ throttle }: WatchedSample): string {
  return throttle
    .filter((reason) => reason !== "idle")
    .map((reason) => REASONS[reason])
    .join(", ");
}

/** A series with its gaps: one value for each place of the span, null where nothing was seen. */
export function placesOf(
  { points, stepMs }: TelemetrySeries,
  fromMs: number,
  toMs: number,
): readonly (number | null)[] {
  const count = Math.max(0, Math.ceil((toMs - fromMs) / stepMs));
  const places = Array.from({ length: count }, (): number | null => null);
  for (const { atMs, mean } of points) {
    const place = Math.floor((atMs - fromMs) / stepMs);
    if (place >= 0 && place < count) places[place] = mean;
  }
  return places;
}
