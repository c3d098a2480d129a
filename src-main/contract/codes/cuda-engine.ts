/** Codes of the engine on CUDA devices: why one cannot be used, or no longer. */
export const CUDA_ENGINE_CODES = {
  CUDA_ENGINE_ABSENT:
    "No device here is driven by CUDA; install NVIDIA's driver, or choose another engine.",
  CUDA_ENGINE_OLD:
    "NVIDIA's driver or the device is too old for the kernels; update the driver (520 or newer).",
  CUDA_ENGINE_BROKEN: "The CUDA device failed a command; update its driver and start again.",
  CUDA_ENGINE_LOST: "The CUDA device was lost at work; the unit goes on from its last checkpoint.",
  CUDA_ENGINE_MEMORY:
    "The program needs more memory than the CUDA device has free; take a smaller batch.",
} as const;
