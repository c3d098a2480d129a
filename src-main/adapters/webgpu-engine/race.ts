/** Decides which kernels may multiply on a device, and which of them it runs fastest. */
import type { GpuDevice } from "./gpu-device.ts";
import type { ProductChoice, ProductChoices } from "./ops/exact-product.ts";
import { BYTE_PRODUCT, PAIR_PRODUCT, SLICE_PRODUCT } from "./wgsl/product-kernels.ts";

const PAIRS: ProductChoice = { name: "pairs", kernel: PAIR_PRODUCT, packing: "pairs" };
const SLICES: ProductChoice = { name: "slices", kernel: SLICE_PRODUCT, packing: "slices" };
const BYTES: ProductChoice = { name: "bytes", kernel: BYTE_PRODUCT, packing: "bytes" };

/** Needs no language feature. */
export const PLAIN_PRODUCTS: ProductChoices = { wide: PAIRS, narrow: PAIRS };

/** All that could multiply on a device: 14-bit integers, and 8-bit ones. */
export function productCandidates(device: GpuDevice): {
  readonly wide: readonly ProductChoice[];
  readonly narrow: readonly ProductChoice[];
} {
  const hasDots = device.hasLanguageFeature("packed_4x8_integer_dot_product");
  return { wide: hasDots ? [PAIRS, SLICES] : [PAIRS], narrow: hasDots ? [PAIRS, BYTES] : [PAIRS] };
}
