/**
 * Decides `dropout-mask`: which elements of a tensor stay in this step, as a pure function of key,
 * step, layer and index (NUMERICS.md, "Dropout").
 */
import { accept } from "../../contract/outcome.ts";
import { bitsOfFloat, floatOfBits, isCanonicalBits } from "../canon.ts";
import { philox } from "../random/philox.ts";
import type { PhiloxKey } from "../random/philox.ts";
import { elementCount, refuseAttribute, refuseShape } from "./op.ts";
import type { Op, OpCall } from "./op.ts";

function keyOf([key]: readonly Float32Array[]): PhiloxKey {
  return [bitsOfFloat(key[0]), bitsOfFloat(key[1])];
}

/** Words of element 4·block to 4·block + 3. */
function wordsOf({ inputs, attributes: [, , layer], step }: OpCall, block: number) {
  return philox([block, step, layer >>> 0, 0], keyOf(inputs));
}

/**
 * key [2], a state drawn from the job seed; declared shape. Attributes threshold, bits, layer: an
 * element is the value of `bits` where its random word, unsigned, is at least the threshold
 * (unsigned; the rate · 2^32), else +0.
 */
export const dropoutMask: Op = {
  name: "dropout-mask",
  inputCount: 1,
  outputShape: ([key], attributes, declared) => {
    if (attributes.length !== 3 || !isCanonicalBits(attributes[1])) {
      return refuseAttribute("dropout-mask", "threshold, bits of a canonical number, layer");
    }
    if (key.length !== 1 || key[0] !== 2) return refuseShape("dropout-mask", "the key is [2]");
    if (declared.length === 0) return refuseShape("dropout-mask", "the shape is declared");
    return accept(declared);
  },
  evaluate: (call) => {
    const [threshold, bits] = call.attributes;
    const kept = floatOfBits(bits);
    const result = new Float32Array(elementCount(call.shape));
    for (let first = 0; first < result.length; first += 4) {
      const words = wordsOf(call, first / 4);
      for (let i = 0; i < 4 && first + i < result.length; i += 1) {
        if (words[i] >= threshold >>> 0) result[first + i] = kept;
      }
    }
    return result;
  },
  evaluateElement: (call, index) => {
    const [threshold, bits] = call.attributes;
    const words = wordsOf(call, Math.floor(index / 4));
    return words[index % 4] >= threshold >>> 0 ? floatOfBits(bits) : 0;
  },
  cost: (_inputs, _attributes, shape) => 16 * elementCount(shape),
};
