/**
 * Decides what Prometheus reads of the watched devices: the newest sample of each, and how long
 * each was held back since the daemon started. A device is named by its id, never by its owner's
 * words for it.
 */

import type { Readings, Sample } from "../../api/index.ts";
import type { DeviceSample, ThrottleReason } from "../../ports/device-telemetry.ts";

/** What is read of the telemetry. */
export interface DeviceSamples {
  latestSamples(): readonly { readonly id: string; readonly sample: DeviceSample | null }[];
  /** Called after each second's samples. */
  onSamples(listener: () => void): () => void;
}

/** Not being held back: nothing to do, or a clock that somebody set. */
const NOT_HELD: ReadonlySet<ThrottleReason> = new Set<ThrottleReason>(["idle", "setting"]);

/** Longest time that one sample stands for; a machine that slept was not held back. */
const SAMPLE_MS_MAX = 5_000;

/** Begins to count; answers how to read the numbers of a moment. */
export function deviceMetrics(telemetry: DeviceSamples): () => Readings {
  const heldMs = new Map<string, Map<ThrottleReason, number>>();
  const seenMs = new Map<string, number>();
  telemetry.onSamples(() => {
    for (const { id, sample } of telemetry.latestSamples()) {
      if (sample === null) continue;
      const before = seenMs.get(id);
      seenMs.set(id, sample.atMs);
      if (before === undefined || sample.atMs <= before) continue;
      const stoodMs = Math.min(sample.atMs - before, SAMPLE_MS_MAX);
      const held = heldMs.get(id) ?? new Map<ThrottleReason, number>();
      heldMs.set(id, held);
      for (const reason of sample.throttle) {
        if (!NOT_HELD.has(reason)) held.set(reason, (held.get(reason) ?? 0) + stoodMs);
      }
    }
  });
  const newest = (read: (sample: DeviceSample) => number | null): Sample[] =>
    telemetry.latestSamples().flatMap(({ id, sample }) => {
      const value = sample === null ? null : read(sample);
      return value === null ? [] : [{ labels: { device: id }, value }];
    });
  /** The places beside the edge, which is the device's own temperature. */
  const places = (): Sample[] =>
    telemetry
      .latestSamples()
      .flatMap(({ id, sample }) =>
        (sample?.heat ?? []).flatMap(({ place, celsius }) =>
          place === "edge" ? [] : [{ labels: { device: id, sensor: place }, value: celsius }],
        ),
      );
  const heldSeconds = (): Sample[] =>
    [...heldMs].flatMap(([device, held]) =>
      [...held].map(([reason, ms]) => ({ labels: { device, reason }, value: ms / 1_000 })),
    );
  return () => ({
    miner_device_temperature_celsius: [...newest(({ celsius }) => celsius), ...places()],
    miner_device_power_limit_watts: newest(({ limitWatts }) => limitWatts),
    miner_device_utilization_ratio: newest(({ utilisation }) => utilisation),
    miner_device_throttled_seconds_total: heldSeconds(),
  });
}
