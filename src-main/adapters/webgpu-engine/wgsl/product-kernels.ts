/**
 * Decides the kernels that multiply packed integers. All of them give S = sum of q * q' exactly,
 * so they differ in speed alone: which one a device runs is found out on it (`race.ts`). An
 * invocation makes 4 x 4 elements. A long sum over few elements is made in parts along k by
 * several workgroups, which `summedParts` adds; being exact, it may be cut anywhere.
 */
import { elementKernel, kernelHead } from "../kernel.ts";
import type { Kernel } from "../kernel.ts";
import { EXACT_INTEGERS } from "./exact-integers.ts";
import { SOFT_FLOAT } from "./soft-float.ts";

/** Rows that an invocation makes, and columns; packed lines are a multiple of it. */
export const SIDE = 4;

/** Invocations of a workgroup. */
export const PRODUCT_GROUP = 64;

/** How each kernel of products begins: its tile, its batch element, its part along k. */
export const entry = (
  invocations: number,
): string => /* wgsl */ `@compute @workgroup_size(${invocations})
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let at = group.y * groups.x + group.x;
  let part = at / P[0];
  if (part >= P[18]) { return; }
  let tile = at % P[0];
  let element = tile / P[2];`;

/**
 * Numbers: tiles, tiles beside each other, tiles of a batch element, M, N, words along k, quarters
 * of padded rows, of padded columns, words between spills, then of either operand: lines of a
 * group, groups, groups of a batch element; then the words of a slice of either operand, in
 * quarters; invocations beside each other, parts along k, words of a part.
 */
const OPENING = /* wgsl */ `
${entry(PRODUCT_GROUP)}
  let across = P[17];
  let row4 = ((tile % P[2]) / P[1]) * (${PRODUCT_GROUP}u / across) + lane / across;
  let column4 = (tile % P[1]) * across + lane % across;
  let a_step = P[6];
  let b_step = P[7];
  if (row4 >= a_step || column4 >= b_step) { return; }
  let start = part * P[19];
  let stop = min(start + P[19], P[5]);
  var a_at = (element * P[5] + start) * a_step + row4;
  var b_at = (element * P[5] + start) * b_step + column4;
`;

export const CLOSING = /* wgsl */ `
  for (var i = 0u; i < 4u; i++) {
    let row = row4 * 4u + i;
    if (row >= P[3]) { break; }
    let a_exponent = EA[element * P[11] + (row / P[9]) % P[10]];
    for (var j = 0u; j < 4u; j++) {
      let column = column4 * 4u + j;
      if (column >= P[4]) { break; }
      let sum = vec2<u32>(low[i][j], high[i][j]);
      let y = (element * P[3] + row) * P[4] + column;
      if (P[18] > 1u) {
        let place = 2u * (part * (P[0] / P[2]) * P[3] * P[4] + y);
        Y[place] = sum.x;
        Y[place + 1u] = sum.y;
      } else {
        Y[y] = rounded64(sum, a_exponent + EB[element * P[14] + (column / P[12]) % P[13]]);
      }
    }
  }
}
`;

/** Adds four 32-bit sums to four 64-bit ones; folds the products of slices into a 64-bit one. */
export const SPILL = /* wgsl */ `
fn times128(a: vec2<u32>) -> vec2<u32> { return vec2<u32>(a.x << 7u, (a.y << 7u) | (a.x >> 25u)); }

fn wide(a: i32) -> vec2<u32> { return vec2<u32>(u32(a), u32(a >> 31u)); }

fn minus64(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  return vec2<u32>(a.x - b.x, a.y - b.y - select(0u, 1u, a.x < b.x));
}

fn folded(hh: i32, ll: i32, mm: i32) -> vec2<u32> {
  let cross = minus64(minus64(wide(mm), wide(hh)), wide(ll));
  return plus64(times128(plus64(times128(wide(hh)), cross)), wide(ll));
}

fn add_low(low: vec4<u32>, term: vec4<i32>) -> vec4<u32> { return low + bitcast<vec4<u32>>(term); }

// The high words, given the low ones before and after.
fn add_high(
  high: vec4<u32>, before: vec4<u32>, after: vec4<u32>, term: vec4<i32>,
) -> vec4<u32> {
  let carry = select(vec4<u32>(0u), vec4<u32>(1u), after < before);
  return high + bitcast<vec4<u32>>(term >> vec4<u32>(31u)) + carry;
}
`;

export const each = (text: (row: number) => string): string =>
  Array.from({ length: SIDE }, (_, row) => text(row)).join("\n");

export const SUMS = /* wgsl */ `
  var low = array<vec4<u32>, 4>();
  var high = array<vec4<u32>, 4>();
`;

function productKernel(name: string, body: string): Kernel {
  const words = "array<vec4<u32>>";
  const tensors = [`A: ${words}`, `B: ${words}`, "EA: array<i32>", "EB: array<i32>"];
  const access = "rrrrw";
  const head = kernelHead([...tensors, "Y: array<u32>"], access);
  const parts = [head, SOFT_FLOAT, EXACT_INTEGERS, SPILL, OPENING, SUMS, body, CLOSING];
  return { name, code: parts.join("\n"), access };
}

