/**
 * Decides how an operand of an exact product is seen, and how the exponents of its groups are found
 * (NUMERICS.md, "Exact products").
 */
import { elementKernel, overElements } from "../kernel.ts";
import type { Dispatch, Kernel, OpPlan, Slot } from "../kernel.ts";
import { EXACT_INTEGERS } from "../wgsl/exact-integers.ts";
import type { SourceKind } from "../wgsl/pack-kernels.ts";
import { SOFT_FLOAT } from "../wgsl/soft-float.ts";
import { GATHER_SIZES, cutsOf, gatheringKernel, overLines } from "./gathered.ts";
import { FIND_SLICE, slicesOf } from "./slices.ts";

/** A tensor seen as [outer, groups, inner], as in `engine/exact/quantise.ts`. */
export interface Grouping {
  readonly outer: number;
  readonly groups: number;
  readonly inner: number;
}

/** Where the shift of an element that is balanced stands. */
export interface Shifts {
  readonly slot: Slot;
  /** The left operand's elements are divided by 2^shift, the right one's multiplied. */
  readonly sign: 1 | -1;
  /** Shifts of a batch element. */
  readonly each: number;
  /** The shift of [o, g, i] is ⌊o / outerPer⌋ + i · innerTimes. */
  readonly outerPer: number;
  readonly innerTimes: number;
  /** The shift of k is ⌊k / kPer⌋. */
  readonly kPer: number;
}

/** One operand: lines along k that share exponents. */
export interface Operand {
  readonly slot: Slot;
  /** Elements of a batch element. */
  readonly size: number;
  readonly lines: number;
  /** The exponent of a line is that of group ⌊line / linesPerGroup⌋ mod groups. */
  readonly linesPerGroup: number;
  readonly grouping: Grouping;
  /** Where element (line, k) is found, and the numbers that say so. */
  readonly source: { readonly kind: SourceKind; readonly numbers: readonly number[] };
  readonly shifts?: Shifts;
}

/** What planning a product is given besides its operands. */
export interface Planning extends Pick<OpPlan, "scratch"> {
  /** Whether the device brings slices together within a workgroup. */
  readonly gathers: boolean;
  /** Tensors that a kernel may be bound to, its numbers counted as one. */
  readonly tensorsMax: number;
}

/** Stands for the exponent of a group of zeros where groups are to be balanced. */
export const ALL_ZERO = 0x7fffffff;

/**
 * Numbers: count, lines, slices, neighbours, groups, outer, inner, elements of a batch element,
 * bound, exponent of zeros; then where balanced: sign, shifts of a batch element, outerPer,
 * innerTimes. A slice's size where a line has several, else its exponent.
 */
const exponentKernel = (balanced: boolean): Kernel => {
  const shift = balanced
    ? "i32(P[10]) * Z[element * P[11] + (j / P[6]) / P[12] + (j % P[6]) * P[13]]"
    : "0";
  return elementKernel(
    balanced ? "exponents, balanced" : "exponents",
    balanced ? ["X", "Z: array<i32>", "E"] : ["X", "E"],
    balanced ? "rrw" : "rw",
    [SOFT_FLOAT, EXACT_INTEGERS],
    `${FIND_SLICE}
  let element = line / P[4];
  let first = element * P[7] + (line % P[4]) * P[6];
  let end = P[5] * P[6];
  var size = 0u;
  for (var j = slice; j < end; j += P[2]) {
    let of_x = first + (j / P[6]) * P[4] * P[6] + j % P[6];
    size = max(size, size_of(X[of_x], ${shift}));
  }
  if (P[2] > 1u) {
    E[slice * P[1] + line] = size;
    return;
  }
  E[line] = select(u32(least_exponent(size, P[8])), P[9], size == 0u);`,
  );
};

const PLAIN_EXPONENTS = exponentKernel(false);
const BALANCED_EXPONENTS = exponentKernel(true);

/** Numbers: lines, slices, bound, exponent of zeros. */
const GATHERED_EXPONENTS = elementKernel(
  "exponents of slices",
  ["S", "E"],
  "rw",
  [SOFT_FLOAT, EXACT_INTEGERS],
  `  var size = 0u;
  for (var i = 0u; i < P[1]; i++) { size = max(size, S[i * P[0] + at]); }
  E[at] = select(u32(least_exponent(size, P[2])), P[3], size == 0u);`,
);

/**
 * Numbers after those of a gathering kernel: groups, outer, inner, elements of a batch element,
 * bound, exponent of zeros, step from element to element or 0; then where balanced as above.
 */
