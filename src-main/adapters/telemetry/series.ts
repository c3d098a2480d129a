/**
 * Decides which rows answer a question about a span of time: the coarsest that still give as many
 * points as were asked for, of those that reach back far enough; then neighbours are joined until
 * they are no more than that. Where nothing was seen there is no point.
 */

import { TELEMETRY_LEVELS } from "../../ports/telemetry-store.ts";
import type { TelemetryPoint } from "../../ports/telemetry-store.ts";
import { RING_SECONDS } from "./hour-ring.ts";

/** Length of a second in memory; the finest step there is. */
export const SECOND_MS = 1_000;

/** What is asked: a span, and how many points at most. */
export interface SeriesSpan {
  readonly fromMs: number;
  readonly toMs: number;
  readonly points: number;
}

/** Where the answer comes from: a level of the store, or -1 for the last hour in memory. */
export interface SeriesSource {
  readonly level: number;
  readonly stepMs: number;
}

/** One point of the answer: figures over the time from `atMs` on. */
export interface SeriesPoint {
  readonly atMs: number;
  readonly samples: number;
  readonly mean: number;
  readonly least: number;
  readonly greatest: number;
}

/** The rows that answer a span best. */
export function seriesSource({ fromMs, toMs, points }: SeriesSpan, nowMs: number): SeriesSource {
  const sources = [
    { level: -1, stepMs: SECOND_MS, keptMs: RING_SECONDS * SECOND_MS },
    ...TELEMETRY_LEVELS.map(({ stepMs, rows }, level) => ({
      level,
      stepMs,
      keptMs: stepMs * rows,
    })),
  ];
  const reaching = sources.filter(({ keptMs }) => fromMs >= nowMs - keptMs);
  // Older than everything: the coarsest has at least the younger part of the span.
  const usable = reaching.length === 0 ? sources.slice(-1) : reaching;
  const wanted = (toMs - fromMs) / points;
  const { level, stepMs } = usable.findLast((one) => one.stepMs <= wanted) ?? usable[0];
  return { level, stepMs };
}

/**
 * Joins rows to at most as many points as were asked for, each a whole number of rows long and
 * beginning at a multiple of its length.
 * @returns the length of a point's time with the points
 */
export function joinPoints(
  rows: readonly TelemetryPoint[],
  source: SeriesSource,
  span: SeriesSpan,
): { readonly stepMs: number; readonly points: readonly SeriesPoint[] } {
  const { stepMs } = source;
  const count = (span.toMs - span.fromMs) / stepMs;
  // One more row than fits may be cut by the begin of a point at either end.
  let width = Math.max(1, Math.ceil(count / Math.max(1, span.points - 1)));
  if (count <= span.points) width = 1;
  const points: SeriesPoint[] = [];
  for (const row of rows) {
    const atMs = Math.floor(row.row / width) * width * stepMs;
    const last = points.at(-1);
    if (last === undefined || last.atMs !== atMs) {
      const { samples, mean, least, greatest } = row;
      points.push({ atMs, samples, mean, least, greatest });
      continue;
    }
    const samples = last.samples + row.samples;
    points[points.length - 1] = {
      atMs,
      samples,
      mean: (last.mean * last.samples + row.mean * row.samples) / samples,
      least: Math.min(last.least, row.least),
      greatest: Math.max(last.greatest, row.greatest),
    };
  }
  return { stepMs: stepMs * width, points };
}
