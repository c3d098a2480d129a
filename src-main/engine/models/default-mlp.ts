/** Decides the networks offered for tables: two hidden dense layers. */
import type { Layer } from "./model-config.ts";

/** Units of the hidden layers, widest network first. */
const UNITS = [128, 64, 32] as const;

/** Few samples cannot fill a wide layer; it would only learn them by heart. */
const WIDE_SAMPLES_MIN = 2_000;

/** The layers of an MLP, widest first. */
export function defaultMlpLayers(table: {
  readonly classes: number;
  readonly trainCount: number;
}): readonly (readonly Layer[])[] {
  const offered = UNITS.filter((units) => units < UNITS[0] || table.trainCount >= WIDE_SAMPLES_MIN);
  return offered.map((units) => [
    { type: "dense", units, activation: "relu" },
    { type: "dense", units, activation: "relu" },
    { type: "dense", units: table.classes, activation: "none" },
  ]);
}
