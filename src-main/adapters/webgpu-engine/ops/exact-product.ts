/**
 * Decides an exact product on the device: exponents of either operand's groups, integers packed
 * along k, then one of the kernels that multiply them (NUMERICS.md, "Exact products"). A
 * convolution is such a product of taps, so it is packed as one.
 */
import { elementKernel, overElements } from "../kernel.ts";
import type { Dispatch, Kernel, OpPlan, Slot } from "../kernel.ts";
import { EXACT_INTEGERS } from "../wgsl/exact-integers.ts";
import { packKernel } from "../wgsl/pack-kernels.ts";
import { PACKINGS } from "../wgsl/packings.ts";
import type { Packing } from "../wgsl/packings.ts";
import { PRODUCT_GROUP, SIDE, SUMMED_PARTS } from "../wgsl/product-kernels.ts";
import type { SourceKind } from "../wgsl/pack-kernels.ts";
import { SOFT_FLOAT } from "../wgsl/soft-float.ts";
import { GATHER_SIZES, cutsOf, gatheringKernel, overLines } from "./gathered.ts";
import { FIND_SLICE, slicesOf } from "./slices.ts";

/** Which kernel multiplies, and what it takes. */
export interface ProductChoice {
  readonly name: string;
  readonly kernel: Kernel;
  /** How the left operand and the right one are packed. */
  readonly packings: readonly [Packing, Packing];
  /** Words after which a 32-bit sum of products of numbers up to `bound` is full. */
  readonly spill: (bound: number) => number;
  /** Whether a part along k may be longer than that. */
  readonly spills: boolean;
  /** A workgroup's lines of either operand and words along k; absent: any, as the shape has it. */
  readonly tile?: { readonly lines: number; readonly words: number };
  /** Multiplies where an operand has so few lines that most of a tile would be padding. */
  readonly thin?: ProductChoice;
}

/** A kernel for each bound: 14-bit integers and 8-bit ones. */
export interface ProductChoices {
  readonly wide: ProductChoice;
  readonly narrow: ProductChoice;
}

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

/** C = A·B for each batch element. */
export interface ExactProduct {
  readonly batch: number;
  readonly k: number;
  readonly bound: 8127 | 127;
  readonly left: Operand;
  readonly right: Operand;
  readonly output: Slot;
}

/** What planning a product is given besides its operands. */
export interface Planning extends Pick<OpPlan, "scratch"> {
  /** Whether the device brings slices together within a workgroup. */
  readonly gathers: boolean;
}

