/**
 * Decides `load`, op 0: raw sample bytes become a tensor (NUMERICS.md, "Samples"). Encoding 0 holds
 * a feature as one byte, for images; encoding 1 as a little-endian f32, for tables. The last byte
 * of a sample is its label. Encodings 2 and 3 hold text: F + 1 tokens of one byte, or of two,
 * little-endian; each is a number, and the last one is what the one before it is to foretell.
 */
import { Fault, accept, invariant } from "../../contract/outcome.ts";
import { canon, floatOfBits } from "../canon.ts";
import { div } from "../primitives.ts";
import type { Shape } from "../program/program.ts";
import { elementCount, refuseAttribute, refuseShape } from "./op.ts";
import type { Op } from "./op.ts";

/** How a sample holds a feature, as the attribute of `load`. */
export const ENCODING = { bytes: 0, floats: 1, byteTokens: 2, wordTokens: 3 } as const;

const featureOfByte = Float32Array.from({ length: 256 }, (_, byte) => div(byte, 255));

/** Bytes of one sample of that many features and a label, or of one token more. */
export function encodedSampleBytes(encoding: number, features: number): number {
  if (encoding === ENCODING.wordTokens) return 2 * (features + 1);
  return features * (encoding === ENCODING.floats ? 4 : 1) + 1;
}

/** Bytes of the batch that `load` makes a tensor of this shape from. */
export function batchBytes(encoding: number, [samples, width]: Shape): number {
  return samples * encodedSampleBytes(encoding, width - 1);
}

/**
 * The index, sample by sample, of the first f32 feature that is NaN or infinite, or -1.
 * @param samples  whole samples of encoding 1, joined
 */
export function firstNonFinite(samples: Uint8Array, features: number): number {
  const size = encodedSampleBytes(ENCODING.floats, features);
  for (let first = 0, index = 0; first < samples.length; first += size) {
    const end = first + 4 * features;
    for (let at = first; at < end; at += 4, index += 1) {
      // All eight exponent bits set; as bytes, because samples do not lie on word boundaries.
      if ((samples[at + 3] & 0x7f) === 0x7f && samples[at + 2] >= 0x80) return index;
    }
  }
  return -1;
}

function loadBytes(batch: Uint8Array, width: number): Float32Array {
  const result = new Float32Array(batch.length);
  for (let i = 0; i < batch.length; i += 1) result[i] = featureOfByte[batch[i]];
  for (let i = width - 1; i < batch.length; i += width) result[i] = batch[i];
  return result;
}

function loadFloats(batch: Uint8Array, [samples, width]: Shape): Float32Array {
  const wrong = firstNonFinite(batch, width - 1);
  if (wrong >= 0) {
    const sample = Math.floor(wrong / (width - 1));
    const facts = { sample, feature: wrong - sample * (width - 1) };
    throw new Fault("ENGINE_NUMBER", "a feature is NaN or infinite", facts);
  }
  const view = new DataView(batch.buffer, batch.byteOffset, batch.length);
  const result = new Float32Array(samples * width);
  let at = 0;
  for (let row = 0; row < result.length; row += width) {
    for (let column = 0; column < width - 1; column += 1, at += 4) {
      result[row + column] = canon(floatOfBits(view.getUint32(at, true)));
    }
    result[row + width - 1] = batch[at];
    at += 1;
  }
  return result;
}

function loadWords(batch: Uint8Array): Float32Array {
  const result = new Float32Array(batch.length / 2);
  for (let i = 0; i < result.length; i += 1) result[i] = batch[2 * i] + 256 * batch[2 * i + 1];
  return result;
}

/**
 * [B, F+1] from B samples; attribute encoding. Evaluation throws Fault ENGINE_NUMBER for a NaN or
 * an infinity: no data set holds one, so it is the caller's batch that is damaged.
 */
export const load: Op = {
  name: "load",
  inputCount: 0,
  outputShape: (_inputs, attributes, declared) => {
    if (attributes.length !== 1 || attributes[0] < 0 || attributes[0] > ENCODING.wordTokens) {
      return refuseAttribute("load", "one attribute, encoding 0 to 3");
    }
    if (declared.length !== 2 || declared[1] < 2) {
      return refuseShape("load", "[samples, features + 1]");
    }
    return accept(declared);
  },
  evaluate: ({ batch, shape, attributes: [encoding] }) => {
    invariant(batch.length === batchBytes(encoding, shape), "the batch holds whole samples");
    if (encoding === ENCODING.byteTokens) return Float32Array.from(batch);
    if (encoding === ENCODING.wordTokens) return loadWords(batch);
    return encoding === ENCODING.floats ? loadFloats(batch, shape) : loadBytes(batch, shape[1]);
  },
  cost: (_inputs, _attributes, shape) => elementCount(shape),
};
