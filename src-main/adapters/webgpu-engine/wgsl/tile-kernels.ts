/**
 * Decides the kernels that multiply in tiles for devices with fast memory beside their processors:
 * a workgroup brings 64 lines of either operand into its own memory, an invocation makes 4 x 4
 * elements of it. What comes next is read while what is there is multiplied.
 */
import { kernelHead } from "../kernel.ts";
import type { Kernel } from "../kernel.ts";
import { EXACT_INTEGERS } from "./exact-integers.ts";
import { CLOSING, SPILL, SUMS, dots, each, entry, spilled } from "./product-kernels.ts";
import { SOFT_FLOAT } from "./soft-float.ts";

/** Lines of either operand that a tile holds. */
export const TILE_LINES = 64;

/** Quarters of them. */
const QUARTERS = TILE_LINES / 4;

const INVOCATIONS = 256;

interface TileShape {
  /** Words along k of a tile. */
  readonly words: number;
  /** Slices of the left operand and of the right one. */
  readonly left: number;
  readonly right: number;
  /** Element type of the tile. */
  readonly type: "u32" | "f32";
}

function opening({ words, left, right, type }: TileShape): string {
  const split = left * words * QUARTERS;
  const all = (left + right) * words * QUARTERS;
  const fetches = all / INVOCATIONS;
  return /* wgsl */ `
var<workgroup> tile_words: array<vec4<${type}>, ${all}>;

${entry(INVOCATIONS)}
  let tile_row = ((tile % P[2]) / P[1]) * ${QUARTERS}u;
  let tile_column = (tile % P[1]) * ${QUARTERS}u;
  // Neighbours of 32 are 4 x 8 of the tile's quarters: they read the fewest different words.
  let wave = lane / 32u;
  let row_in = (wave / 2u) * 4u + (lane % 32u) / 8u;
  let column_in = (wave % 2u) * 8u + lane % 8u;
  let row4 = tile_row + row_in;
  let column4 = tile_column + column_in;
  let start = part * P[19];
  let stop = min(start + P[19], P[5]);
  // Where each of this invocation's words comes from, and how far the next tile is.
  var from_at: array<u32, ${fetches}>;
  var is_left: array<bool, ${fetches}>;
  for (var i = 0u; i < ${fetches}u; i++) {
    let place = i * ${INVOCATIONS}u + lane;
    let left = place < ${split}u;
    let rest = select(place - ${split}u, place, left);
    let slice = rest / ${words * QUARTERS}u;
    let line_step = select(P[7], P[6], left);
    let word = element * P[5] + start + (rest / ${QUARTERS}u) % ${words}u;
    is_left[i] = left;
    from_at[i] = slice * select(P[16], P[15], left) + word * line_step + rest % ${QUARTERS}u
      + select(tile_column, tile_row, left);
  }
  var next: array<vec4<u32>, ${fetches}>;
  for (var i = 0u; i < ${fetches}u; i++) {
    if (is_left[i]) { next[i] = A[from_at[i]]; } else { next[i] = B[from_at[i]]; }
  }
`;
}

/** From one tile to the next: what was read goes into the workgroup's memory. */
function turn({ words, left, right, type }: TileShape): string {
  const fetches = ((left + right) * words * QUARTERS) / INVOCATIONS;
  return /* wgsl */ `
    workgroupBarrier();
    for (var i = 0u; i < ${fetches}u; i++) {
      tile_words[i * ${INVOCATIONS}u + lane] = bitcast<vec4<${type}>>(next[i]);
    }
    workgroupBarrier();
    if (k + ${words}u < stop) {
      for (var i = 0u; i < ${fetches}u; i++) {
        from_at[i] += ${words}u * select(P[7], P[6], is_left[i]);
        if (is_left[i]) { next[i] = A[from_at[i]]; } else { next[i] = B[from_at[i]]; }
      }
    }
`;
}

function tileKernel(name: string, shape: TileShape, body: string): Kernel {
  const words = "array<vec4<u32>>";
  const tensors = [`A: ${words}`, `B: ${words}`, "EA: array<i32>", "EB: array<i32>"];
  const access = "rrrrw";
  const head = kernelHead([...tensors, "Y: array<u32>"], access);
  const parts = [head, SOFT_FLOAT, EXACT_INTEGERS, SPILL, opening(shape), SUMS, body, CLOSING];
  return { name, code: parts.join("\n"), access };
}

/** Index of a word of a slice in the tile; the right operand's slices follow the left one's. */
const tileWord = (slice: number, words: number, place: string): string =>
  `tile_words[${slice * words * QUARTERS}u + w * ${QUARTERS}u + ${place}]`;

const DOT_WORDS = 8;

const SLICES: TileShape = { words: DOT_WORDS, left: 3, right: 3, type: "u32" };

const PARTS = ["hh", "ll", "mm"] as const;

