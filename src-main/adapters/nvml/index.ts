/** What others use of NVIDIA's management library. */

export { limitCommand } from "./nvml-advice.ts";
export { openNvml } from "./open-nvml.ts";
export type { IdOf, Nvml, NvmlOpening, NvmlOptions } from "./open-nvml.ts";
export { NVML, nvmlWords } from "./return-codes.ts";
export type { LimitTold, NvmlAbsence, NvmlDevice, NvmlListing } from "./nvml-shapes.ts";
