/** Decides how matmul, batch-matmul and the convolutions are seen as exact products. */
import type { Shape } from "../../../engine/index.ts";
import { sizeOf } from "../kernel.ts";
import type { Dispatch, OpPlan, OpPlanner, Slot } from "../kernel.ts";
import { planProduct, planShifts } from "./exact-product.ts";
import type { ProductChoices } from "./exact-product.ts";
import type { Operand } from "./exponents.ts";

/** What products are planned for. */
export interface ProductKit {
  /** The kernels that the device was found to run fastest. */
  readonly choices: ProductChoices;
  /** Whether the device brings slices together within a workgroup. */
  readonly gathers: boolean;
  /** Tensors that a kernel may be bound to, its numbers counted as one. */
  readonly tensorsMax: number;
}

const boundOf = (profile: number): 8127 | 127 => (profile === 2 ? 127 : 8127);

/** Profile 1, I14K, balances along k first. */
const BALANCED_PROFILE = 1;

/**
 * A matrix of `lines` lines along k.
 * @param lineFirst  whether a line's elements are neighbours
 */
function matrix(slot: Slot, lines: number, k: number, lineFirst: boolean): Operand {
  return {
    slot,
    size: lines * k,
    lines,
    linesPerGroup: 1,
    grouping: lineFirst
      ? { outer: 1, groups: lines, inner: k }
      : { outer: k, groups: lines, inner: 1 },
    source: { kind: "plain", numbers: lineFirst ? [k, 1] : [1, lines] },
  };
}

/** The same elements in groups along k. */
function alongK(operand: Operand, k: number): Pick<Operand, "slot" | "size" | "grouping"> {
  const { outer, groups, inner } = operand.grouping;
  const isLineFirst = outer === 1 && inner === k;
  return {
    slot: operand.slot,
    size: operand.size,
    grouping: isLineFirst
      ? { outer: groups, groups: k, inner: 1 }
      : { outer: 1, groups: k, inner: groups },
  };
}

/** Where the shift of k stands in a matrix that has all of k in each line. */
function balanced(operand: Operand, slot: Slot, sign: 1 | -1, k: number): Operand {
  const isLineFirst = operand.grouping.outer === 1 && operand.grouping.inner === k;
  const step = isLineFirst ? { outerPer: 1, innerTimes: 1 } : { outerPer: 1, innerTimes: 0 };
  return { ...operand, shifts: { slot, sign, each: k, ...step, kPer: 1 } };
}

function planMatrices(
  plan: OpPlan,
  kit: ProductKit,
  profile: number,
  batch: number,
  k: number,
  [left, right]: readonly [Operand, Operand],
): readonly Dispatch[] {
  const bound = boundOf(profile);
  const { choices, gathers, tensorsMax } = kit;
  const { output, scratch } = plan;
  if (profile !== BALANCED_PROFILE) {
    return planProduct({ batch, k, bound, left, right, output }, choices, {
      gathers,
      tensorsMax,
      scratch,
    });
  }
  const sides = { left: alongK(left, k), right: alongK(right, k) };
  const { slot, dispatches } = planShifts(
    { batch, bound, ...sides },
    { gathers, tensorsMax, scratch },
  );
  const product = {
    ...{ batch, k, bound, output },
    left: balanced(left, slot, -1, k),
    right: balanced(right, slot, 1, k),
  };
  return [...dispatches, ...planProduct(product, choices, { gathers, tensorsMax, scratch })];
}

const matmul =
  (kit: ProductKit): OpPlanner =>
  (plan) => {
    const [[m, k], [, n]] = plan.inputShapes;
    const [a, b] = plan.inputs;
    const [aSwapped, bSwapped] = plan.swapped;
    const operands = [matrix(a, m, k, !aSwapped), matrix(b, n, k, bSwapped)] as const;
    return planMatrices(plan, kit, plan.attributes[0], 1, k, operands);
  };

const batchMatmul =
  (kit: ProductKit): OpPlanner =>
  (plan) => {
    const [profile, aFlag, bFlag] = plan.attributes;
    const [aShape] = plan.inputShapes;
    const [m, n] = plan.shape.slice(-2);
    const k = aShape[aShape.length - (aFlag === 1 ? 2 : 1)];
    const [a, b] = plan.inputs;
    const operands = [matrix(a, m, k, aFlag === 0), matrix(b, n, k, bFlag === 1)] as const;
    return planMatrices(plan, kit, profile, sizeOf(plan.shape.slice(0, -2)), k, operands);
  };

/** Sizes of a convolution of x [N, H, W, C] and w [KH, KW, C, O] to y [N, OH, OW, O]. */
interface Convolution {
  readonly x: Shape;
  readonly w: Shape;
  readonly y: Shape;
  readonly attributes: readonly number[];
}