/** As `SLICE_PRODUCT`; no part is as long as a 32-bit sum may be, so that nothing is spilled. */
export const SLICE_TILES: Kernel = tileKernel(
  "tiles of slices",
  SLICES,
  /* wgsl */ `
${PARTS.map((part) => each((row) => `  var ${part}${row} = vec4<i32>(0);`)).join("\n")}
  for (var k = start; k < stop; k += ${DOT_WORDS}u) {
${turn(SLICES)}
    for (var w = 0u; w < ${DOT_WORDS}u; w++) {
${PARTS.map(
  (part, i) => `      {
        let a = ${tileWord(i, DOT_WORDS, "row_in")};
        let b = ${tileWord(3 + i, DOT_WORDS, "column_in")};
${each((row) => `        ${part}${row} += ${dots("a", "b", row)};`)}
      }`,
).join("\n")}
    }
  }
  for (var i = 0u; i < 4u; i++) {
${each(
  (row) => `    let s${row} = folded(hh${row}[i], ll${row}[i], mm${row}[i]);
    low[${row}][i] = s${row}.x;
    high[${row}][i] = s${row}.y;`,
)}
  }
`,
);

const BYTES: TileShape = { words: DOT_WORDS, left: 1, right: 1, type: "u32" };

/** Four signed bytes a word, one product. */
export const BYTE_TILES: Kernel = tileKernel(
  "tiles of bytes",
  BYTES,
  /* wgsl */ `
${each((row) => `  var p${row} = vec4<i32>(0);`)}
  for (var k = start; k < stop; k += ${DOT_WORDS}u) {
${turn(BYTES)}
    for (var w = 0u; w < ${DOT_WORDS}u; w++) {
      let a = ${tileWord(0, DOT_WORDS, "row_in")};
      let b = ${tileWord(1, DOT_WORDS, "column_in")};
${each((row) => `      p${row} += ${dots("a", "b", row)};`)}
    }
  }
${each((row) => spilled(row, `p${row}`))}
`,
);

/** Words along k of a tile of whole numbers. */
const WHOLE_WORDS = 16;

const DIGITS: TileShape = { words: WHOLE_WORDS, left: 1, right: 2, type: "f32" };

/** Sums of the f32 registers become integers before any of them could reach 2^24. */
const spillWhole = (term: (row: number) => string, clear: (row: number) => string): string => `
    if (k + ${WHOLE_WORDS}u >= end) {
${each((row) => spilled(row, term(row)))}
${each(clear)}
      end += P[8];
    }`;

/**
 * Whole numbers in f32: |q| <= 8127 times a digit of at most 64 is below 2^19, so that 32 of them
 * stay below 2^24. Every sum and product is an integer that f32 holds exactly, in whatever order,
 * fused or not.
 */
export const DIGIT_TILES: Kernel = tileKernel(
  "tiles of digits in f32",
  DIGITS,
  /* wgsl */ `
${each((row) => `  var h${row} = vec4<f32>();\n  var l${row} = vec4<f32>();`)}
  var end = start + P[8];
  for (var k = start; k < stop; k += ${WHOLE_WORDS}u) {
${turn(DIGITS)}
    for (var w = 0u; w < ${WHOLE_WORDS}u; w++) {
      let a = ${tileWord(0, WHOLE_WORDS, "row_in")};
      let b_high = ${tileWord(1, WHOLE_WORDS, "column_in")};
      let b_low = ${tileWord(2, WHOLE_WORDS, "column_in")};
${each((row) => `      h${row} += a[${row}] * b_high;\n      l${row} += a[${row}] * b_low;`)}
    }
${spillWhole(
  (row) => `(vec4<i32>(h${row}) << vec4<u32>(7u)) + vec4<i32>(l${row})`,
  (row) => `      h${row} = vec4<f32>();\n      l${row} = vec4<f32>();`,
)}
  }
${each((row) => spilled(row, `(vec4<i32>(h${row}) << vec4<u32>(7u)) + vec4<i32>(l${row})`))}
`,
);

const WHOLE: TileShape = { words: WHOLE_WORDS, left: 1, right: 1, type: "f32" };

/** As `DIGIT_TILES` for |q| <= 127: 1,024 products stay below 2^24. */
export const WHOLE_TILES: Kernel = tileKernel(
  "tiles of whole numbers in f32",
  WHOLE,
  /* wgsl */ `
${each((row) => `  var h${row} = vec4<f32>();`)}
  var end = start + P[8];
  for (var k = start; k < stop; k += ${WHOLE_WORDS}u) {
${turn(WHOLE)}
    for (var w = 0u; w < ${WHOLE_WORDS}u; w++) {
      let a = ${tileWord(0, WHOLE_WORDS, "row_in")};
      let b = ${tileWord(1, WHOLE_WORDS, "column_in")};
${each((row) => `      h${row} += a[${row}] * b;`)}
    }
${spillWhole(
  (row) => `vec4<i32>(h${row})`,
  (row) => `      h${row} = vec4<f32>();`,
)}
  }
${each((row) => spilled(row, `vec4<i32>(h${row})`))}
`,
);
