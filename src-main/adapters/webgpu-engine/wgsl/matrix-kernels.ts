/**
 * Decides the kernels that multiply with a device's matrix units: 16 x 16 x 32 signed bytes at a
 * time into 32-bit integers. A 14-bit integer is two digits, so that four products of digits give
 * S = 2^14·HH + 2^7·(HL + LH) + LL; 8-bit ones take one.
 */
import { kernelHead } from "../kernel.ts";
import type { Kernel } from "../kernel.ts";
import { EXACT_INTEGERS } from "./exact-integers.ts";
import { SPILL, entry } from "./product-kernels.ts";
import { SOFT_FLOAT } from "./soft-float.ts";

/** Lines of either operand that a workgroup multiplies. */
export const MATRIX_LINES = 64;

/** Words along k of a tile. */
export const MATRIX_WORDS = 16;

/** What a device must be able to multiply. */
export const MATRIX_SHAPE = { M: 16, N: 16, K: 32 } as const;

/** Invocations that hold a matrix together. */
export const MATRIX_SUBGROUP = 32;

/** Four subgroups, 32 x 32 elements each. */
const INVOCATIONS = 128;

/** Words of a line in the tile: four more than it has, so that lines lie in different banks. */
const LINE_WORDS = MATRIX_WORDS + 4;

const both = (text: (i: number) => string): string => [0, 1].map(text).join("\n");

interface MatrixSums {
  readonly slices: number;
  /** Sums of an element, and which digits' products each of them adds. */
  readonly sums: readonly (readonly [sum: string, products: readonly [number, number][]])[];
  /** WGSL of an element's 64-bit sum. */
  readonly folded: string;
}

const DIGIT_SUMS: MatrixSums = {
  slices: 2,
  sums: [
    ["h", [[0, 0]]],
    [
      "m",
      [
        [0, 1],
        [1, 0],
      ],
    ],
    ["l", [[1, 1]]],
  ],
  folded:
    "plus64(times128(plus64(times128(wide(part_of(0u))), wide(part_of(1u)))), wide(part_of(2u)))",
};

const BYTE_SUMS: MatrixSums = { slices: 1, sums: [["h", [[0, 0]]]], folded: "wide(part_of(0u))" };

/** Words along k in quads, as they are read. */
const QUADS = MATRIX_WORDS / 4;

/** Quads of a tile that an invocation brings. */
const fetchesOf = ({ slices }: MatrixSums): number =>
  (2 * slices * MATRIX_LINES * QUADS) / INVOCATIONS;

/** Words that an operand's slice takes in the workgroup's memory. */
const SLICE_WORDS = MATRIX_LINES * LINE_WORDS;

/** The four matrices of a subgroup, by row and column. */
const TILES = [0, 1].flatMap((i) => [0, 1].map((j) => [i, j] as const));

/** WGSL that takes a matrix of 16 lines out of the workgroup's memory. */
function load(side: "left" | "right", slices: number, slice: number, i: number): string {
  const [letter, shape, order, first, operand] =
    side === "left"
      ? (["a", "32, 16", "row_major", "32u * down", 0] as const)
      : (["b", "16, 32", "col_major", "32u * over", 1] as const);
  const line = `(${first} + ${16 * i}u) * ${LINE_WORDS}u`;
  const from = `${(operand * slices + slice) * SLICE_WORDS}u + ${line} + w`;
  const type = `subgroup_matrix_${side}<i8, ${shape}>`;
  return `      let ${letter}${slice}${i} = subgroupMatrixLoad<${type}, ${order}>(
        &held, ${from}, ${LINE_WORDS}u);`;
}

function loadsOf({ slices }: MatrixSums): string {
  return Array.from({ length: slices }, (_, slice) =>
    both((i) => `${load("left", slices, slice, i)}\n${load("right", slices, slice, i)}`),
  ).join("\n");
}

function productsOf({ sums }: MatrixSums): string {
  const products = TILES.flatMap(([i, j]) =>
    sums.flatMap(([name, of]) => {
      const sum = `${name}${i}${j}`;
      const made = ([a, b]: readonly [number, number]): string =>
        `      ${sum} = subgroupMatrixMultiplyAccumulate(a${a}${i}, b${b}${j}, ${sum});`;
      return of.map(made);
    }),
  );
  return products.join("\n");
}

function declaredOf({ sums }: MatrixSums): string {
  return TILES.flatMap(([i, j]) =>
    sums.map(([sum]) => `  var ${sum}${i}${j} = subgroup_matrix_result<i32, 16, 16>();`),
  ).join("\n");
}

/** One matrix after the other goes into the workgroup's memory, and from there into the product. */
function storedOf({ sums }: MatrixSums): string {
  const first = `unit * ${256 * sums.length}u`;
  const store = (sum: string, s: number): string =>
    `  subgroupMatrixStore<row_major>(&held, ${first} + ${256 * s}u, ${sum}, 16u);`;
  return TILES.map(([i, j]) => {
    const [row, column] = [`32u * down + ${16 * i}u`, `32u * over + ${16 * j}u`];
    return `  workgroupBarrier();
${sums.map(([sum], s) => store(`${sum}${i}${j}`, s)).join("\n")}
  workgroupBarrier();
  answer(element, part, row0 + ${row}, column0 + ${column}, unit, lane % 32u);`;
  }).join("\n");
}

