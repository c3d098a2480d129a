/** Decides how a graphics device that CUDA drives serves as an engine backend. */
import { Fault } from "../../contract/outcome.ts";
import type { EngineBackend } from "../../ports/engine-backend.ts";
import { checkProgram, faultOf, sessionOf, settled } from "./addon-session.ts";
import type { NativeSession } from "./addon-session.ts";
import { loadAddon } from "./addon.ts";
import type { CudaDeviceFacts, CudaKernels } from "./addon.ts";
import { cudaKernels } from "./cuda-kernels.ts";
import { CUDA_SESSION_BYTES_MAX } from "./limits.ts";

/** What a backend is made with. */
export interface CudaOptions {
  /** The device's name, its UUID or its place on the bus; the first one where absent. */
  readonly device?: string;
  /** Bytes one session may hold. */
  readonly memoryBytesMax?: number;
  /** The driver's library; the system's own where absent. */
  readonly library?: string;
  /** Other kernels than the program's own. */
  readonly kernels?: readonly CudaKernels[];
}

/** A backend on one device. */
export interface CudaBackend extends EngineBackend {
  open(programBytes: Uint8Array): Promise<NativeSession>;
  /** The device's own name, UUID and place. */
  readonly device: string;
  readonly uuid: string;
  readonly bus: string;
  /** Lets the device go once its sessions are closed. */
  close(): void;
}

/** What the addon answers; its errors as faults. */
function asked<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw faultOf(error);
  }
}

/**
 * The devices that the driver knows, in its order.
 * @throws Fault CUDA_ENGINE_ABSENT, CUDA_ENGINE_OLD, CUDA_ENGINE_BROKEN, NATIVE_ENGINE_ABSENT,
 *         NATIVE_ENGINE_BROKEN
 */
export function cudaDevices(library = ""): readonly CudaDeviceFacts[] {
  const addon = loadAddon();
  return asked(() => addon.cudaDevices({ library }));
}

/** The first device that is called so by any of its names; −1 where none is. */
function numberOf(wanted: string, devices: readonly CudaDeviceFacts[]): number {
  const words = wanted.toLowerCase();
  return devices.findIndex(({ name, uuid, bus }) => {
    return name === wanted || uuid.toLowerCase() === words || bus === words;
  });
}

/** 8.6 for 86. */
const capabilityWords = (capability: number): string =>
  `${Math.floor(capability / 10)}.${capability % 10}`;

/**
 * A backend on a device, with its kernels compiled by the driver: seconds the first time, then from
 * the driver's own cache. Sessions throw CUDA_ENGINE_LOST once the device is lost.
 * @throws as `cudaDevices`, and CUDA_ENGINE_ABSENT where no device is called so
 */
export function openCudaBackend(options: CudaOptions = {}): CudaBackend {
  const { device: wanted, library = "", memoryBytesMax = CUDA_SESSION_BYTES_MAX } = options;
  const devices = cudaDevices(library);
  const number = wanted === undefined ? 0 : numberOf(wanted, devices);
  if (number < 0) {
    const here = devices.map(({ name }) => name).join(", ");
    throw new Fault("CUDA_ENGINE_ABSENT", "no such device here", { wanted: wanted ?? "", here });
  }
  const addon = loadAddon();
  const kernels = options.kernels ?? cudaKernels();
  const device = asked(() => addon.openCudaDevice({ library, number, kernels }));
  return {
    name: "cuda",
    variant: `${device.name}, compute ${capabilityWords(device.capability)}`,
    device: device.name,
    uuid: device.uuid,
    bus: device.bus,
    open: (programBytes) =>
      settled(() => {
        checkProgram(programBytes);
        return sessionOf(device.createSession(programBytes, memoryBytesMax));
      }),
    close: () => device.close(),
  };
}
