/**
 * Decides what a cap is measured by: the device's own sensor, else a meter of the device, else the
 * meter of the machine's supply or plug, behind which the device lies (then the whole machine is
 * kept below the cap). Models and declared figures measure nothing; they are a nameplate.
 */

import type { CountedEnergy } from "../../../energy/rules/index.ts";
import type { MeterIdentity } from "../../../ports/meter.ts";
import type { LatestSample } from "../telemetry/telemetry.ts";

/** A meter as it is counted. */
export interface CountedLoad {
  readonly identity: MeterIdentity;
  readonly readEveryMs: number;
  /** The newest sum; null before the first reading. */
  readonly counted: CountedEnergy | null;
  /** Power as it was told last; null where it tells none. */
  readonly watts: number | null;
}

/** What measures a device, and what is known of its watts. */
export interface CapSource {
  /** A meter's id, or "device"; null: nothing measures. */
  readonly source: string | null;
  readonly counted: CountedEnergy | null;
  readonly readEveryMs: number;
  readonly nameplateWatts: number | null;
  /** Whether all of the machine is in the figure. */
  readonly isWhole: boolean;
}

/** Telemetry is once a second. */
const SENSOR_EVERY_MS = 1_000;

/** A sensor that was silent for longer counts from the next sample on. */
const SENSOR_GAP_MS = 5_000;

/** Tiers that measure. */
const MEASURED: readonly string[] = ["A", "B", "C"];

/** What it is made from. */
export interface CapSourceParts {
  readonly latestSamples: () => readonly LatestSample[];
  readonly loads: () => readonly CountedLoad[];
}

/** Finds what measures each device, second by second. */
export class CapSources {
  readonly #parts: CapSourceParts;
  readonly #sensors = new Map<string, CountedEnergy & { readonly watts: number }>();

  constructor(parts: CapSourceParts) {
    this.#parts = parts;
  }

  /** Takes in the newest second of every sensor. */
  tick(): void {
    for (const { id, sample } of this.#parts.latestSamples()) {
      if (sample === null || sample.watts === null) continue;
      const { atMs, watts } = sample;
      const before = this.#sensors.get(id);
      if (before?.atMs === atMs) continue;
      const passedMs = before === undefined ? 0 : atMs - before.atMs;
      const isNext = before !== undefined && passedMs > 0 && passedMs <= SENSOR_GAP_MS;
      const added = isNext ? ((before.watts + watts) / 2) * passedMs : 0;
      const sum = isNext ? before.millijoules + added : 0;
      this.#sensors.set(id, { atMs, millijoules: sum, watts });
    }
  }

  /** What measures a device now. */
  of(device: string): CapSource {
    const sample = this.#parts.latestSamples().find(({ id }) => id === device)?.sample ?? null;
    const loads = this.#parts.loads().filter(({ identity }) => identity.role === "load");
    const own = loads.filter(({ identity }) => identity.device === device);
    const nameplateWatts = sample?.limitWatts ?? nameplateOf(own);
    const sensor = this.#sensors.get(device);
    if (sample !== null && sample.watts !== null && sensor !== undefined) {
      const { atMs, millijoules } = sensor;
      const counted = { atMs, millijoules };
      const told = { source: "device", counted, readEveryMs: SENSOR_EVERY_MS };
      return { ...told, nameplateWatts, isWhole: false };
    }
    const meter = bestOf(own) ?? bestOf(loads.filter(isSupply));
    if (meter === null) {
      const none = { source: null, counted: null, readEveryMs: SENSOR_EVERY_MS };
      return { ...none, nameplateWatts, isWhole: false };
    }
    const { identity, counted, readEveryMs } = meter;
    const isWhole = identity.device === null;
    const told = { source: identity.id, counted, readEveryMs };
    return { ...told, nameplateWatts: isWhole ? null : nameplateWatts, isWhole };
  }
}

function isSupply({ identity }: CountedLoad): boolean {
  const { device, boundary } = identity;
  return device === null && (boundary === "host-dc" || boundary === "wall");
}

/** The best tier of those that measure and have been read. */
function bestOf(loads: readonly CountedLoad[]): CountedLoad | null {
  const told = loads.filter(({ identity, counted }) => {
    return MEASURED.includes(identity.tier) && counted !== null;
  });
  const rank = ({ identity }: CountedLoad) => MEASURED.indexOf(identity.tier);
  return told.toSorted((one, other) => rank(one) - rank(other)).at(0) ?? null;
}

/** By a meter that knows it, else what its owner declared. */
function nameplateOf(own: readonly CountedLoad[]): number | null {
  for (const { identity, watts } of own) {
    if (identity.nameplateWatts !== undefined) return identity.nameplateWatts;
    if (identity.kind === "declared" && watts !== null) return watts;
  }
  return null;
}
