/**
 * Measures what exactness costs in accuracy (NUMERICS.md, "Accuracy, measured"): each study is
 * trained in f32 by the float engine, in I14 and in I8, from the same weights on the same batches,
 * with three seeds; and products of each profile are set beside those of double precision.
 */

import { openFloatBackend } from "../../../src-main/adapters/float-engine/index.ts";
import {
  createNativeBackend,
  nativeBackends,
} from "../../../src-main/adapters/native-engine/index.ts";
import { ReferenceBackend } from "../../../src-main/engine/index.ts";
import type { BenchKit } from "../bench-kit.ts";
import { measureStudy } from "./measure-study.ts";
import { measureProducts } from "./products.ts";
import { studies } from "./studies.ts";

/** Runs the study. */
export async function benchAccuracy(kit: BenchKit): Promise<void> {
  // One thread each: any number gives the same bytes, and the machine has other work.
  const exact = nativeBackends().available
    ? createNativeBackend({ threads: 1 })
    : new ReferenceBackend();
  const float = await openFloatBackend({ library: "tfjs-wasm" });
  kit.note(`f32 by ${float.variant}; I14 and I8 by ${exact.name}, ${exact.variant}`);
  try {
    await measureProducts(kit, exact, float);
    for (const study of studies(kit)) await measureStudy(kit, study, { float, exact });
  } finally {
    float.close();
  }
}
