/** Decides the networks offered for images: convolutions and pools, then two dense layers. */
import type { Layer } from "./model-config.ts";

/** Filters of the blocks and units of the hidden layer, widest network first. */
const WIDTHS = [
  { filters: [16, 32, 64], units: 128 },
  { filters: [16, 32, 32], units: 64 },
  { filters: [8, 16, 32], units: 64 },
  { filters: [8, 8, 16], units: 32 },
] as const;

/** A pool is put only where the image stays at least two pixels high and wide. */
const POOLED_SIDE_MIN = 4;

/**
 * The layers of a CNN, widest first. Each block is a 3 × 3 convolution and a pool that halves the
 * image; a block is left out once a side is below 4, so an image below 4 × 4 has dense layers only.
 */
export function defaultCnnLayers(image: {
  readonly height: number;
  readonly width: number;
  readonly classes: number;
}): readonly (readonly Layer[])[] {
  return WIDTHS.map(({ filters, units }) => {
    const layers: Layer[] = [];
    let side = Math.min(image.height, image.width);
    for (const count of filters) {
      if (side < POOLED_SIDE_MIN) break;
      layers.push({ type: "conv2d", filters: count, kernel: 3, activation: "relu" });
      layers.push({ type: "max-pool", size: 2 });
      side = Math.floor(side / 2);
    }
    layers.push({ type: "flatten" });
    layers.push({ type: "dense", units, activation: "relu" });
    layers.push({ type: "dense", units: image.classes, activation: "none" });
    return layers;
  });
}
