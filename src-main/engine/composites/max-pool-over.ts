/** Decides max pooling over any windows as a graph of ops (NUMERICS.md, "Windows"). */
import { LARGEST } from "../canon.ts";
import type { Graph, GraphValue } from "../ops/op.ts";
import { appendWindows, appendZeros, reachesOver } from "./windows.ts";
import type { Ends, Windows } from "./windows.ts";

const ONE = [1, 1, 1, 1] as const;

/** x with the lowest number around it: (1 inside, 0 outside, − 1) · 2^60, added to x. */
function appendLowest(graph: Graph, x: GraphValue, around: readonly Ends[]): GraphValue {
  const inside = graph.filled(1, [1, x.shape[1], x.shape[2], 1]);
  const isOutside = graph.op("sub", [appendZeros(graph, inside, around), graph.filled(1, ONE)]);
  const lowest = graph.op("mul", [isOutside, graph.filled(LARGEST, ONE)]);
  return graph.op("add", [appendZeros(graph, x, around), lowest]);
}

/**
 * x [N, H, W, C] to the maximum of each window; of equal ones the first has the gradient.
 * @param around  pixels outside that windows reach over, never a maximum
 * @bound  each window holds a pixel of x; exact
 */
export function appendMaxPool(
  graph: Graph,
  x: GraphValue,
  windows: Windows,
  around: readonly Ends[] = [],
): GraphValue {
  const { size, stride } = windows;
  const hasEdge = reachesOver(around);
  const whole = hasEdge ? appendLowest(graph, x, around) : x;
  if (stride >= size) return graph.op("max-pool", [whole], [size, stride]);
  return graph.op("max-pool", [appendWindows(graph, whole, windows)], [size, size]);
}

/** x [N, H, W, C] to the maximum of each channel, [N, C]: one window as large as the image. */
export function appendGlobalMaxPool(graph: Graph, x: GraphValue): GraphValue {
  const [images, height, width, channels] = x.shape;
  const side = Math.max(height, width);
  const around: readonly Ends[] = [
    [0, side - height],
    [0, side - width],
  ];
  const most = appendMaxPool(graph, x, { size: side, stride: side }, around);
  return graph.op("reshape", [most], [], [images, channels]);
}