const gatheredExponents = (balanced: boolean): Kernel => {
  const shift = (j: string): string =>
    balanced
      ? `i32(P[10]) * Z[element * P[11] + (${j} / P[5]) / P[12] + (${j} % P[5]) * P[13]]`
      : "0";
  // Reads of which none waits for another: the device has all of them under way at a time.
  const ahead = [0, 1, 2, 3].map((i) => {
    const j = `(j + ${i}u * step)`;
    return `      let size${i} = size_of(X[first + ${j} * P[9]], ${shift(j)});`;
  });
  return gatheringKernel(
    `exponents, gathered${balanced ? ", balanced" : ""}`,
    balanced ? ["X", "Z: array<i32>", "E"] : ["X", "E"],
    balanced ? "rrw" : "rw",
    `  let element = line / P[3];
  let first = element * P[6] + (line % P[3]) * P[5];
  let end = select(0u, P[4] * P[5], inside);
  var size = 0u;
  var j = slice;
  if (P[9] != 0u) {
    for (; j + 3u * step < end; j += 4u * step) {
${ahead.join("\n")}
      size = max(size, max(max(size0, size1), max(size2, size3)));
    }
  }
  for (; j < end; j += step) {
    var of_x = first + j * P[9];
    if (P[9] == 0u) { of_x = first + (j / P[5]) * P[3] * P[5] + j % P[5]; }
    size = max(size, size_of(X[of_x], ${shift("j")}));
  }
${GATHER_SIZES}  if (inside && slice == 0u) {
    size = sizes[beside];
    E[line] = select(u32(least_exponent(size, P[7])), P[8], size == 0u);
  }`,
  );
};

const PLAIN_GATHERED = gatheredExponents(false);
const BALANCED_GATHERED = gatheredExponents(true);

/** Numbers after those of a gathering kernel: slices, bound, exponent of zeros. */
const EXPONENTS_OF_CUTS = gatheringKernel(
  "exponents of slices, gathered",
  ["S", "E"],
  "rw",
  `  var size = 0u;
  for (var i = slice; inside && i < P[3]; i += step) { size = max(size, S[i * P[0] + line]); }
${GATHER_SIZES}  if (inside && slice == 0u) {
    size = sizes[beside];
    E[line] = select(u32(least_exponent(size, P[4])), P[5], size == 0u);
  }`,
);

/** What exponents are found of. */
type Grouped = Pick<Operand, "slot" | "size" | "grouping" | "shifts">;

/** Numbers about shifts, where there are any. */
const shiftNumbers = ({ shifts }: Grouped): readonly number[] =>
  shifts === undefined ? [] : [shifts.sign, shifts.each, shifts.outerPer, shifts.innerTimes];

/** The exponents of an operand's groups, all batch elements. */
export function planExponents(
  of: Grouped,
  { batch, bound }: { readonly batch: number; readonly bound: 8127 | 127 },
  into: Slot,
  zeros: number,
  side: "left" | "right",
  { gathers, scratch }: Planning,
): readonly Dispatch[] {
  const { slot, size, grouping, shifts } = of;
  const { outer, groups, inner } = grouping;
  const lines = batch * groups;
  const all = { lines, count: outer * inner, isRun: inner > 1 };
  const slices = gathers ? cutsOf(all) : slicesOf(lines, outer * inner);
  const tensors = [slot, ...(shifts === undefined ? [] : [shifts.slot])];
  if (gathers && slices === 1) {
    const step = outer === 1 ? 1 : inner === 1 ? groups : 0;
    const numbers = [groups, outer, inner, size, bound, zeros, step, ...shiftNumbers(of)];
    const kernel = shifts === undefined ? PLAIN_GATHERED : BALANCED_GATHERED;
    return [overLines(kernel, all, numbers, [...tensors, into])];
  }
  const count = lines * slices;
  const shape = [lines, slices, inner > 1 ? 1 : 0, groups, outer, inner, size, bound, zeros];
  const to = slices === 1 ? into : scratch(`sizes of groups, ${side}`, count);
  const kernel = shifts === undefined ? PLAIN_EXPONENTS : BALANCED_EXPONENTS;
  const first = overElements(kernel, count, [...shape, ...shiftNumbers(of)], [...tensors, to]);
  if (slices === 1) return [first];
  const last = [slices, bound, zeros];
  if (!gathers) return [first, overElements(GATHERED_EXPONENTS, lines, last, [to, into])];
  const cut = { lines, count: slices, isRun: false };
  return [first, overLines(EXPONENTS_OF_CUTS, cut, last, [to, into])];
}
