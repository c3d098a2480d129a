/** Codes of the WebGPU engine adapter: why a graphics device cannot be used, or no longer. */
export const WEBGPU_ENGINE_CODES = {
  WEBGPU_ENGINE_ABSENT:
    "No graphics adapter of that name can compute here; install the GPU's driver, with Vulkan on Linux.",
  WEBGPU_ENGINE_BROKEN:
    "The graphics device refused or failed a command; update its driver, or let the processor mine.",
  WEBGPU_ENGINE_LOST:
    "The graphics device was lost while it worked; the unit goes on from its last checkpoint.",
  WEBGPU_ENGINE_MEMORY:
    "The graphics device has too little memory for the program; take a smaller batch or another device.",
} as const;