const imagesOf = (shape: Shape) => {
  return { outer: 1, groups: shape[0], inner: sizeOf(shape, 1) };
};

/** What looking up x under a tap takes. */
function tapNumbers({ x, w, y, attributes: [, stride, pad] }: Convolution): number[] {
  return [x[1], x[2], x[3], w[1], y[1], y[2], stride, pad];
}

const conv2d =
  ({ choices, gathers, tensorsMax }: ProductKit): OpPlanner =>
  ({ inputs, inputShapes: [x, w], attributes, output, shape: y, scratch }) => {
    const taps = sizeOf(w, 0, 3);
    const pixels = y[1] * y[2];
    const left: Operand = {
      slot: inputs[0],
      size: sizeOf(x),
      lines: y[0] * pixels,
      linesPerGroup: pixels,
      grouping: imagesOf(x),
      source: { kind: "pixel-taps", numbers: tapNumbers({ x, w, y, attributes }) },
    };
    const right = matrix(inputs[1], w[3], taps, false);
    const bound = boundOf(attributes[0]);
    return planProduct({ batch: 1, k: taps, bound, left, right, output }, choices, {
      gathers,
      tensorsMax,
      scratch,
    });
  };

const conv2dGradientInput =
  ({ choices, gathers, tensorsMax }: ProductKit): OpPlanner =>
  ({ inputs, inputShapes: [y, w], attributes, output, shape: x, scratch }) => {
    const [, stride, pad] = attributes;
    const [, kernelWidth, channels, filters] = w;
    const k = w[0] * kernelWidth * filters;
    const left: Operand = {
      slot: inputs[0],
      size: sizeOf(y),
      lines: x[0] * x[1] * x[2],
      linesPerGroup: x[1] * x[2],
      grouping: imagesOf(y),
      source: {
        kind: "gradient-taps",
        numbers: [x[1], x[2], filters, kernelWidth, y[1], y[2], stride, pad],
      },
    };
    const right: Operand = {
      slot: inputs[1],
      size: sizeOf(w),
      lines: channels,
      linesPerGroup: 1,
      grouping: { outer: w[0] * kernelWidth, groups: channels, inner: filters },
      source: { kind: "matrix", numbers: [filters, filters, channels * filters, 1] },
    };
    const bound = boundOf(attributes[0]);
    return planProduct({ batch: 1, k, bound, left, right, output }, choices, {
      gathers,
      tensorsMax,
      scratch,
    });
  };

const conv2dGradientFilter =
  ({ choices, gathers, tensorsMax }: ProductKit): OpPlanner =>
  ({ inputs, inputShapes: [x, y], attributes, output, shape: w, scratch }) => {
    const bound = boundOf(attributes[0]);
    const [images, channels, filters] = [x[0], x[3], y[3]];
    const pixels = y[1] * y[2];
    const k = images * pixels;
    const byImage = {
      left: { slot: inputs[0], size: sizeOf(x), grouping: imagesOf(x) },
      right: { slot: inputs[1], size: sizeOf(y), grouping: imagesOf(y) },
    };
    const { slot, dispatches } = planShifts(
      { batch: 1, bound, ...byImage },
      { gathers, tensorsMax, scratch },
    );
    const shifts = { slot, each: images, innerTimes: 0, kPer: pixels };
    const left: Operand = {
      ...byImage.left,
      lines: sizeOf(w, 0, 3),
      linesPerGroup: 1,
      grouping: { outer: images * x[1] * x[2], groups: channels, inner: 1 },
      source: { kind: "tap-pixels", numbers: tapNumbers({ x, w, y, attributes }) },
      shifts: { ...shifts, sign: -1, outerPer: x[1] * x[2] },
    };
    const right: Operand = {
      ...byImage.right,
      lines: filters,
      linesPerGroup: 1,
      grouping: { outer: k, groups: filters, inner: 1 },
      source: { kind: "plain", numbers: [1, filters] },
      shifts: { ...shifts, sign: 1, outerPer: pixels },
    };
    const product = { batch: 1, k, bound, left, right, output };
    return [...dispatches, ...planProduct(product, choices, { gathers, tensorsMax, scratch })];
  };

/** Planners of these ops by name. */
export function productPlanners(kit: ProductKit): Readonly<Record<string, OpPlanner>> {
  return {
    matmul: matmul(kit),
    "batch-matmul": batchMatmul(kit),
    conv2d: conv2d(kit),
    "conv2d-gradient-input": conv2dGradientInput(kit),
    "conv2d-gradient-filter": conv2dGradientFilter(kit),
  };
}
