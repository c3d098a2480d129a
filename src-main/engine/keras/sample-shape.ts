/** Decides which shape a sample has after a layer; the batch's axis is left out. */
import type { Layer } from "../models/model-config.ts";
import { elementCount } from "../ops/op.ts";
import type { Shape } from "../program/program.ts";

/** Places of a window along an axis (NUMERICS.md, "Padding"). */
function places(side: number, kernel: number, stride: number, valid: boolean): number {
  const span = valid ? side - kernel : side - 1;
  return Math.floor(span / stride) + 1;
}

/** The shape of a sample after a layer that fits it; where none fits, the program is refused. */
export function shapeAfter(shape: Shape, layer: Layer): Shape {
  switch (layer.type) {
    case "conv2d": {
      const { kernel, stride = 1, padding } = layer;
      const [high, wide] = [0, 1].map((axis) =>
        places(shape[axis], kernel, stride, padding === "valid"),
      );
      return [high, wide, layer.filters];
    }
    case "residual-block": {
      const { stride = 1 } = layer;
      return [
        places(shape[0], 1, stride, false),
        places(shape[1], 1, stride, false),
        layer.filters,
      ];
    }
    case "residual":
      return layer.layers.reduce(shapeAfter, shape);
    case "depthwise-conv2d": {
      const { kernel, stride = 1, padding, multiplier = 1 } = layer;
      const isValid = padding === "valid";
      const [high, wide] = [0, 1].map((axis) => places(shape[axis], kernel, stride, isValid));
      return [high, wide, shape[2] * multiplier];
    }
    case "zero-pad":
    case "crop": {
      const sign = layer.type === "crop" ? -1 : 1;
      const [rows, columns] = [layer.rows, layer.columns].map(([one, two]) => sign * (one + two));
      return [shape[0] + rows, shape[1] + columns, shape[2]];
    }
    case "max-pool":
    case "average-pool": {
      const { size, stride = size, padding } = layer;
      const isValid = padding === undefined;
      const [high, wide] = [0, 1].map((axis) => places(shape[axis], size, stride, isValid));
      return [high, wide, shape[2]];
    }
    case "concat": {
      const ends = layer.branches.map((branch) => branch.reduce(shapeAfter, shape));
      const width = ends.reduce((sum, end) => sum + end[end.length - 1], 0);
      return [...ends[0].slice(0, -1), width];
    }
    case "global-max-pool":
    case "global-average-pool":
      return [shape[shape.length - 1]];
    case "flatten":
      return [elementCount(shape)];
    case "reshape":
      return layer.shape;
    case "dense":
      return [...shape.slice(0, -1), layer.units];
    case "embedding":
      return [...shape, layer.width];
    case "relu":
    case "leaky-relu":
    case "activation":
    case "dropout":
    case "batch-norm":
    case "layer-norm":
    case "rms-norm":
    case "transformer-block":
    case "token-head":
      return shape;
  }
}
