/** Decides how `vivian bench` finds graphics devices: each adapter that Dawn knows is a choice. */

import { selfCheck } from "../../adapters/native-engine/index.ts";
import {
  createWebgpuBackend,
  gpuAdapters,
  openGpu,
  PLAIN_PRODUCTS,
} from "../../adapters/webgpu-engine/index.ts";
import { Fault } from "../../contract/outcome.ts";
import { FAST } from "./bench-source.ts";
import type { BenchSource } from "./bench-source.ts";

/** Graphics devices of any vendor. */
export const webgpuSource: BenchSource = {
  engine: "webgpu",
  isExact: true,
  choices: async () => {
    const adapters = await gpuAdapters();
    if (adapters.length === 0) {
      throw new Fault("WEBGPU_ENGINE_ABSENT", "no graphics adapter here");
    }
    return adapters.map(({ name, isSoftware }, index) => {
      return { device: `gpu${index}`, name, variant: name, threads: 1, isSlow: isSoftware };
    });
  },
  open: async ({ variant }) =>
    createWebgpuBackend(await openGpu(variant ?? undefined), { products: PLAIN_PRODUCTS }),
  options: ({ isSlow }) => (isSlow ? { ...FAST, productSize: 256, steps: ["cnn", "mlp"] } : FAST),
  wrongOps: selfCheck,
};
