/** The face of the WebGPU engine adapter. */
export { GpuDevice } from "./gpu-device.ts";
export { gpuAdapters, openGpu } from "./open-gpu.ts";
export type { GpuAdapter } from "./open-gpu.ts";
export type { ProductChoice, ProductChoices } from "./ops/exact-product.ts";
export { PLAIN_PRODUCTS, productCandidates, productsNamed, raceProducts } from "./race.ts";
export type { RaceOutcome, RaceResult } from "./race.ts";
export { steadyBackend } from "./steady-backend.ts";
export type { MoveListener, OpenDevice } from "./steady-backend.ts";
export { createWebgpuBackend } from "./webgpu-backend.ts";
export type { WebgpuBackend, WebgpuOptions, WebgpuSession } from "./webgpu-backend.ts";
