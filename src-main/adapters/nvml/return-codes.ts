/**
 * Decides what the return codes of NVIDIA's management library mean to this program.
 * @source NVIDIA NVML API reference, nvmlReturn_t
 */

/** The codes that are told apart; every other one is a call that gave no value. */
export const NVML = {
  success: 0,
  notSupported: 3,
  noPermission: 4,
  driverNotLoaded: 9,
  functionNotFound: 13,
  gpuIsLost: 15,
  resetRequired: 16,
  mismatch: 18,
  noDevices: 6,
} as const;

const WORDS: Readonly<Record<number, string>> = {
  1: "not initialised",
  2: "invalid argument",
  3: "not supported by this device",
  4: "no permission",
  6: "not found",
  9: "driver not loaded",
  10: "timed out",
  11: "interrupt trouble",
  12: "a library is missing",
  13: "not in this version of the library",
  15: "the GPU has fallen off the bus",
  16: "the GPU needs a reset",
  17: "refused by the operating system or a control group",
  18: "driver and library are of different versions",
  20: "out of memory",
  28: "GPU not found",
  999: "unknown driver error",
};

/** What a code means, in words. */
export function nvmlWords(code: number): string {
  return WORDS[code] ?? `error ${code}`;
}

/** Whether the device itself is gone until it is reset or the machine restarted. */
export function isLost(code: number): boolean {
  return code === NVML.gpuIsLost || code === NVML.resetRequired;
}
