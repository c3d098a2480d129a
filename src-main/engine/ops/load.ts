/**
 * Decides `load`, op 0: raw sample bytes become a tensor. Encoding 0: a sample is F bytes of
 * features, then one byte of label; features become canon(byte / 255), the label its number.
 */
import { accept, invariant } from "../../contract/outcome.ts";
import { div } from "../primitives.ts";
import { elementCount, refuseAttribute, refuseShape } from "./op.ts";
import type { Op } from "./op.ts";

const featureOfByte = Float32Array.from({ length: 256 }, (_, byte) => div(byte, 255));

/** [B, F+1] from B samples of F+1 bytes. */
export const load: Op = {
  name: "load",
  inputCount: 0,
  outputShape: (_inputs, attributes, declared) => {
    if (attributes.length !== 1 || attributes[0] !== 0) {
      return refuseAttribute("load", "one attribute, encoding 0");
    }
    if (declared.length !== 2 || declared[1] < 2) {
      return refuseShape("load", "[samples, features + 1]");
    }
    return accept(declared);
  },
  evaluate: ({ batch, shape }) => {
    invariant(batch.length === elementCount(shape), "the batch has one byte for each element");
    const width = shape[1];
    const result = new Float32Array(batch.length);
    for (let i = 0; i < batch.length; i += 1) result[i] = featureOfByte[batch[i]];
    for (let i = width - 1; i < batch.length; i += width) result[i] = batch[i];
    return result;
  },
  cost: (_inputs, _attributes, shape) => elementCount(shape),
};
