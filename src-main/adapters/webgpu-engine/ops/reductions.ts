/**
 * Decides sum, mean and max over an axis. The sum is exact in 64-bit integers, so its slices may
 * be added in any order. Long lines take a kernel for the sizes of their slices, one for the sums
 * and one that gathers these; short ones take one for all.
 */
import { bitsOfFloat } from "../../../engine/index.ts";
import { elementKernel, overElements, sizeOf } from "../kernel.ts";
import type { Dispatch, Kernel, OpPlan, OpPlanner } from "../kernel.ts";
import { EXACT_INTEGERS } from "../wgsl/exact-integers.ts";
import { SOFT_FLOAT } from "../wgsl/soft-float.ts";
import {
  GATHER_SIZES,
  GATHER_SUMS,
  SUM_MEMORY,
  cutsOf,
  gatheringKernel,
  overLines,
} from "./gathered.ts";
import { FIND_SLICE, slicesOf } from "./slices.ts";

/** Numbers: count, lines, slices, neighbours, elements of a line, inner, bits of their count. */
const LINE = /* wgsl */ `${FIND_SLICE}
  let inner = P[5];
  let first = (line / inner) * P[4] * inner + line % inner;
  let end = P[4];
  let step = P[2];
`;

const EXACT = [SOFT_FLOAT, EXACT_INTEGERS];

const SIZE = /* wgsl */ `
  var size = 0u;
  for (var i = slice; i < end; i += step) { size = max(size, X[first + i * inner] & MAGNITUDE); }
`;

/** The sum of a slice, where `size` is that of the whole line. */
const SUM = /* wgsl */ `
  // The least e with |x| < 2^e, less the 30 places that an element keeps.
  let exponent = i32(size >> 23u) - 156;
  var sum = vec2<u32>(0u, 0u);
  for (var i = slice; i < end; i += step) {
    sum = plus(sum, quantised(X[first + i * inner], 0, exponent));
  }
`;

const sizesKernel = elementKernel(
  "sizes of slices",
  ["X", "Z"],
  "rw",
  EXACT,
  `${LINE}${SIZE}  Z[slice * P[1] + line] = size;`,
);

const GATHERED_SIZE = /* wgsl */ `
  var size = 0u;
  for (var i = 0u; i < P[2]; i++) { size = max(size, Z[i * P[1] + line]); }
`;

const sumsKernel = elementKernel(
  "sums of slices",
  ["X", "Z", "S: array<vec2<u32>>"],
  "rrw",
  EXACT,
  `${LINE}${GATHERED_SIZE}${SUM}  S[slice * P[1] + line] = sum;`,
);

/** The result of `y`, the line's sum. */
const RESULTS = { sum: "y", mean: "div(y, P[6])" } as const;

const gathering = (name: "sum" | "mean"): Kernel =>
  elementKernel(
    `${name} of slices`,
    ["Z", "S: array<vec2<u32>>", "Y"],
    "rrw",
    EXACT,
    `  let line = at;${GATHERED_SIZE}
  var sum = vec2<u32>(0u, 0u);
  for (var i = 0u; i < P[2]; i++) { sum = plus64(sum, S[i * P[1] + line]); }
  let y = rounded64(sum, i32(size >> 23u) - 156);
  Y[line] = ${RESULTS[name]};`,
  );

const whole = (name: "sum" | "mean"): Kernel =>
  elementKernel(
    name,
    ["X", "Y"],
    "rw",
    EXACT,
    `${LINE}${SIZE}${SUM}  let y = rounded64(sum, exponent);\n  Y[line] = ${RESULTS[name]};`,
  );

interface SlicedLines {
  readonly lines: number;
  readonly slices: number;
  readonly numbers: readonly number[];
}

interface Axis {
  readonly lines: number;
  readonly count: number;
  readonly inner: number;
}

function axisOf({ inputShapes: [x], attributes: [axis] }: OpPlan): Axis {
  const [count, inner] = [x[axis], sizeOf(x, axis + 1)];
  return { lines: sizeOf(x) / count, count, inner };
}

function inSlices({ lines, count, inner }: Axis, slices: number): SlicedLines {
  const neighbours = inner === 1 ? 1 : 0;
  return { lines, slices, numbers: [lines, slices, neighbours, count, inner, bitsOfFloat(count)] };
}

function linesOf(plan: OpPlan): SlicedLines {
  const axis = axisOf(plan);
  return inSlices(axis, slicesOf(axis.lines, axis.count));
}

function summing(name: "sum" | "mean"): OpPlanner {
  const [one, gather] = [whole(name), gathering(name)];
  return (plan) => {
    const [x] = plan.inputs;
    const { output, scratch } = plan;
    const { lines, slices, numbers } = linesOf(plan);
    if (slices === 1) return [overElements(one, lines, numbers, [x, output])];
    const count = lines * slices;
    const sizes = scratch("sizes of slices", count);
    const sums = scratch("sums of slices", 2 * count);
    return [
      overElements(sizesKernel, count, numbers, [x, sizes]),
      overElements(sumsKernel, count, numbers, [x, sizes, sums]),
      overElements(gather, lines, numbers, [sizes, sums, output]),
    ];
  };
}

/** Of the elements of a slice, or of the slices of a line, which are such elements again. */
const maxKernel = elementKernel(
  "max",
  ["X", "Y"],
  "rw",
  [SOFT_FLOAT],
  `${LINE}
  var largest = i32(SIGN);
  for (var i = slice; i < end; i += step) { largest = max(largest, order(X[first + i * inner])); }
  Y[slice * P[1] + line] = select(u32(largest), u32(-largest) | SIGN, largest < 0);`,
);

