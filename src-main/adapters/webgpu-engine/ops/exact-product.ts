/**
 * Decides an exact product on the device: exponents of either operand's groups, integers packed
 * along k, then one of the kernels that multiply them (NUMERICS.md, "Exact products"). A
 * convolution is such a product of taps, so it is packed as one.
 */
import { besideEachOther } from "../join-dispatches.ts";
import { elementKernel, overElements } from "../kernel.ts";
import type { Dispatch, Kernel, Slot } from "../kernel.ts";
import { packKernel } from "../wgsl/pack-kernels.ts";
import { PACKINGS } from "../wgsl/packings.ts";
import type { Packing } from "../wgsl/packings.ts";
import { PRODUCT_GROUP, SIDE, SUMMED_PARTS } from "../wgsl/product-kernels.ts";
import { ALL_ZERO, planExponents } from "./exponents.ts";
import type { Operand, Planning } from "./exponents.ts";

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

/** C = A·B for each batch element. */
export interface ExactProduct {
  readonly batch: number;
  readonly k: number;
  readonly bound: 8127 | 127;
  readonly left: Operand;
  readonly right: Operand;
  readonly output: Slot;
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

/** What is done to either operand; processors that play GPUs gain nothing by doing it at once. */
function atOnce(
  [left, right]: readonly (readonly Dispatch[])[],
  { gathers, tensorsMax }: Planning,
): readonly Dispatch[] {
  return gathers ? besideEachOther(left, right, tensorsMax) : [...left, ...right];
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
    const name = side === 0 ? ("left" as const) : ("right" as const);
    const exponents = scratch(`exponents, ${name}`, batch * operand.grouping.groups);
    const { slices } = PACKINGS[packings[side]];
    const packed = scratch(`packed, ${name}`, batch * words * paddedLines * slices);
    const packing = packings[side];
    return { operand, paddedLines, quarters: paddedLines / SIDE, exponents, packed, packing, name };
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
    ...atOnce(
      operands.map(({ operand, exponents: into, name }) =>
        planExponents(operand, product, into, 0, name, planning),
      ),
      planning,
    ),
    ...atOnce(
      operands.map(({ operand, paddedLines, exponents: into, packed, packing }) => [
        planPack(operand, product, packing, into, packed, { paddedLines, words }),
      ]),
      planning,
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
    ...atOnce(
      [
        planExponents(left, { batch, bound }, x, ALL_ZERO, "left", planning),
        planExponents(right, { batch, bound }, y, ALL_ZERO, "right", planning),
      ],
      planning,
    ),
    overElements(shiftKernel, count, [], [x, y, slot]),
  ];
  return { slot, dispatches };
}
