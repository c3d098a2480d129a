/**
 * Decides how a device whose processors share fast memory gathers lines: a workgroup brings the
 * slices of some lines together in it, so that one dispatch does what else takes two or three.
 * Very long lines are cut before. Sizes and sums are exact, so slices may be of any number.
 */
import { kernelOf } from "../kernel.ts";
import type { Dispatch, Kernel, Slot } from "../kernel.ts";
import { EXACT_INTEGERS } from "../wgsl/exact-integers.ts";
import { SOFT_FLOAT } from "../wgsl/soft-float.ts";

/** Invocations of a workgroup: its lines times their slices. */
const GATHERING = 256;

/** Elements that an invocation reads in a row at most; longer lines are cut before. */
const RUN_MOST = 256;

/** Lines that lie beside each other and are read together: a run of 32 bytes. */
const BESIDE = 8;

/** Slices of a line that is cut before, at most. */
const CUT_MOST = 1_024;

/** Invocations wanted where lines are cut before. */
const CUT_WANTED = 131_072;

/** Lines, and where their elements are: element i of a line is at first + i · step. */
export interface Lines {
  readonly lines: number;
  readonly count: number;
  /** Whether a line's elements are neighbours. */
  readonly isRun: boolean;
}

const powerAtLeast = (count: number): number => 2 ** Math.ceil(Math.log2(Math.max(1, count)));

/** Lines of a workgroup. */
export function linesTogether({ lines, count, isRun }: Lines): number {
  const slices = Math.min(GATHERING, powerAtLeast(Math.ceil(count / 4)));
  const together = Math.max(GATHERING / slices, isRun ? 1 : BESIDE);
  return Math.min(together, powerAtLeast(lines));
}

/** Into how many slices lines are cut before they are gathered; 1 where they are not. */
export function cutsOf(lines: Lines): number {
  const slices = GATHERING / linesTogether(lines);
  if (lines.count / slices <= RUN_MOST) return 1;
  const wanted = Math.ceil(CUT_WANTED / lines.lines);
  return Math.min(CUT_MOST, wanted, Math.ceil(lines.count / 16));
}

/**
 * A kernel whose workgroups gather lines. P[0] are the lines, P[1] those of a workgroup, P[2] is 1
 * where a line's elements are neighbours.
 */
export function gatheringKernel(
  name: string,
  tensors: readonly string[],
  access: string,
  body: string,
  declared = "",
): Kernel {
  const typed = tensors.map((tensor) => (tensor.includes(":") ? tensor : `${tensor}: array<u32>`));
  const memory = `var<workgroup> sizes: array<u32, ${GATHERING}>;`;
  const parts = [SOFT_FLOAT, EXACT_INTEGERS, memory, ...(declared === "" ? [] : [declared])];
  const placed = `  let step = ${GATHERING}u / P[1];
  let beside = select(lane % P[1], lane / step, P[2] == 1u);
  let slice = select(lane / P[1], lane % step, P[2] == 1u);
  let line = block * P[1] + beside;
  let inside = line < P[0];
  let place = slice * P[1] + beside;
${body}`;
  return kernelOf(name, access, { size: GATHERING, tensors: typed, parts, body: placed });
}

/** Brings the sizes of a line's slices together; `sizes[beside]` is then the line's. */
export const GATHER_SIZES = /* wgsl */ `
  sizes[place] = size;
  for (var half = step / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (slice < half) { sizes[place] = max(sizes[place], sizes[place + half * P[1]]); }
  }
  workgroupBarrier();
`;

/** Memory for 64-bit sums. */
export const SUM_MEMORY = `var<workgroup> sums: array<vec2<u32>, ${GATHERING}>;`;

/** Brings the sums of a line's slices together; `sums[beside]` is then the line's. */
export const GATHER_SUMS = /* wgsl */ `
  sums[place] = sum;
  for (var half = step / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (slice < half) { sums[place] = plus64(sums[place], sums[place + half * P[1]]); }
  }
  workgroupBarrier();
`;

/** The use of such a kernel; its numbers begin with lines, lines together, neighbours. */
export function overLines(
  kernel: Kernel,
  lines: Lines,
  numbers: readonly number[],
  slots: readonly Slot[],
): Dispatch {
  const together = linesTogether(lines);
  return {
    kernel,
    numbers: [lines.lines, together, lines.isRun ? 1 : 0, ...numbers],
    slots,
    groups: Math.ceil(lines.lines / together),
  };
}
