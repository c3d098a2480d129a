/**
 * Decides how an operand of an exact product is packed: words along k, lines beside each other,
 * so that neighbours read neighbours. Element (line, k) of the product is looked up in the tensor;
 * whatever lies in the padding is 0.
 */
import { invariant } from "../../../contract/outcome.ts";
import { elementKernel } from "../kernel.ts";
import type { Kernel } from "../kernel.ts";
import { EXACT_INTEGERS } from "./exact-integers.ts";
import type { Packing } from "./product-kernels.ts";
import { SOFT_FLOAT } from "./soft-float.ts";

/** Integers of a word, words that stand for it, and the words after which a 32-bit sum is full. */
export const WORDS_OF: Readonly<
  Record<Packing, { each: number; slices: number; spill: (bound: number) => number }>
> = {
  // 32 products of 8127 · 8127, or 133,144 of 127 · 127, stay below 2^31.
  pairs: { each: 2, slices: 1, spill: (bound) => (bound === 127 ? 65_536 : 16) },
  bytes: { each: 4, slices: 1, spill: () => 32_768 },
  // A sum of slices reaches 126, of their products 2^17 · 126² < 2^31.
  slices: { each: 4, slices: 3, spill: () => 32_768 },
};

/**
 * Where an element is: in a matrix; under a tap of a filter (lines are pixels of the output and k
 * are taps, or the other way round); or in a gradient that meets a pixel through a tap.
 */
export type SourceKind = "matrix" | "pixel-taps" | "tap-pixels" | "gradient-taps";

/** Tap of the filter at a pixel of the output. Numbers: H, W, C, KW, OH, OW, stride, pad. */
const UNDER_TAP = /* wgsl */ `
fn under(pixel: u32, tap: u32) -> i32 {
  let channels = P[13];
  let column = i32((pixel % P[16]) * P[17] + (tap / channels) % P[14]) - i32(P[18]);
  let row = i32(((pixel / P[16]) % P[15]) * P[17] + tap / (channels * P[14])) - i32(P[18]);
  if (row < 0 || column < 0 || row >= i32(P[11]) || column >= i32(P[12])) { return -1; }
  let image = pixel / (P[16] * P[15]);
  return i32(((image * P[11] + u32(row)) * P[12] + u32(column)) * channels + tap % channels);
}
`;

const SOURCES: Readonly<Record<SourceKind, string>> = {
  // Numbers: step of a line, then k is split: by what, step of the quotient, step of the rest.
  matrix: /* wgsl */ `
fn source(line: u32, k: u32) -> i32 {
  return i32(line * P[11] + (k / P[12]) * P[13] + (k % P[12]) * P[14]);
}
`,
  "pixel-taps": `${UNDER_TAP}
fn source(line: u32, k: u32) -> i32 { return under(line, k); }
`,
  "tap-pixels": `${UNDER_TAP}
fn source(line: u32, k: u32) -> i32 { return under(k, line); }
`,
  // Numbers: H, W, O, KW, OH, OW, stride, pad. The pixel is one of the image, k is (i, j, o).
  "gradient-taps": /* wgsl */ `
fn source(line: u32, k: u32) -> i32 {
  let filters = P[13];
  let column = i32(line % P[12] + P[18]) - i32((k / filters) % P[14]);
  let row = i32((line / P[12]) % P[11] + P[18]) - i32(k / (filters * P[14]));
  if (row < 0 || column < 0) { return -1; }
  let stride = P[17];
  if (u32(row) % stride != 0u || u32(column) % stride != 0u) { return -1; }
  let out_row = u32(row) / stride;
  let out_column = u32(column) / stride;
  if (out_row >= P[15] || out_column >= P[16]) { return -1; }
  let image = line / (P[12] * P[11]);
  return i32(((image * P[15] + out_row) * P[16] + out_column) * filters + k % filters);
}
`,
};

const WORDS: Readonly<Record<Packing, string>> = {
  pairs: /* wgsl */ `
  let first = u32(integer_at(element, line, 2u * word)) & 0xffffu;
  Q[at] = first | (u32(integer_at(element, line, 2u * word + 1u)) << 16u);
`,
  bytes: /* wgsl */ `
  var packed = 0u;
  for (var i = 0u; i < 4u; i++) {
    packed |= (u32(integer_at(element, line, 4u * word + i)) & 0xffu) << (8u * i);
  }
  Q[at] = packed;
`,
  // q = 128 · high + low with both in [-64, 63].
  slices: /* wgsl */ `
  var highs = 0u;
  var lows = 0u;
  var sums = 0u;
  for (var i = 0u; i < 4u; i++) {
    let q = integer_at(element, line, 4u * word + i);
    let high = (q + 64) >> 7u;
    let low = q - 128 * high;
    highs |= (u32(high) & 0xffu) << (8u * i);
    lows |= (u32(low) & 0xffu) << (8u * i);
    sums |= (u32(high + low) & 0xffu) << (8u * i);
  }
  Q[at] = highs;
  Q[at + P[0]] = lows;
  Q[at + 2u * P[0]] = sums;
`,
};

/**
 * Numbers: words, padded lines, words along k, lines, k, lines of a group, groups, elements of a
 * batch element, then where balanced: sign, shifts of a batch element, kPer; then the source's.
 */
function packKernelOf(packing: Packing, source: SourceKind, balanced: boolean): Kernel {
  const shift = balanced ? "i32(P[8]) * Z[element * P[9] + k / P[10]]" : "0";
  const lookUp = /* wgsl */ `
fn integer_at(element: u32, line: u32, k: u32) -> i32 {
  if (line >= P[3] || k >= P[4]) { return 0; }
  let at = source(line, k);
  if (at < 0) { return 0; }
  let exponent = E[element * P[6] + (line / P[5]) % P[6]];
  return quantised(X[element * P[7] + u32(at)], ${shift}, exponent);
}
`;
  return elementKernel(
    `pack ${packing}, ${source}${balanced ? ", balanced" : ""}`,
    ["X", "E: array<i32>", ...(balanced ? ["Z: array<i32>"] : []), "Q"],
    balanced ? "rrrw" : "rrw",
    [SOFT_FLOAT, EXACT_INTEGERS, SOURCES[source], lookUp],
    `  let line = at % P[1];
  let word = (at / P[1]) % P[2];
  let element = at / (P[1] * P[2]);
${WORDS[packing]}`,
  );
}

const PACKINGS: readonly Packing[] = ["pairs", "slices", "bytes"];
const KINDS: readonly SourceKind[] = ["matrix", "pixel-taps", "tap-pixels", "gradient-taps"];

const kernels: ReadonlyMap<string, Kernel> = new Map(
  PACKINGS.flatMap((packing) =>
    KINDS.flatMap((kind) =>
      [false, true].map((balanced) => {
        return [`${packing}/${kind}/${balanced}`, packKernelOf(packing, kind, balanced)] as const;
      }),
    ),
  ),
);

/** The kernel that packs a source of that kind. */
export function packKernel(packing: Packing, source: SourceKind, balanced: boolean): Kernel {
  const kernel = kernels.get(`${packing}/${source}/${balanced}`);
  invariant(kernel !== undefined, "every packing has every source");
  return kernel;
}