export const spilled = (row: number, term: string): string => `
    let term${row} = ${term};
    let after${row} = add_low(low[${row}], term${row});
    high[${row}] = add_high(high[${row}], low[${row}], after${row}, term${row});
    low[${row}] = after${row};`;

/** Two signed 16-bit integers a word, multiplied as 32-bit ones. */
export const PAIR_PRODUCT = productKernel(
  "product of pairs",
  /* wgsl */ `
  for (var k = start; k < stop;) {
    let end = min(k + P[8], stop);
${each((row) => `    var p${row} = vec4<i32>(0);`)}
    for (; k < end; k++) {
      let a = A[a_at];
      let b = bitcast<vec4<i32>>(B[b_at]);
      a_at += a_step;
      b_at += b_step;
      let a_low = bitcast<vec4<i32>>(a << vec4<u32>(16u)) >> vec4<u32>(16u);
      let a_high = bitcast<vec4<i32>>(a) >> vec4<u32>(16u);
      let b_low = (b << vec4<u32>(16u)) >> vec4<u32>(16u);
      let b_high = b >> vec4<u32>(16u);
${each((row) => `      p${row} += a_low[${row}] * b_low + a_high[${row}] * b_high;`)}
    }
${each((row) => spilled(row, `p${row}`))}
  }
`,
);

export const dots = (a: string, b: string, row: number): string =>
  `vec4<i32>(${["x", "y", "z", "w"]
    .map((lane) => `dot4I8Packed(${a}[${row}], ${b}.${lane})`)
    .join(", ")})`;

/** Four signed bytes a word, one product. */
export const BYTE_PRODUCT = productKernel(
  "product of bytes",
  /* wgsl */ `
  for (var k = start; k < stop;) {
    let end = min(k + P[8], stop);
${each((row) => `    var p${row} = vec4<i32>(0);`)}
    for (; k < end; k++) {
      let a = A[a_at];
      let b = B[b_at];
      a_at += a_step;
      b_at += b_step;
${each((row) => `      p${row} += ${dots("a", "b", row)};`)}
    }
${each((row) => spilled(row, `p${row}`))}
  }
`,
);

/**
 * Four signed bytes a word in three slices: high, low, and their sum. From the products of each,
 * HH, LL and MM, follows S = 2^14·HH + 2^7·(MM − HH − LL) + LL.
 */
export const SLICE_PRODUCT = productKernel(
  "product of slices",
  /* wgsl */ `
  let a_slice = P[15];
  let b_slice = P[16];
  for (var k = start; k < stop;) {
    let end = min(k + P[8], stop);
${each((row) => `    var hh${row} = vec4<i32>(0);`)}
${each((row) => `    var ll${row} = vec4<i32>(0);`)}
${each((row) => `    var mm${row} = vec4<i32>(0);`)}
    for (; k < end; k++) {
      let ah = A[a_at];
      let al = A[a_at + a_slice];
      let am = A[a_at + 2u * a_slice];
      let bh = B[b_at];
      let bl = B[b_at + b_slice];
      let bm = B[b_at + 2u * b_slice];
      a_at += a_step;
      b_at += b_step;
${each((row) => `      hh${row} += ${dots("ah", "bh", row)};`)}
${each((row) => `      ll${row} += ${dots("al", "bl", row)};`)}
${each((row) => `      mm${row} += ${dots("am", "bm", row)};`)}
    }
    for (var i = 0u; i < 4u; i++) {
${each(
  (row) => `      let s${row} = folded(hh${row}[i], ll${row}[i], mm${row}[i]);
      let t${row} = plus64(vec2<u32>(low[${row}][i], high[${row}][i]), s${row});
      low[${row}][i] = t${row}.x;
      high[${row}][i] = t${row}.y;`,
)}
    }
  }
`,
);

/**
 * Adds the parts of each sum and rounds it. Numbers: count, M, N, parts, then of either operand:
 * lines of a group, groups, groups of a batch element.
 */
export const SUMMED_PARTS = elementKernel(
  "sums of parts",
  ["S: array<vec2<u32>>", "EA: array<i32>", "EB: array<i32>", "Y"],
  "rrrw",
  [SOFT_FLOAT, EXACT_INTEGERS],
  `  let column = at % P[2];
  let row = (at / P[2]) % P[1];
  let element = at / (P[1] * P[2]);
  var sum = vec2<u32>(0u, 0u);
  for (var part = 0u; part < P[3]; part++) { sum = plus64(sum, S[part * P[0] + at]); }
  let a_exponent = EA[element * P[6] + (row / P[4]) % P[5]];
  Y[at] = rounded64(sum, a_exponent + EB[element * P[9] + (column / P[7]) % P[8]]);`,
);
