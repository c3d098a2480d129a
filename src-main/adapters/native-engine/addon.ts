/**
 * Decides whether the native addon is here and what it looks like from TypeScript. It is built by
 * set-up into the repository's build folder (binding.gyp); its absence is an ordinary state.
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Fault } from "../../contract/outcome.ts";

/** One op's share of a profiled step; ops that ran in one pass are joined by "+". */
export interface OpTime {
  readonly op: string;
  readonly nanoseconds: number;
}

/** A session as the addon offers it; every method checks its arguments and throws with a code. */
export interface AddonSession {
  upload(state: number, values: Float32Array): void;
  run(step: number, batch: Uint8Array, profile?: boolean): void;
  /** A copy, in `into` where it is given. */
  download(state: number, into?: Float32Array): Float32Array;
  output(output: number): Float32Array;
  /** Whether each step keeps an output, so that it can be had while the next one is at work. */
  keepsOutput(output: number): boolean;
  /** Such an output of the step before the last, at once. */
  outputBefore(output: number): Float32Array;
  /** By repeating the last step op by op; throws MINER_NOT_EXACT when it ends otherwise. */
  value(op: number): Float32Array;
  values(ops: readonly number[]): readonly Float32Array[];
  /** Times of the last run that was profiled. */
  profile(): readonly OpTime[];
  memoryBytes(): number;
  /** Bytes of them that steps touch, as planned. */
  stepBytes(): number;
  close(): void;
}

/** A graphics device that CUDA drives; capability is 10 · major + minor. */
export interface CudaDeviceFacts {
  readonly name: string;
  /** Its own, such as "GPU-5f3c…", and its place on the bus, such as "0000:0a:00.0". */
  readonly uuid: string;
  readonly bus: string;
  readonly capability: number;
  readonly memoryBytes: number;
}

/** Kernels for devices from a capability on, as the text that the driver compiles. */
export interface CudaKernels {
  readonly capability: number;
  readonly text: string;
}

/** An opened device; closing it leaves its sessions alive until they are closed. */
export interface CudaDevice extends CudaDeviceFacts {
  createSession(programBytes: Uint8Array, memoryBytesMax: number): AddonSession;
  close(): void;
}

/** What the addon exports. */
export interface Addon {
  simdLevels(): readonly string[];
  /**
   * Multiplications a second of one thread that does nothing else, of numbers of a profile (0 I14,
   * 1 I14K, 2 I8); not known for "scalar".
   */
  measurePeak(level: string, profile: number): number;
  /** Bytes a second that one thread moves between memory and processor; any level. */
  measureBandwidth(level: string): number;
  /** Loads the driver ("": the system's own) and names its devices; throws CUDA_ENGINE_… */
  cudaDevices(options: { library: string }): readonly CudaDeviceFacts[];
  /** `kernels` from the newest to the oldest; the first that fits is compiled. */
  openCudaDevice(options: {
    library: string;
    number: number;
    kernels: readonly CudaKernels[];
  }): CudaDevice;
  createSession(
    programBytes: Uint8Array,
    options: { simd: string; threads: number; memoryBytesMax: number },
  ): AddonSession;
}

const ADDON_URL = new URL("../../../build/Release/vivian_native.node", import.meta.url);

/**
 * Loads the addon.
 * @throws Fault NATIVE_ENGINE_ABSENT when it was not built, NATIVE_ENGINE_BROKEN when it does not
 *         load here (built for another system or Node)
 */
export function loadAddon(): Addon {
  const path = fileURLToPath(ADDON_URL);
  if (!existsSync(path)) {
    throw new Fault("NATIVE_ENGINE_ABSENT", "the native addon is not built", { path });
  }
  try {
    return createRequire(import.meta.url)(path) as Addon;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Fault("NATIVE_ENGINE_BROKEN", reason, { path }, error);
  }
}
