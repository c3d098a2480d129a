/** Codes of the WebGPU engine adapter: why a graphics device cannot be used, or no longer. */
export const WEBGPU_ENGINE_CODES = {
  WEBGPU_ENGINE_ABSENT:
    "No such graphics adapter can compute here; install its driver, on Linux with Vulkan.",
  WEBGPU_ENGINE_BROKEN:
    "The graphics device failed a command; update its driver, or let the processor train.",
  WEBGPU_ENGINE_LOST:
    "The graphics device was lost at work; the unit goes on from its last checkpoint.",
  WEBGPU_ENGINE_MEMORY:
    "The program needs more memory than the graphics device has; take a smaller batch.",
} as const;
