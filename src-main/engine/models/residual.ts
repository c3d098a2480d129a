/**
 * Decides what a residual block consists of (He et al. 2015, arXiv 1512.03385, section 3.3 and
 * figure 2): layers that every other part of the engine knows.
 */
import type { Shape } from "../program/program.ts";
import type { Conv2dLayer, Layer, ResidualBlockLayer, ResidualLayer } from "./model-config.ts";

/** Share of the running statistics a batch norm of a block keeps a step. */
const MOMENTUM = 0.9;

/** A block as layers: a residual, then relu. */
export interface BlockParts {
  readonly residual: ResidualLayer;
  readonly after: Layer;
}

/**
 * The layers of a block over images of this shape.
 * @param shape  [N, H, W, C]; the shortcut is a projection where H, W or C change
 */
export function blockParts(layer: ResidualBlockLayer, shape: Shape): BlockParts {
  const { filters, norm, stride = 1 } = layer;
  const normed = norm === "batch";
  const convolution = (kernel: number, isFirst: boolean): readonly Layer[] => {
    const layer: Conv2dLayer = {
      type: "conv2d",
      filters,
      kernel,
      ...(isFirst && stride > 1 ? { stride } : {}),
      // A norm takes any bias away again.
      ...(normed ? { bias: false } : {}),
      activation: "none",
    };
    return normed ? [layer, { type: "batch-norm", momentum: MOMENTUM }] : [layer];
  };
  const isSame = stride === 1 && shape[3] === filters;
  return {
    residual: {
      type: "residual",
      layers: [...convolution(3, true), { type: "relu" }, ...convolution(3, false)],
      shortcut: isSame ? [] : convolution(1, true),
    },
    after: { type: "relu" },
  };
}

/** Whether a layer of this type stands among the layers or within them. */
export function hasLayer(layers: readonly Layer[], type: Layer["type"]): boolean {
  return layers.some((layer) => {
    if (layer.type === type) return true;
    if (layer.type === "residual-block") return type === "batch-norm" && layer.norm === "batch";
    if (layer.type === "concat") return layer.branches.some((branch) => hasLayer(branch, type));
    return layer.type === "residual" && hasLayer([...layer.layers, ...layer.shortcut], type);
  });
}