const max: OpPlanner = (plan) => {
  const [x] = plan.inputs;
  const { lines, slices, numbers } = linesOf(plan);
  if (slices === 1) return [overElements(maxKernel, lines, numbers, [x, plan.output])];
  const parts = plan.scratch("sizes of slices", lines * slices);
  // Slices lie as an axis before the lines: one line is `slices` elements, `lines` apart.
  const again = [lines, 1, 0, slices, lines, 0];
  const dispatches: readonly Dispatch[] = [
    overElements(maxKernel, lines * slices, numbers, [x, parts]),
    overElements(maxKernel, lines, again, [parts, plan.output]),
  ];
  return dispatches;
};

/** Numbers after those of a gathering kernel: elements of a line, inner, bits of their count. */
const GATHERED_LINE = /* wgsl */ `
  let inner = P[4];
  let first = (line / inner) * P[3] * inner + line % inner;
  let end = select(0u, P[3], inside);
`;

const gatheredSum = (name: "sum" | "mean"): Kernel =>
  gatheringKernel(
    `${name}, gathered`,
    ["X", "Y"],
    "rw",
    `${GATHERED_LINE}${SIZE}${GATHER_SIZES}  size = sizes[beside];${SUM}${GATHER_SUMS}
  if (inside && slice == 0u) {
    let y = rounded64(sums[beside], exponent);
    Y[line] = ${RESULTS[name].replace("P[6]", "P[5]")};
  }`,
    SUM_MEMORY,
  );

/** Of slices that were cut before: their number follows the numbers of a gathering kernel. */
const gatheredSizes = gatheringKernel(
  "sizes of slices, gathered",
  ["Z", "Y"],
  "rw",
  `  var size = 0u;
  for (var i = slice; inside && i < P[3]; i += step) { size = max(size, Z[i * P[0] + line]); }
${GATHER_SIZES}  if (inside && slice == 0u) { Y[line] = sizes[beside]; }`,
);

const sizedSums = elementKernel(
  "sums of sized slices",
  ["X", "Z", "S: array<vec2<u32>>"],
  "rrw",
  EXACT,
  `${LINE}  let size = Z[line];${SUM}  S[slice * P[1] + line] = sum;`,
);

/** Numbers after those of a gathering kernel: slices, bits of the count. */
const gatheredSums = (name: "sum" | "mean"): Kernel =>
  gatheringKernel(
    `${name} of slices, gathered`,
    ["Z", "S: array<vec2<u32>>", "Y"],
    "rrw",
    `  var sum = vec2<u32>(0u, 0u);
  for (var i = slice; inside && i < P[3]; i += step) { sum = plus64(sum, S[i * P[0] + line]); }
${GATHER_SUMS}  if (inside && slice == 0u) {
    let y = rounded64(sums[beside], i32(Z[line] >> 23u) - 156);
    Y[line] = ${RESULTS[name].replace("P[6]", "P[4]")};
  }`,
    SUM_MEMORY,
  );

function gatheredSumming(name: "sum" | "mean"): OpPlanner {
  const [one, last] = [gatheredSum(name), gatheredSums(name)];
  return (plan) => {
    const [x] = plan.inputs;
    const { output, scratch } = plan;
    const axis = axisOf(plan);
    const { lines, count, inner } = axis;
    const all = { lines, count, isRun: inner === 1 };
    const bits = bitsOfFloat(count);
    const cuts = cutsOf(all);
    if (cuts === 1) return [overLines(one, all, [count, inner, bits], [x, output])];
    const { numbers } = inSlices(axis, cuts);
    const sizes = scratch("sizes of slices", lines * cuts);
    const sized = scratch("sizes of lines", lines);
    const sums = scratch("sums of slices", 2 * lines * cuts);
    const slices = { lines, count: cuts, isRun: false };
    return [
      overElements(sizesKernel, lines * cuts, numbers, [x, sizes]),
      overLines(gatheredSizes, slices, [cuts], [sizes, sized]),
      overElements(sizedSums, lines * cuts, numbers, [x, sized, sums]),
      overLines(last, slices, [cuts, bits], [sized, sums, output]),
    ];
  };
}

const gatheredMax = gatheringKernel(
  "max, gathered",
  ["X", "Y"],
  "rw",
  `${GATHERED_LINE}
  var largest = i32(SIGN);
  for (var i = slice; i < end; i += step) { largest = max(largest, order(X[first + i * inner])); }
  // The order of numbers as that of integers without a sign.
  let size = u32(largest) ^ SIGN;
${GATHER_SIZES}  if (inside && slice == 0u) {
    largest = i32(sizes[beside] ^ SIGN);
    Y[line] = select(u32(largest), u32(-largest) | SIGN, largest < 0);
  }`,
);

const gatheringMax: OpPlanner = (plan) => {
  const { lines, count, inner } = axisOf(plan);
  const all = { lines, count, isRun: inner === 1 };
  if (cutsOf(all) > 1) return max(plan);
  return [overLines(gatheredMax, all, [count, inner], [plan.inputs[0], plan.output])];
};

/**
 * Planners of these ops by name.
 * @param gathers  whether the device brings slices together within a workgroup
 */
export function reductionPlanners(gathers: boolean): Readonly<Record<string, OpPlanner>> {
  if (!gathers) return { sum: summing("sum"), mean: summing("mean"), max };
  return { sum: gatheredSumming("sum"), mean: gatheredSumming("mean"), max: gatheringMax };
}
