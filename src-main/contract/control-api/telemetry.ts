/**
 * Decides how what devices say crosses the control API. null is "not told", never 0; a gap is a
 * point that is not there.
 */

import { z } from "zod";

import { millisecondsSchema } from "./scalars.ts";

/** Points of one answer: more than a chart has pixels for, within one message. */
export const SERIES_POINTS_MAX = 512;

const idSchema = z.string().min(1).max(64);
const figure = z.number().nullable();

/** Why a device runs slower than it could. */
const throttleSchema = z.enum([
  "idle",
  "power-limit",
  "heat",
  "hardware-slowdown",
  "sync-boost",
  "setting",
  "reliability",
]);

/** What a device said at one moment. */
export const deviceSampleSchema = z.strictObject({
  atMs: millisecondsSchema,
  /** Share of the last second in which it was busy, 0 to 1. */
  utilisation: figure,
  memoryUsedBytes: figure,
  memoryTotalBytes: figure,
  celsius: figure,
  /** Share of the fan's full speed. */
  fan: figure,
  clockMhz: figure,
  memoryClockMhz: figure,
  watts: figure,
  limitWatts: figure,
  /** Since the device's register began, or since watching did. */
  energyMillijoules: figure,
  throttle: z.array(throttleSchema).max(8),
  /** Of a device that tells several temperatures; `celsius` is its edge's. */
  heat: z
    .array(
      z.strictObject({
        place: z.enum(["edge", "junction", "memory"]),
        celsius: z.number(),
        /** Where its maker has it stop. */
        limitCelsius: figure,
      }),
    )
    .max(8)
    .optional(),
});

/** Every watched device with its newest sample. */
export const telemetryNowSchema = z.strictObject({
  atMs: millisecondsSchema,
  devices: z
    .array(
      z.strictObject({
        id: idSchema,
        name: z.string().max(256),
        /** Where the figures come from: "cpu", "amdgpu", "nvml", "hwmon". */
        source: z.string().max(32),
        /** What it does not tell, and why. */
        notes: z.array(z.string().max(160)).max(4).optional(),
        /** Null in the first second. */
        sample: deviceSampleSchema.nullable(),
      }),
    )
    .max(128),
});

/** Figures whose past is kept; `throttled` is the share of seconds in which it was slowed. */
export const telemetryFieldSchema = z.enum([
  "utilisation",
  "memoryUsedBytes",
  "celsius",
  "fan",
  "clockMhz",
  "memoryClockMhz",
  "watts",
  "throttled",
]);

export const telemetrySeriesParamsSchema = z.strictObject({
  device: idSchema,
  field: telemetryFieldSchema,
  fromMs: millisecondsSchema,
  toMs: millisecondsSchema,
  points: z.int().min(2).max(SERIES_POINTS_MAX).default(SERIES_POINTS_MAX),
});

/** A field over a span, by time. */
export const telemetrySeriesSchema = z.strictObject({
  device: idSchema,
  field: telemetryFieldSchema,
  /** Time that each point stands for, from its `atMs` on. */
  stepMs: millisecondsSchema,
  points: z
    .array(
      z.strictObject({
        atMs: millisecondsSchema,
        mean: z.number(),
        least: z.number(),
        greatest: z.number(),
        /** Seconds that were seen; less than the step's are a gap within. */
        samples: z.int().min(1),
      }),
    )
    .max(SERIES_POINTS_MAX),
});

/** Lines of the method table. */
export const TELEMETRY_METHODS = {
  "telemetry.now": {
    level: "view",
    about: "What every watched device said in the last second.",
    params: z.strictObject({}),
    result: telemetryNowSchema,
  },
  "telemetry.series": {
    level: "view",
    about: "A figure of a device over a span of time; gaps are points that are not there.",
    params: telemetrySeriesParamsSchema,
    result: telemetrySeriesSchema,
  },
} as const;

export type TelemetryNow = z.infer<typeof telemetryNowSchema>;
export type TelemetrySeries = z.infer<typeof telemetrySeriesSchema>;
export type WatchedSample = z.infer<typeof deviceSampleSchema>;