/** Stands for the exponent of a group of zeros where groups are to be balanced. */
const ALL_ZERO = 0x7fffffff;

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
  const shift = balanced
    ? "i32(P[10]) * Z[element * P[11] + (j / P[5]) / P[12] + (j % P[5]) * P[13]]"
    : "0";
  return gatheringKernel(
    `exponents, gathered${balanced ? ", balanced" : ""}`,
    balanced ? ["X", "Z: array<i32>", "E"] : ["X", "E"],
    balanced ? "rrw" : "rw",
    `  let element = line / P[3];
  let first = element * P[6] + (line % P[3]) * P[5];
  let end = select(0u, P[4] * P[5], inside);
  var size = 0u;
  for (var j = slice; j < end; j += step) {
    var of_x = first + j * P[9];
    if (P[9] == 0u) { of_x = first + (j / P[5]) * P[3] * P[5] + j % P[5]; }
    size = max(size, size_of(X[of_x], ${shift}));
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
function planExponents(
  of: Grouped,
  { batch, bound }: Pick<ExactProduct, "batch" | "bound">,
  into: Slot,
  zeros: number,
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
  const to = slices === 1 ? into : scratch("sizes of groups", count);
  const kernel = shifts === undefined ? PLAIN_EXPONENTS : BALANCED_EXPONENTS;
  const first = overElements(kernel, count, [...shape, ...shiftNumbers(of)], [...tensors, to]);
  if (slices === 1) return [first];
  const last = [slices, bound, zeros];
  if (!gathers) return [first, overElements(GATHERED_EXPONENTS, lines, last, [to, into])];
  const cut = { lines, count: slices, isRun: false };
  return [first, overLines(EXPONENTS_OF_CUTS, cut, last, [to, into])];
}

function planPack(
  operand: Operand,
  { batch, k }: ExactProduct,
  packing: Packing,
  exponents: Slot,
  packed: Slot,
  { paddedLines, words }: { readonly paddedLines: number; readonly words: number },
): Dispatch {
  const { slot, size, lines, linesPerGroup, grouping, source, shifts } = operand;
  const count = batch * words * paddedLines;
  const numbers = [paddedLines, words, lines, k, linesPerGroup, grouping.groups, size];
  const shiftNumbers = shifts === undefined ? [0, 0, 1] : [shifts.sign, shifts.each, shifts.kPer];
  return overElements(
    packKernel(packing, source.kind, shifts !== undefined),
    count,
    [...numbers, ...shiftNumbers, ...source.numbers],
    shifts === undefined ? [slot, exponents, packed] : [slot, exponents, shifts.slot, packed],
  );
}

/** Workgroups that keep a large device busy. */
const WORKGROUPS_WANTED = 256;

/** Words along k that a part has at least; below that adding the parts costs more than it saves. */
const PART_WORDS_LEAST = 64;

/** Parts at most: one invocation adds them all. */
const PARTS_MAX = 64;

/**
 * Parts along k of a product that has so many tiles.
 * @param wordsMost  of a part
 */
export function partsOf(tiles: number, words: number, wordsMost = Infinity): number {
  const wanted = Math.ceil(WORKGROUPS_WANTED / tiles);
  const useful = Math.min(wanted, PARTS_MAX, Math.floor(words / PART_WORDS_LEAST));
  return Math.max(1, useful, Math.ceil(words / wordsMost));
}

/** Lines of an operand below which a tile of 64 would be padding for the most part. */
const THIN_LINES = 16;

/** The kernel for a product's shape. */
function chosen({ bound, left, right }: ExactProduct, choices: ProductChoices): ProductChoice {
  const choice = bound === 127 ? choices.narrow : choices.wide;
  const isThin = Math.min(left.lines, right.lines) < THIN_LINES;
  return isThin && choice.thin !== undefined ? choice.thin : choice;
}

const upTo = (count: number, multiple: number): number => Math.ceil(count / multiple) * multiple;

/** How a workgroup's invocations lie over the quarters of rows and columns. */
export function tilingOf(
  rows: number,
  columns: number,
): { readonly across: number; readonly beside: number; readonly down: number } {
  // As square as columns allow: neighbours then read the same words.
  const across = [1, 2, 4].find((width) => columns <= width) ?? 8;
  const high = PRODUCT_GROUP / across;
  return { across, beside: Math.ceil(columns / across), down: Math.ceil(rows / high) };
}

/** Plans the product with the kernel that the device was found to run fastest. */
export function planProduct(
  product: ExactProduct,
  choices: ProductChoices,
  planning: Planning,
): readonly Dispatch[] {
  const { scratch } = planning;
  const { batch, k, bound, left, right, output } = product;
  const { kernel, packings, spill, spills, tile } = chosen(product, choices);
  const words = upTo(Math.ceil(k / PACKINGS[packings[0]].each), tile?.words ?? 1);
  const operands = [left, right].map((operand, side) => {
    const paddedLines = upTo(operand.lines, tile?.lines ?? SIDE);
    const name = side === 0 ? "left" : "right";
    const exponents = scratch(`exponents, ${name}`, batch * operand.grouping.groups);
    const { slices } = PACKINGS[packings[side]];
    const packed = scratch(`packed, ${name}`, batch * words * paddedLines * slices);
    const packing = packings[side];
    return { operand, paddedLines, quarters: paddedLines / SIDE, exponents, packed, packing };
  });
  const [rows, columns] = operands;
  const { across, beside, down } =
    tile === undefined
      ? tilingOf(rows.quarters, columns.quarters)
      : {
          across: 0,
          beside: columns.paddedLines / tile.lines,
          down: rows.paddedLines / tile.lines,
        };
  const tiles = batch * beside * down;
  const wished = partsOf(tiles, words, spills ? Infinity : spill(bound));
  const partWords = upTo(Math.ceil(words / wished), tile?.words ?? 1);
  const parts = Math.ceil(words / partWords);
  const count = batch * left.lines * right.lines;
  const sums = parts === 1 ? output : scratch("sums of parts", 2 * parts * count);
  const groupNumbers = operands.flatMap(({ operand: { linesPerGroup, grouping } }) => [
    linesPerGroup,
    grouping.groups,
    grouping.groups,
  ]);
  const numbers = [
    ...[tiles, beside, beside * down, left.lines, right.lines, words],
    ...[rows.quarters, columns.quarters, spill(bound), ...groupNumbers],
    ...operands.map(({ quarters }) => batch * words * quarters),
    ...[across, parts, partWords],
  ];
  const exponents = [rows.exponents, columns.exponents];
  const slots = [rows.packed, columns.packed, ...exponents, sums];
  const dispatches = [
    // Both operands' exponents before either is packed: a device does what is independent at once.
    ...operands.flatMap(({ operand, exponents: into }) =>
      planExponents(operand, product, into, 0, planning),
    ),
    ...operands.map(({ operand, paddedLines, exponents: into, packed, packing }) =>
      planPack(operand, product, packing, into, packed, { paddedLines, words }),
    ),
    { kernel, numbers, slots, groups: tiles * parts },
  ];
  if (parts === 1) return dispatches;
  const gathering = [left.lines, right.lines, parts, ...groupNumbers];
  const adding = overElements(SUMMED_PARTS, count, gathering, [sums, ...exponents, output]);
  return [...dispatches, adding];
}

/** Numbers: count. The floor of half the difference, 0 where either is all zeros. */
const shiftKernel = elementKernel(
  "shifts",
  ["X: array<i32>", "Y: array<i32>", "Z: array<i32>"],
  "rrw",
  [],
  `  let zero = X[at] == ${ALL_ZERO} || Y[at] == ${ALL_ZERO};
  Z[at] = select((X[at] - Y[at]) >> 1u, 0, zero);`,
);

/** What is balanced: groups of either operand, as many on both sides. */
export interface Balanced {
  readonly batch: number;
  readonly bound: 8127 | 127;
  readonly left: Pick<Operand, "slot" | "size" | "grouping">;
  readonly right: Pick<Operand, "slot" | "size" | "grouping">;
}

/** Plans the shifts that balance two operands; they lie in the slot that is answered. */
export function planShifts(
  { batch, bound, left, right }: Balanced,
  planning: Planning,
): { readonly slot: Slot; readonly dispatches: readonly Dispatch[] } {
  const { scratch } = planning;
  const count = batch * left.grouping.groups;
  const [x, y] = [scratch("balance, left", count), scratch("balance, right", count)];
  const slot = scratch("shifts", count);
  const dispatches = [
    ...planExponents(left, { batch, bound }, x, ALL_ZERO, planning),
    ...planExponents(right, { batch, bound }, y, ALL_ZERO, planning),
    overElements(shiftKernel, count, [], [x, y, slot]),
  ];
  return { slot, dispatches };
}
