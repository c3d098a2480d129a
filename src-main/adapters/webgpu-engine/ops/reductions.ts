/**
 * Decides sum, mean and max over an axis. The sum is exact in 64-bit integers, so a workgroup
 * shares the elements of a line among its invocations in any way it likes.
 */
import { bitsOfFloat } from "../../../engine/index.ts";
import { kernelHead, sizeOf } from "../kernel.ts";
import type { Dispatch, Kernel, OpPlan, OpPlanner } from "../kernel.ts";
import { EXACT_INTEGERS } from "../wgsl/exact-integers.ts";
import { SOFT_FLOAT } from "../wgsl/soft-float.ts";

/** Invocations of a workgroup; any device has as many. */
export const LINE_GROUP = 256;

/** Lines that lie side by side are read together by so many invocations. */
const LINES_BESIDE = 16;

/** Elements of a line that one invocation may as well take alone. */
const SHORT_LINE = 32;

/** Numbers: lines, count, inner, lines of a workgroup, bits of the count. */
const OPENING = /* wgsl */ `
@compute @workgroup_size(${LINE_GROUP})
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let beside = P[3];
  let slices = ${LINE_GROUP}u / beside;
  let line = (group.y * groups.x + group.x) * beside + lane % beside;
  let slice = lane / beside;
  let inner = P[2];
  let first = (line / inner) * P[1] * inner + line % inner;
  let end = select(0u, P[1], line < P[0]);
`;

function lineKernel(name: string, parts: readonly string[], body: string): Kernel {
  const head = kernelHead(["X: array<u32>", "Y: array<u32>"], "rw");
  return { name, code: [head, ...parts, OPENING, body, "}"].join("\n"), access: "rw" };
}

/** The size of the largest element, then the sum of what the line's elements are beside it. */
const summing = (result: string): string => /* wgsl */ `
  var size = 0u;
  for (var i = slice; i < end; i += slices) {
    size = max(size, X[first + i * inner] & MAGNITUDE);
  }
  sizes[lane] = size;
  workgroupBarrier();
  for (var i = lane % beside; i < ${LINE_GROUP}u; i += beside) { size = max(size, sizes[i]); }
  // The least e with |x| < 2^e, less the 30 places that an element keeps.
  let exponent = i32(size >> 23u) - 156;
  var sum = vec2<u32>(0u, 0u);
  for (var i = slice; i < end; i += slices) {
    sum = plus(sum, quantised(X[first + i * inner], 0, exponent));
  }
  sums[lane] = sum;
  workgroupBarrier();
  if (slice != 0u || line >= P[0]) { return; }
  for (var i = lane + beside; i < ${LINE_GROUP}u; i += beside) { sum = plus64(sum, sums[i]); }
  let y = rounded64(sum, exponent);
  Y[line] = ${result};
`;

const SHARED = /* wgsl */ `
var<workgroup> sizes: array<u32, ${LINE_GROUP}>;
var<workgroup> sums: array<vec2<u32>, ${LINE_GROUP}>;
`;

const sumKernel = lineKernel("sum", [SOFT_FLOAT, EXACT_INTEGERS, SHARED], summing("y"));
const meanKernel = lineKernel(
  "mean",
  [SOFT_FLOAT, EXACT_INTEGERS, SHARED],
  summing("div(y, P[4])"),
);
const maxKernel = lineKernel(
  "max",
  [SOFT_FLOAT, `var<workgroup> found: array<i32, ${LINE_GROUP}>;`],
  /* wgsl */ `
  var largest = i32(SIGN);
  for (var i = slice; i < end; i += slices) { largest = max(largest, order(X[first + i * inner])); }
  found[lane] = largest;
  workgroupBarrier();
  if (slice != 0u || line >= P[0]) { return; }
  for (var i = lane + beside; i < ${LINE_GROUP}u; i += beside) {
    largest = max(largest, found[i]);
  }
  Y[line] = select(u32(largest), u32(-largest) | SIGN, largest < 0);
`,
);

/** Lines that a workgroup takes: all beside each other where they are short or many. */
export function linesOfGroup(count: number, inner: number): number {
  if (count <= SHORT_LINE) return LINE_GROUP;
  return inner >= LINES_BESIDE ? LINES_BESIDE : 1;
}

function reduction(kernel: Kernel): OpPlanner {
  return ({ inputs: [x], inputShapes: [xShape], attributes: [axis], output }: OpPlan) => {
    const [count, inner] = [xShape[axis], sizeOf(xShape, axis + 1)];
    const lines = sizeOf(xShape) / count;
    const beside = linesOfGroup(count, inner);
    const dispatch: Dispatch = {
      kernel,
      numbers: [lines, count, inner, beside, bitsOfFloat(count)],
      slots: [x, output],
      groups: Math.ceil(lines / beside),
    };
    return [dispatch];
  };
}

/** Planners of these ops by name. */
export const REDUCTIONS: Readonly<Record<string, OpPlanner>> = {
  sum: reduction(sumKernel),
  mean: reduction(meanKernel),
  max: reduction(maxKernel),
};
