/** Decides how stored weights become numbers: canonical f32, or one rejection. */
import { canon } from "../canon.ts";
import { elementCount } from "../ops/op.ts";
import type { Shape } from "../program/program.ts";
import { stop } from "./keras-stop.ts";
import type { StoredType, WeightGroup } from "./read-manifest.ts";

/** A weight as it is used here. */
export interface Weight {
  readonly shape: Shape;
  /** Row-major, canonical. */
  readonly values: Float32Array;
}

/** Number of an IEEE half, exactly. */
function halfOf(bits: number): number {
  const sign = (bits & 0x8000) === 0 ? 1 : -1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * POWERS[0];
  return sign * (1024 + fraction) * POWERS[exponent - 1];
}

/** 2^(e − 24) for e from 0 to 30. */
const POWERS = Array.from({ length: 31 }, (_, e) => {
  let power = 1 / 16_777_216;
  for (let i = 0; i < e; i += 1) power *= 2;
  return power;
});

/** Reads the number at a byte. */
function reader(type: StoredType, view: DataView): (index: number, first: number) => number {
  switch (type.stored) {
    case "float32":
      return (index, first) => view.getFloat32(first + 4 * index, true);
    case "float16":
      return (index, first) => halfOf(view.getUint16(first + 2 * index, true));
    case "uint16": {
      const { scale, min } = type;
      return (index, first) => view.getUint16(first + 2 * index, true) * scale + min;
    }
    case "uint8": {
      const { scale, min } = type;
      return (index, first) => view.getUint8(first + index) * scale + min;
    }
  }
}

/**
 * Decodes the weights of a group.
 * @param bytes  of all its files, joined in order
 * Stops with ENGINE_KERAS_WEIGHT_BYTES, and _NUMBER for NaN and infinities.
 */
export function decodeGroup(group: WeightGroup, bytes: Uint8Array): ReadonlyMap<string, Weight> {
  if (bytes.length !== group.bytes) {
    const file = group.paths.join(", ");
    stop("ENGINE_KERAS_WEIGHT_BYTES", { file, bytes: bytes.length, expected: group.bytes });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const decoded = new Map<string, Weight>();
  let first = 0;
  for (const { name, shape, type, bytes: size } of group.weights) {
    const values = new Float32Array(elementCount(shape));
    const read = reader(type, view);
    for (let i = 0; i < values.length; i += 1) {
      const value = Math.fround(read(i, first));
      if (!Number.isFinite(value)) {
        stop("ENGINE_KERAS_NUMBER", { weight: name, index: i, value: String(value) });
      }
      values[i] = canon(value);
    }
    decoded.set(name, { shape, values });
    first += size;
  }
  return decoded;
}
