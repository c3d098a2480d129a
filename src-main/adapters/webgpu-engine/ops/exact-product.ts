/**
 * Decides an exact product on the device: exponents of either operand's groups, integers packed
 * along k, then one of the kernels that multiply them (NUMERICS.md, "Exact products"). A
 * convolution is such a product of taps, so it is packed as one.
 */
import { kernelHead, sizeOf } from "../kernel.ts";
import type { Dispatch, Kernel, OpPlan, Slot } from "../kernel.ts";
import { EXACT_INTEGERS } from "../wgsl/exact-integers.ts";
import { TILE } from "../wgsl/product-kernels.ts";
import type { Packing } from "../wgsl/product-kernels.ts";
import { packKernel, WORDS_OF } from "../wgsl/pack-kernels.ts";
import type { SourceKind } from "../wgsl/pack-kernels.ts";
import { SOFT_FLOAT } from "../wgsl/soft-float.ts";
import { LINE_GROUP } from "./reductions.ts";

/** Which kernel multiplies, and what it takes. */
export interface ProductChoice {
  readonly name: string;
  readonly kernel: Kernel;
  readonly packing: Packing;
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

/** Stands for the exponent of a group of zeros where groups are to be balanced. */
const ALL_ZERO = 0x7fffffff;

/**
 * Numbers: lines, groups, outer, inner, elements of a batch element, bound, lines of a workgroup,
 * exponent of zeros; then where balanced: sign, shifts of a batch element, outerPer, innerTimes.
 */
const exponentKernel = (balanced: boolean): Kernel => {
  const tensors = ["X: array<u32>", "Z: array<i32>", "E: array<i32>"];
  const used = balanced ? tensors : [tensors[0], tensors[2]];
  const access = balanced ? "rrw" : "rw";
  const shift = balanced
    ? "i32(P[8]) * Z[element * P[9] + (j / P[3]) / P[10] + (j % P[3]) * P[11]]"
    : "0";
  const code = /* wgsl */ `
${kernelHead(used, access)}
${SOFT_FLOAT}
${EXACT_INTEGERS}
var<workgroup> sizes: array<u32, ${LINE_GROUP}>;
@compute @workgroup_size(${LINE_GROUP})
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let beside = P[6];
  let slices = ${LINE_GROUP}u / beside;
  let line = (group.y * groups.x + group.x) * beside + lane % beside;
  let slice = lane / beside;
  let element = line / P[1];
  let first = element * P[4] + (line % P[1]) * P[3];
  let end = select(0u, P[2] * P[3], line < P[0]);
  var size = 0u;
  for (var j = slice; j < end; j += slices) {
    let at = first + (j / P[3]) * P[1] * P[3] + j % P[3];
    size = max(size, size_of(X[at], ${shift}));
  }
  sizes[lane] = size;
  workgroupBarrier();
  if (slice != 0u || line >= P[0]) { return; }
  for (var i = lane + beside; i < ${LINE_GROUP}u; i += beside) { size = max(size, sizes[i]); }
  E[line] = select(least_exponent(size, P[5]), i32(P[7]), size == 0u);
}
`;
  return { name: balanced ? "exponents, balanced" : "exponents", code, access };
};

const PLAIN_EXPONENTS = exponentKernel(false);
const BALANCED_EXPONENTS = exponentKernel(true);

/** Lines shorter than this are one invocation's. */
const SHORT_GROUP = 32;

function besideOf({ outer, inner }: Grouping): number {
  if (outer * inner <= SHORT_GROUP) return LINE_GROUP;
  return inner === 1 ? 16 : 1;
}

/** The exponents of an operand's groups, all batch elements. */
export function planExponents(
  of: Pick<Operand, "slot" | "size" | "grouping" | "shifts">,
  batch: number,
  bound: number,
  into: Slot,
  zeros: number,
): Dispatch {
  const { slot, size, grouping, shifts } = of;
  const { outer, groups, inner } = grouping;
  const beside = besideOf(grouping);
  const lines = batch * groups;
  const numbers = [lines, groups, outer, inner, size, bound, beside, zeros];
  const workgroups = Math.ceil(lines / beside);
  if (shifts === undefined) {
    return { kernel: PLAIN_EXPONENTS, numbers, slots: [slot, into], groups: workgroups };
  }
  const { sign, each, outerPer, innerTimes } = shifts;
  return {
    kernel: BALANCED_EXPONENTS,
    numbers: [...numbers, sign, each, outerPer, innerTimes],
    slots: [slot, shifts.slot, into],
    groups: workgroups,
  };
}

function planPack(
  operand: Operand,
  { batch, k }: ExactProduct,
  packing: Packing,
  exponents: Slot,
  packed: Slot,
  paddedLines: number,
): Dispatch {
  const { slot, size, lines, linesPerGroup, grouping, source, shifts } = operand;
  const words = Math.ceil(k / WORDS_OF[packing].each);
  const count = batch * words * paddedLines;
  const numbers = [count, paddedLines, words, lines, k, linesPerGroup, grouping.groups, size];
  const shiftNumbers = shifts === undefined ? [0, 0, 1] : [shifts.sign, shifts.each, shifts.kPer];
  return {
    kernel: packKernel(packing, source.kind, shifts !== undefined),
    numbers: [...numbers, ...shiftNumbers, ...source.numbers],
    slots:
      shifts === undefined ? [slot, exponents, packed] : [slot, exponents, shifts.slot, packed],
    groups: Math.ceil(count / 64),
  };
}

/** Plans the product with the kernel that the device was found to run fastest. */
export function planProduct(
  product: ExactProduct,
  choices: ProductChoices,
  scratch: OpPlan["scratch"],
): readonly Dispatch[] {
  const { batch, k, bound, left, right, output } = product;
  const { kernel, packing } = bound === 127 ? choices.narrow : choices.wide;
  const { each, slices, spill } = WORDS_OF[packing];
  const words = Math.ceil(k / each);
  const operands = [left, right].map((operand, side) => {
    const lines = Math.ceil(operand.lines / TILE) * TILE;
    const name = side === 0 ? "left" : "right";
    const exponents = scratch(`exponents, ${name}`, batch * operand.grouping.groups);
    const packed = scratch(`packed, ${name}`, batch * words * lines * slices);
    return { operand, lines, exponents, packed };
  });
  const before = operands.flatMap(({ operand, lines, exponents, packed }) => [
    planExponents(operand, batch, bound, exponents, 0),
    planPack(operand, product, packing, exponents, packed, lines),
  ]);
  const [rows, columns] = operands;
  const [tilesDown, tilesBeside] = [rows.lines / TILE, columns.lines / TILE];
  const tiles = batch * tilesDown * tilesBeside;
  const groupNumbers = operands.flatMap(({ operand }) => [
    operand.linesPerGroup,
    operand.grouping.groups,
    operand.grouping.groups,
  ]);
  const numbers = [
    ...[tiles, tilesBeside, tilesDown * tilesBeside, left.lines, right.lines, words],
    ...[rows.lines / 4, columns.lines / 4, spill(bound), ...groupNumbers],
    ...operands.map(({ lines }) => (batch * words * lines) / 4),
  ];
  const slots = [rows.packed, columns.packed, rows.exponents, columns.exponents, output];
  return [...before, { kernel, numbers, slots, groups: tiles }];
}

/** Numbers: count. The floor of half the difference, 0 where either is all zeros. */
const shiftKernel: Kernel = {
  name: "shifts",
  access: "rrw",
  code: /* wgsl */ `
${kernelHead(["X: array<i32>", "Y: array<i32>", "Z: array<i32>"], "rrw")}
@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let at = (group.y * groups.x + group.x) * 64u + lane;
  if (at >= P[0]) { return; }
  let zero = X[at] == ${ALL_ZERO} || Y[at] == ${ALL_ZERO};
  Z[at] = select((X[at] - Y[at]) >> 1u, 0, zero);
}
`,
};

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
  scratch: OpPlan["scratch"],
): { readonly slot: Slot; readonly dispatches: readonly Dispatch[] } {
  const count = batch * left.grouping.groups;
  const [x, y] = [scratch("balance, left", count), scratch("balance, right", count)];
  const slot = scratch("shifts", count);
  const dispatches = [
    planExponents(left, batch, bound, x, ALL_ZERO),
    planExponents(right, batch, bound, y, ALL_ZERO),
    { kernel: shiftKernel, numbers: [count], slots: [x, y, slot], groups: Math.ceil(count / 64) },
  ];
  return { slot, dispatches };
}

/** Elements of a shape's last two dimensions. */
export function matrixSize(shape: readonly number[]): number {
  return sizeOf(shape.slice(-2));
}
