/** Decides how `vivian bench` finds CUDA devices: each that the driver knows is a choice. */

import { cudaDevices, openCudaBackend, selfCheck } from "../../adapters/native-engine/index.ts";
import { FAST } from "./bench-source.ts";
import type { BenchSource } from "./bench-source.ts";

/** NVIDIA's devices by their own driver. */
export const cudaSource: BenchSource = {
  engine: "cuda",
  isExact: true,
  // Answered later, so that what the driver throws is a rejection.
  choices: async () => {
    const devices = await Promise.resolve().then(() => cudaDevices());
    return devices.map(({ name, uuid }, index) => {
      return { device: `gpu${index}`, name, variant: uuid, threads: 1, isSlow: false };
    });
  },
  open: ({ variant }) =>
    Promise.resolve().then(() => openCudaBackend(variant === null ? {} : { device: variant })),
  options: () => ({ ...FAST, productSize: 4_096 }),
  wrongOps: selfCheck,
};
