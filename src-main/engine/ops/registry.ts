/** Decides which ops exist. A name not listed here is no op. */
import { add } from "./add.ts";
import { batchMatmul } from "./batch-matmul.ts";
import { bias } from "./bias.ts";
import { causalMask } from "./causal-mask.ts";
import { constant } from "./constant.ts";
import { conv2d } from "./conv2d.ts";
import { conv2dGradientFilter } from "./conv2d-gradient-filter.ts";
import { conv2dGradientInput } from "./conv2d-gradient-input.ts";
import { cos } from "./cos.ts";
import { div } from "./div.ts";
import { dropoutMask } from "./dropout-mask.ts";
import { ELEMENTWISE, elementCall } from "./element-call.ts";
import { embedding } from "./embedding.ts";
import { embeddingGradient } from "./embedding-gradient.ts";
import { erf } from "./erf.ts";
import { exp } from "./exp.ts";
import { gelu } from "./gelu.ts";
import { geluGradient } from "./gelu-gradient.ts";
import { load } from "./load.ts";
import { log } from "./log.ts";
import { matmul } from "./matmul.ts";
import { max } from "./max.ts";
import { maxPool } from "./max-pool.ts";
import { maxPoolGradient } from "./max-pool-gradient.ts";
import { mean } from "./mean.ts";
import { mul } from "./mul.ts";
import { oneHot } from "./one-hot.ts";
import type { Op, OpCall } from "./op.ts";
import { pad } from "./pad.ts";
import { range } from "./range.ts";
import { relu } from "./relu.ts";
import { reluGradient } from "./relu-gradient.ts";
import { reshape } from "./reshape.ts";
import { schedule } from "./schedule.ts";
import { sigmoid } from "./sigmoid.ts";
import { sin } from "./sin.ts";
import { slice } from "./slice.ts";
import { sqrt } from "./sqrt.ts";
import { sub } from "./sub.ts";
import { sum } from "./sum.ts";
import { tanh } from "./tanh.ts";
import { transpose } from "./transpose.ts";

const ops: ReadonlyMap<string, Op> = new Map(
  [
    load,
    slice,
    reshape,
    transpose,
    oneHot,
    constant,
    schedule,
    add,
    sub,
    mul,
    div,
    sqrt,
    exp,
    log,
    relu,
    reluGradient,
    bias,
    matmul,
    conv2d,
    conv2dGradientInput,
    conv2dGradientFilter,
    maxPool,
    maxPoolGradient,
    sum,
    max,
    mean,
    batchMatmul,
    embedding,
    embeddingGradient,
    sigmoid,
    tanh,
    erf,
    gelu,
    geluGradient,
    sin,
    cos,
    causalMask,
    range,
    pad,
    dropoutMask,
  ].map((op) => [op.name, op]),
);

/** The op of that name, if there is one. */
export function opNamed(name: string): Op | undefined {
  return ops.get(name);
}

/** All op names, in the order of the table in ARCHITECTURE.md section 12. */
export function opNames(): readonly string[] {
  return [...ops.keys()];
}

/** One element of an op's value; cheap for most, the whole op for those that gather or move. */
export function evaluateElement(op: Op, call: OpCall, index: number): number {
  if (op.evaluateElement !== undefined) return op.evaluateElement(call, index);
  if (ELEMENTWISE.has(op.name)) return op.evaluate(elementCall(call, index))[0];
  return op.evaluate(call)[index];
}