/** WGSL that writes a matrix of the product. */
const answerOf = ({ sums, folded }: MatrixSums): string => /* wgsl */ `
fn part_of(sum: u32) -> i32 { return held[sum_at + 256u * sum]; }

// Writes 16 x 16 elements whose sums this subgroup has stored.
fn answer(element: u32, part: u32, row0: u32, column0: u32, unit: u32, lane: u32) {
  for (var i = 0u; i < 8u; i++) {
    let place = i * 32u + lane;
    let row = row0 + place / 16u;
    let column = column0 + place % 16u;
    if (row >= P[3] || column >= P[4]) { continue; }
    sum_at = unit * ${256 * sums.length}u + place;
    let sum = ${folded};
    let y = (element * P[3] + row) * P[4] + column;
    if (P[18] > 1u) {
      let to = 2u * (part * (P[0] / P[2]) * P[3] * P[4] + y);
      Y[to] = sum.x;
      Y[to + 1u] = sum.y;
    } else {
      let a_exponent = EA[element * P[11] + (row / P[9]) % P[10]];
      Y[y] = rounded64(sum, a_exponent + EB[element * P[14] + (column / P[12]) % P[13]]);
    }
  }
}
`;

const OPENING = /* wgsl */ `
${entry(INVOCATIONS)}
  let row0 = ((tile % P[2]) / P[1]) * ${MATRIX_LINES}u;
  let column0 = (tile % P[1]) * ${MATRIX_LINES}u;
  let start = part * P[19];
  let stop = min(start + P[19], P[5]);
  let unit = lane / 32u;
  let down = unit / 2u;
  let over = unit % 2u;
  let line_quads = P[5] / 4u;
`;

/** WGSL that brings the first tile. */
function firstOf(all: MatrixSums): string {
  const fetches = fetchesOf(all);
  return /* wgsl */ `
  var from_at: array<u32, ${fetches}>;
  var next: array<vec4<i32>, ${fetches}>;
  for (var i = 0u; i < ${fetches}u; i++) {
    let place = i * ${INVOCATIONS}u + lane;
    let slice = (place / ${MATRIX_LINES * QUADS}u) % ${all.slices}u;
    let line = (place / ${QUADS}u) % ${MATRIX_LINES}u;
    let left = i < ${fetches / 2}u;
    let lines = select(P[7], P[6], left) * 4u;
    from_at[i] = slice * select(P[16], P[15], left) + start / 4u + place % ${QUADS}u
      + (element * lines + select(column0, row0, left) + line) * line_quads;
    if (left) { next[i] = A[from_at[i]]; } else { next[i] = B[from_at[i]]; }
  }
`;
}

/** WGSL that multiplies tile after tile. */
function loopOf(all: MatrixSums): string {
  const fetches = fetchesOf(all);
  return /* wgsl */ `
  for (var k = start; k < stop; k += ${MATRIX_WORDS}u) {
    workgroupBarrier();
    for (var i = 0u; i < ${fetches}u; i++) {
      let place = i * ${INVOCATIONS}u + lane;
      let to = (place / ${QUADS}u) * ${LINE_WORDS}u + 4u * (place % ${QUADS}u);
      held[to] = next[i].x;
      held[to + 1u] = next[i].y;
      held[to + 2u] = next[i].z;
      held[to + 3u] = next[i].w;
    }
    workgroupBarrier();
    if (k + ${MATRIX_WORDS}u < stop) {
      for (var i = 0u; i < ${fetches}u; i++) {
        from_at[i] += ${QUADS}u;
        if (i < ${fetches / 2}u) { next[i] = A[from_at[i]]; } else { next[i] = B[from_at[i]]; }
      }
    }
    for (var w = 0u; w < ${MATRIX_WORDS}u; w += 8u) {
${loadsOf(all)}
${productsOf(all)}
    }
  }
`;
}

function matrixKernel(name: string, all: MatrixSums): Kernel {
  const { slices, sums } = all;
  const tensors = ["A: array<vec4<i32>>", "B: array<vec4<i32>>", "EA: array<i32>"];
  const head = kernelHead([...tensors, "EB: array<i32>", "Y: array<u32>"], "rrrrw");
  const heldWords = Math.max(2 * slices * SLICE_WORDS, 4 * 256 * sums.length);
  const code = /* wgsl */ `enable chromium_experimental_subgroup_matrix;
diagnostic(off, chromium.subgroup_matrix_uniformity);
${head}
${SOFT_FLOAT}
${EXACT_INTEGERS}
${SPILL}
var<workgroup> held: array<i32, ${heldWords}>;
var<private> sum_at: u32;
${answerOf(all)}
${OPENING}${firstOf(all)}
${declaredOf(all)}
${loopOf(all)}
${storedOf(all)}
}
`;
  return { name, code, access: "rrrrw" };
}

/** 14-bit integers in two digits. */
export const DIGIT_MATRICES: Kernel = matrixKernel("matrices of digits", DIGIT_SUMS);

/** 8-bit integers. */
export const BYTE_MATRICES: Kernel = matrixKernel("matrices of bytes", BYTE_SUMS);
