/** Decides what is answered about what devices say, now and in the past. */

import type {
  TelemetryNow,
  TelemetrySeries,
  WatchedSample,
} from "../../contract/control-api/index.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { DeviceSample } from "../../ports/device-telemetry.ts";
import type { TelemetryField } from "../../ports/telemetry-store.ts";
import type { Handlers } from "../handlers.ts";

/** What these handlers ask. */
export interface TelemetryNeeds {
  readonly nowMs: () => number;
  latestSamples(): readonly {
    readonly id: string;
    readonly name: string;
    readonly source: string;
    readonly notes?: readonly string[];
    readonly sample: DeviceSample | null;
  }[];
  knows(device: string): boolean;
  series(
    device: string,
    field: TelemetryField,
    span: { readonly fromMs: number; readonly toMs: number; readonly points: number },
  ): { readonly stepMs: number; readonly points: readonly TelemetrySeries["points"][number][] };
}

/** Handlers of these methods. */
export function telemetryHandlers(
  needs: TelemetryNeeds,
): Pick<Handlers, "telemetry.now" | "telemetry.series"> {
  return {
    "telemetry.now": () => {
      const devices = needs.latestSamples().map(({ sample, notes, ...device }) => ({
        ...device,
        ...(notes === undefined ? {} : { notes: [...notes] }),
        sample: sample === null ? null : sampleAnswer(sample),
      }));
      const now: TelemetryNow = { atMs: needs.nowMs(), devices };
      return Promise.resolve(accept(now));
    },
    "telemetry.series": ({ device, field, ...span }) => {
      if (span.toMs <= span.fromMs) return Promise.resolve(reject("TELEMETRY_SPAN", { ...span }));
      if (!needs.knows(device)) return Promise.resolve(reject("TELEMETRY_DEVICE", { device }));
      const { stepMs, points } = needs.series(device, field, span);
      return Promise.resolve(accept({ device, field, stepMs, points: [...points] }));
    },
  };
}

function sampleAnswer({ heat, ...sample }: DeviceSample): WatchedSample {
  const told = { ...sample, throttle: [...sample.throttle] };
  return heat === undefined ? told : { ...told, heat: heat.map((one) => ({ ...one })) };
}
