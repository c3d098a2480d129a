/**
 * Decides which kernels a graphics device of CUDA gets: the text that its driver compiles, for
 * devices from a capability on. The texts are part of the tree (native/cuda/build.mjs makes them),
 * because those who need them have no compiler for them.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliDecompressSync } from "node:zlib";
import { Fault } from "../../contract/outcome.ts";
import type { CudaKernels } from "./addon.ts";

/** Capabilities for which there are kernels, the newest first. */
export const KERNEL_CAPABILITIES = [80, 75] as const;

/** Where the kernels of a capability lie. */
export function kernelsFile(capability: number): string {
  return fileURLToPath(new URL(`./cuda-kernels-${capability}.ptx.br`, import.meta.url));
}

/** The kernels, newest first. @throws Fault CUDA_ENGINE_BROKEN where a file is gone or damaged */
export function cudaKernels(): readonly CudaKernels[] {
  return KERNEL_CAPABILITIES.map((capability) => {
    const path = kernelsFile(capability);
    try {
      const text = brotliDecompressSync(readFileSync(path)).toString("utf8");
      return { capability, text };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Fault("CUDA_ENGINE_BROKEN", reason, { path }, error);
    }
  });
}
