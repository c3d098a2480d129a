/** Decides how `vivian bench` finds graphics devices: each adapter that Dawn knows is a choice. */

import { selfCheck } from "../../adapters/native-engine/index.ts";
import {
  createWebgpuBackend,
  gpuAdapters,
  openGpu,
  raceProducts,
} from "../../adapters/webgpu-engine/index.ts";
import { Fault } from "../../contract/outcome.ts";
import { FAST, SLOW } from "./bench-source.ts";
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
  open: async ({ variant }) => {
    const device = await openGpu(variant ?? undefined);
    const { products } = await raceProducts(device, () => performance.now());
    return createWebgpuBackend(device, { products });
  },
  // A processor that plays a graphics device earns nothing; it is told that it is here.
  options: ({ isSlow }) => (isSlow ? SLOW : FAST),
  wrongOps: selfCheck,
};
