/**
 * Decides how windows that overlap, or leave gaps, are laid out beside each other (NUMERICS.md,
 * "Windows"): pixels are copied, so that whatever takes windows that do not overlap takes these.
 */
import type { Graph, GraphValue } from "../ops/op.ts";

/** Square windows over an image. */
export interface Windows {
  readonly size: number;
  readonly stride: number;
}

/** Pixels before and after an axis. */
export type Ends = readonly [before: number, after: number];

/** Whether windows reach over an edge. */
export function reachesOver(around: readonly Ends[]): boolean {
  return around.some(([before, after]) => before + after > 0);
}

/** Zeros on both sides of an axis of `length` pixels by which it is only divided by the stride. */
export function sameEnds(length: number, { size, stride }: Windows): Ends {
  const last = (Math.floor((length + stride - 1) / stride) - 1) * stride;
  const total = Math.max(0, last + size - length);
  const before = Math.floor(total / 2);
  return [before, total - before];
}

/** Zeros around the rows and columns of x [N, H, W, C]. */
export function appendZeros(graph: Graph, x: GraphValue, around: readonly Ends[]): GraphValue {
  let whole = x;
  for (const [at, [before, after]] of around.entries()) {
    if (before + after > 0) whole = graph.op("pad", [whole], [at + 1, before, after]);
  }
  return whole;
}

/** One axis of x, 1 or 2: each window's pixels one after the other. */
function spread(graph: Graph, x: GraphValue, axis: number, { size, stride }: Windows): GraphValue {
  const length = x.shape[axis];
  const count = Math.floor((length - size) / stride) + 1;
  const taken = stride * count;
  // Only the first of every `stride` pixels is kept, so what is padded here is never read.
  const lacking = Math.max(0, size - 1 + taken - length);
  const whole = lacking === 0 ? x : graph.op("pad", [x], [axis, 0, lacking]);
  const [before, after] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)];
  let joined: GraphValue | undefined;
  for (let at = 0; at < size; at += 1) {
    const part = graph.op("slice", [whole], [axis, at, taken]);
    const split = graph.op("reshape", [part], [], [...before, count, stride, ...after]);
    const first = stride === 1 ? split : graph.op("slice", [split], [axis + 1, 0, 1]);
    const placed = graph.op("pad", [first], [axis + 1, at, size - 1 - at]);
    joined = joined === undefined ? placed : graph.op("add", [joined, placed]);
  }
  const shape = [...before, count * size, ...after];
  return joined === undefined ? x : graph.op("reshape", [joined], [], shape);
}

/**
 * x [N, H, W, C] to [N, OH·size, OW·size, C], OH = ⌊(H − size) / stride⌋ + 1: the windows of x side
 * by side. Exact: each element is one of x, plus zeros.
 * @bound  size ≤ H, W
 */
export function appendWindows(graph: Graph, x: GraphValue, windows: Windows): GraphValue {
  if (windows.size === windows.stride && x.shape[1] % windows.size === 0) {
    if (x.shape[2] % windows.size === 0) return x;
  }
  return spread(graph, spread(graph, x, 1, windows), 2, windows);
}
