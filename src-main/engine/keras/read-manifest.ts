/**
 * Decides what a `weightsManifest` says: groups of files, and the weights that lie in each, one
 * after the other. A file is named by a plain name, so that nothing outside its folder is read.
 */
import {
  ELEMENTS_MAX,
  KERAS_NAME_MAX,
  KERAS_WEIGHTS_MAX,
  KERAS_WEIGHT_BYTES_MAX,
  RANK_MAX,
} from "../limits.ts";
import { elementCount } from "../ops/op.ts";
import type { Shape } from "../program/program.ts";
import { isCount, listAt, objectAt, own, textAt } from "./foreign-value.ts";
import { shownValue, stop } from "./keras-stop.ts";

/** How a number is stored; `stored` is the type in the file. */
export type StoredType =
  | { readonly stored: "float32" | "float16" }
  /** The number is min + scale · q, in doubles, then rounded to f32. */
  | { readonly stored: "uint8" | "uint16"; readonly scale: number; readonly min: number };

/** A weight in the files. */
export interface ManifestWeight {
  readonly name: string;
  readonly shape: Shape;
  readonly type: StoredType;
  /** Bytes it takes there. */
  readonly bytes: number;
}

/** Weights that lie one after the other in files that are read one after the other. */
export interface WeightGroup {
  readonly paths: readonly string[];
  readonly weights: readonly ManifestWeight[];
  readonly bytes: number;
}

const WIDTHS = { float32: 4, float16: 2, uint16: 2, uint8: 1 } as const;

/** A file beside the model: no folder, no parent, nothing hidden, no device of Windows. */
const PLAIN_NAME = /^[A-Za-z0-9_](?:[A-Za-z0-9_.+ -]{0,198}[A-Za-z0-9_+-])?$/;
const DEVICE_NAME = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

function readPath(value: unknown, where: string): string {
  const path = textAt(value, where, KERAS_NAME_MAX);
  if (PLAIN_NAME.test(path) && !DEVICE_NAME.test(path)) return path;
  const rule = "a file's plain name, beside model.json";
  return stop("ENGINE_KERAS_FORM", { where, given: path, rule });
}

function finite(value: unknown, where: string): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  return stop("ENGINE_KERAS_FORM", { where, given: shownValue(value), rule: "a finite number" });
}

function readType(weight: Readonly<Record<string, unknown>>, name: string): StoredType {
  const type = own(weight, "dtype");
  if (type !== "float32")
    stop("ENGINE_KERAS_WEIGHT_TYPE", { weight: name, type: shownValue(type) });
  const given = own(weight, "quantization");
  if (given === undefined) return { stored: "float32" };
  const quantisation = objectAt(given, `${name}.quantization`);
  const stored = own(quantisation, "dtype");
  if (stored === "float16") return { stored };
  if (stored !== "uint8" && stored !== "uint16") {
    return stop("ENGINE_KERAS_WEIGHT_TYPE", { weight: name, type: shownValue(stored) });
  }
  const scale = finite(own(quantisation, "scale"), `${name}.quantization.scale`);
  return { stored, scale, min: finite(own(quantisation, "min"), `${name}.quantization.min`) };
}

function readWeight(value: unknown, where: string): ManifestWeight {
  const weight = objectAt(value, where);
  const name = textAt(own(weight, "name"), `${where}.name`, KERAS_NAME_MAX);
  const shape = listAt(own(weight, "shape"), `${where}.shape`, RANK_MAX).map((dim) => {
    if (isCount(dim, 1, ELEMENTS_MAX)) return dim;
    const rule = `integers from 1 to ${ELEMENTS_MAX}`;
    return stop("ENGINE_KERAS_FORM", { where: `${name}.shape`, given: shownValue(dim), rule });
  });
  const count = elementCount(shape);
  if (count > ELEMENTS_MAX) {
    stop("ENGINE_KERAS_LIMIT", { what: `numbers of ${name}`, value: count, max: ELEMENTS_MAX });
  }
  const type = readType(weight, name);
  return { name, shape, type, bytes: count * WIDTHS[type.stored] };
}

/**
 * Reads a manifest.
 * @param manifest  `weightsManifest` of a model.json
 * Stops with ENGINE_KERAS_FORM, _LIMIT, _WEIGHT_TYPE.
 */
export function readManifest(manifest: unknown): readonly WeightGroup[] {
  const names = new Set<string>();
  let [held, numbers, stored] = [0, 0, 0];
  const most = KERAS_WEIGHTS_MAX;
  return listAt(manifest, "weightsManifest", most).map((value, index) => {
    const where = `weightsManifest[${index}]`;
    const group = objectAt(value, where);
    const paths = listAt(own(group, "paths"), `${where}.paths`, most).map((path, at) =>
      readPath(path, `${where}.paths[${at}]`),
    );
    const weights = listAt(own(group, "weights"), `${where}.weights`, most).map((weight, at) =>
      readWeight(weight, `${where}.weights[${at}]`),
    );
    for (const { name, shape, bytes } of weights) {
      if (names.has(name)) {
        stop("ENGINE_KERAS_FORM", { where, given: name, rule: "a name for one weight" });
      }
      names.add(name);
      [numbers, stored] = [numbers + elementCount(shape), stored + bytes];
    }
    held += weights.length;
    for (const [what, found, max] of [
      ["weights", held, most],
      ["bytes of weights", Math.max(stored, 4 * numbers), KERAS_WEIGHT_BYTES_MAX],
    ] as const) {
      if (found > max) stop("ENGINE_KERAS_LIMIT", { what, value: found, max });
    }
    return { paths, weights, bytes: weights.reduce((sum, { bytes }) => sum + bytes, 0) };
  });
}
