/** Decides what the page knows of the devices' own figures: asked for while somebody looks. */

import type {
  TelemetryNow,
  TelemetrySeries,
} from "../../src-main/contract/control-api/telemetry.ts";
import { SvelteMap } from "svelte/reactivity";
import { placesOf } from "../text/telemetry-words.ts";
import type { Daemon } from "./daemon.svelte.ts";
import { Loader } from "./loader.svelte.ts";

/** Devices say something new each second; every other is enough for the eye. */
const NOW_INTERVAL_MS = 2_000;

/** A curve's points move this often: it shows an hour. */
const SERIES_INTERVAL_MS = 30_000;

const HOUR_MS = 3_600_000;

/** Points of an hour's curve. */
const POINTS = 120;

/** Curves that are shown at once; more devices show their numbers alone. */
const CURVES_MAX = 8;

/** The last hour of a figure, in equal steps; null is a gap. */
export type HourCurve = readonly (number | null)[];

/** What devices say. */
export class Telemetry {
  readonly now = new Loader<TelemetryNow>();
  readonly watts = new SvelteMap<string, HourCurve>();
  readonly celsius = new SvelteMap<string, HourCurve>();
  readonly #daemon: Daemon;

  constructor(daemon: Daemon) {
    this.#daemon = daemon;
  }

  /** Asks until the answer is called. */
  watch(): () => void {
    void this.#askNow().then(() => this.#askCurves());
    const timers = [
      setInterval(() => void this.#askNow(), NOW_INTERVAL_MS),
      setInterval(() => void this.#askCurves(), SERIES_INTERVAL_MS),
    ];
    return () => timers.forEach((timer) => clearInterval(timer));
  }

  #askNow(): Promise<void> {
    return this.now.load(() => this.#daemon.call("telemetry.now", {}));
  }

  async #askCurves(): Promise<void> {
    const toMs = Date.now();
    const span = { fromMs: toMs - HOUR_MS, toMs, points: POINTS };
    for (const { id, sample } of (this.now.value?.devices ?? []).slice(0, CURVES_MAX)) {
      for (const field of ["watts", "celsius"] as const) {
        if (sample === null || sample[field] === null) continue;
        const answer = await this.#daemon.call("telemetry.series", { device: id, field, ...span });
        if (answer.ok) this[field].set(id, curveOf(answer.value, span));
      }
    }
  }
}

function curveOf(series: TelemetrySeries, span: { fromMs: number; toMs: number }): HourCurve {
  return placesOf(series, span.fromMs, span.toMs);
}
