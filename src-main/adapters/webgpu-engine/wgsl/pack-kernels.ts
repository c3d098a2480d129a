/**
 * Decides how an operand of an exact product is packed: words along k, lines beside each other,
 * so that neighbours read neighbours. Element (line, k) of the product is looked up in the tensor;
 * whatever lies in the padding is 0.
 */
import { invariant } from "../../../contract/outcome.ts";
import { elementKernel } from "../kernel.ts";
import type { Kernel } from "../kernel.ts";
import { EXACT_INTEGERS } from "./exact-integers.ts";
import { PACKINGS } from "./packings.ts";
import type { Packing } from "./packings.ts";
import { SOFT_FLOAT } from "./soft-float.ts";

/**
 * Where an element is: in a matrix; in one whose k is two axes; under a tap of a filter (lines are
 * pixels of the output and k are taps, or the other way round); or in a gradient that meets a pixel
 * through a tap.
 */
export type SourceKind = "plain" | "matrix" | "pixel-taps" | "tap-pixels" | "gradient-taps";

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
  // Numbers: steps of a line and of k.
  plain: /* wgsl */ `
fn source(line: u32, k: u32) -> i32 { return i32(line * P[11] + k * P[12]); }
`,
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

/** WGSL of a word whose four bytes are `digit` of integers along k. */
const fourBytes = (digit: string): string => /* wgsl */ `
  var packed = 0u;
  for (var i = 0u; i < 4u; i++) {
    let q = integer_at(element, line, exponent, 4u * word + i);
    packed |= (u32(${digit}) & 0xffu) << (8u * i);
  }
  Q[at] = packed;
`;

/** q = 128 · high + low with both in [-64, 63]. */
const DIGITS = /* wgsl */ `
    let high = (q + 64) >> 7u;
    let low = q - 128 * high;
`;

const HIGHS_AND_LOWS = /* wgsl */ `
  var highs = 0u;
  var lows = 0u;
  var sums = 0u;
  for (var i = 0u; i < 4u; i++) {
    let q = integer_at(element, line, exponent, 4u * word + i);${DIGITS}
    highs |= (u32(high) & 0xffu) << (8u * i);
    lows |= (u32(low) & 0xffu) << (8u * i);
    sums |= (u32(high + low) & 0xffu) << (8u * i);
  }
  Q[at] = highs;
  Q[at + P[0]] = lows;
`;

const WORDS: Readonly<Record<Packing, string>> = {
  pairs: /* wgsl */ `
  let first = u32(integer_at(element, line, exponent, 2u * word)) & 0xffffu;
  Q[at] = first | (u32(integer_at(element, line, exponent, 2u * word + 1u)) << 16u);
`,
  bytes: fourBytes("q"),
  slices: `${HIGHS_AND_LOWS}  Q[at + 2u * P[0]] = sums;
`,
  // Below 2^13: f32 holds it exactly.
  whole: /* wgsl */ `  Q[at] = bitcast<u32>(f32(integer_at(element, line, exponent, word)));
`,
  digits: /* wgsl */ `
    let q = integer_at(element, line, exponent, word);${DIGITS}
  Q[at] = bitcast<u32>(f32(high));
  Q[at + P[0]] = bitcast<u32>(f32(low));
`,
  "byte-lines": fourBytes("q"),
  "digit-lines": HIGHS_AND_LOWS,
};

/** Which word of which line an invocation packs. */
const PLACES = {
  across: /* wgsl */ `  let line = at % P[1];
  let word = (at / P[1]) % P[2];
  let element = at / (P[1] * P[2]);
`,
  // Eight words of eight lines beside each other: whole runs are read and written either way.
  along: /* wgsl */ `  let square = place / 64u;
  let squares = P[2] / 8u;
  let line_of_all = (square / squares) * 8u + place % 8u;
  let word = (square % squares) * 8u + (place / 8u) % 8u;
  let line = line_of_all % P[1];
  let element = line_of_all / P[1];
  let at = line_of_all * P[2] + word;
`,
};

/**
 * Numbers: words, padded lines, words along k, lines, k, lines of a group, groups, elements of a
 * batch element, then where balanced: sign, shifts of a batch element, kPer; then the source's.
 */
function packKernelOf(packing: Packing, source: SourceKind, balanced: boolean): Kernel {
  const { alongLine } = PACKINGS[packing];
  const shift = balanced ? "i32(P[8]) * Z[element * P[9] + k / P[10]]" : "0";
  const lookUp = /* wgsl */ `
fn exponent_at(element: u32, line: u32) -> i32 {
  return E[element * P[6] + (line / P[5]) % P[6]];
}
fn integer_at(element: u32, line: u32, exponent: i32, k: u32) -> i32 {
  if (line >= P[3] || k >= P[4]) { return 0; }
  let at = source(line, k);
  if (at < 0) { return 0; }
  return quantised(X[element * P[7] + u32(at)], ${shift}, exponent);
}
`;
  return elementKernel(
    `pack ${packing}, ${source}${balanced ? ", balanced" : ""}`,
    ["X", "E: array<i32>", ...(balanced ? ["Z: array<i32>"] : []), "Q"],
    balanced ? "rrrw" : "rrw",
    [SOFT_FLOAT, EXACT_INTEGERS, SOURCES[source], lookUp],
    `${PLACES[alongLine ? "along" : "across"]}  let exponent = exponent_at(element, line);
${WORDS[packing]}`,
    alongLine ? "place" : "at",
  );
}

const KINDS = Object.keys(SOURCES) as SourceKind[];

const kernels: ReadonlyMap<string, Kernel> = new Map(
  (Object.keys(PACKINGS) as Packing[]).flatMap((packing) =>
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
