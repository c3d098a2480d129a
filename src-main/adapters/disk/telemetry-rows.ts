/**
 * Decides the bytes of a telemetry row: u32 number of the row, then for each field u16 samples
 * and mean, least and greatest as f32, little-endian. A row's place is its number modulo the rows
 * of its level, so that the oldest row makes room for the newest.
 */

import { TELEMETRY_FIELDS } from "../../ports/telemetry-store.ts";
import type { TelemetryFigure } from "../../ports/telemetry-store.ts";

/** Bytes of one field: u16 samples, three f32. */
const FIGURE_BYTES = 14;
const FIGURES_AT = 4;

/** Bytes of a stored row. */
export const TELEMETRY_ROW_BYTES = FIGURES_AT + TELEMETRY_FIELDS.length * FIGURE_BYTES;

/** Most samples that a figure counts: what is joined beyond it keeps its weight. */
const SAMPLES_MAX = 65_535;

/** What a stored row holds. */
export interface StoredTelemetry {
  readonly row: number;
  readonly figures: readonly (TelemetryFigure | null)[];
}

/** The bytes of a row. */
export function writeTelemetryRow({ row, figures }: StoredTelemetry): Uint8Array {
  const bytes = new Uint8Array(TELEMETRY_ROW_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, row, true);
  TELEMETRY_FIELDS.forEach((_, field) => {
    const figure = figures[field] ?? null;
    if (figure === null) return;
    const at = FIGURES_AT + field * FIGURE_BYTES;
    view.setUint16(at, Math.min(SAMPLES_MAX, figure.samples), true);
    view.setFloat32(at + 2, figure.mean, true);
    view.setFloat32(at + 6, figure.least, true);
    view.setFloat32(at + 10, figure.greatest, true);
  });
  return bytes;
}

/** The number of a stored row; null for bytes that are none. */
export function telemetryRowNumber(bytes: Uint8Array): number | null {
  return bytes.length === TELEMETRY_ROW_BYTES ? viewOf(bytes).getUint32(0, true) : null;
}

/** One field of a stored row; null where the device did not give it. */
export function telemetryFigure(bytes: Uint8Array, field: number): TelemetryFigure | null {
  const view = viewOf(bytes);
  const at = FIGURES_AT + field * FIGURE_BYTES;
  const samples = view.getUint16(at, true);
  if (samples === 0) return null;
  const mean = view.getFloat32(at + 2, true);
  const least = view.getFloat32(at + 6, true);
  return { samples, mean, least, greatest: view.getFloat32(at + 10, true) };
}

/** Reads a whole row; null for bytes that are none. */
export function readTelemetryRow(bytes: Uint8Array): StoredTelemetry | null {
  const row = telemetryRowNumber(bytes);
  if (row === null) return null;
  return { row, figures: TELEMETRY_FIELDS.map((_, field) => telemetryFigure(bytes, field)) };
}

/** Two figures of the same time as one: means by their samples. */
export function joinFigures(
  one: TelemetryFigure | null,
  other: TelemetryFigure | null,
): TelemetryFigure | null {
  if (one === null || other === null) return one ?? other;
  const samples = one.samples + other.samples;
  return {
    samples: Math.min(SAMPLES_MAX, samples),
    mean: (one.mean * one.samples + other.mean * other.samples) / samples,
    least: Math.min(one.least, other.least),
    greatest: Math.max(one.greatest, other.greatest),
  };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
