/**
 * Decides how NVIDIA's management library is called: loaded by name, each function looked up when
 * it is first needed, so that an old or cut-down library costs one value and not all of them. Runs
 * in the reader process only: a driver that hangs or crashes takes that process and no other.
 */

import koffi from "koffi";
import { NVML } from "./return-codes.ts";

/** A call's outcome: the library's code, and the value where the code is 0. */
export type Called<T> = { readonly code: 0; readonly value: T } | { readonly code: number };

/** Opaque handle of a device. */
export type DeviceHandle = object;

type Foreign = (...given: unknown[]) => unknown;

/** The library, loaded; calls are synchronous. */
export interface NvmlLibrary {
  /** Calls a function without a device. @param outs sizes in bytes of what it writes */
  call(name: string, outs: readonly number[], ...more: readonly number[]): Called<Buffer[]>;
  /** Calls a function of a device; `before` are its plain numbers, then what it writes. */
  ask(
    name: string,
    device: DeviceHandle,
    before: readonly number[],
    outs: readonly number[],
    after?: readonly number[],
  ): Called<Buffer[]>;
  /** The device of a number. */
  handle(name: string, index: number, parent?: DeviceHandle): Called<DeviceHandle>;
}

/** Where the library stands, the loader's own search first. */
export const LIBRARY_NAMES: readonly string[] =
  process.platform === "win32"
    ? ["nvml.dll", "C:\\Program Files\\NVIDIA Corporation\\NVSMI\\nvml.dll"]
    : [
        "libnvidia-ml.so.1",
        "/usr/lib/wsl/lib/libnvidia-ml.so.1",
        "/usr/local/nvidia/lib64/libnvidia-ml.so.1",
        "/run/opengl-driver/lib/libnvidia-ml.so.1",
      ];

/**
 * Loads the first library of the names that there is.
 * @returns the library, or why none of them could be loaded
 */
export function loadLibrary(names: readonly string[] = LIBRARY_NAMES): NvmlLibrary | string {
  let why = "no name given";
  for (const name of names) {
    try {
      return libraryOf(koffi.load(name));
    } catch (error) {
      why = error instanceof Error ? error.message : String(error);
    }
  }
  return why;
}

function libraryOf(loaded: ReturnType<typeof koffi.load>): NvmlLibrary {
  const found = new Map<string, Foreign | null>();
  const lookUp = (name: string, parameters: string): Foreign | null => {
    const key = `${name}(${parameters})`;
    const known = found.get(key);
    if (known !== undefined) return known;
    let foreign: Foreign | null = null;
    try {
      foreign = loaded.func(`int ${name}(${parameters})`) as Foreign;
    } catch {
      // A library older than the function: the value it would give is missing, the rest works.
    }
    found.set(key, foreign);
    return foreign;
  };
  const written = (foreign: Foreign | null, outs: readonly number[], fill: Fill) => {
    if (foreign === null) return { code: NVML.functionNotFound };
    const buffers = outs.map((bytes) => Buffer.alloc(bytes));
    const code = foreign(...fill(buffers)) as number;
    return code === NVML.success ? ({ code, value: buffers } as const) : { code };
  };
  return {
    call(name, outs, ...more) {
      const parameters = [...outs.map(() => "void *"), ...more.map(() => "uint32_t")];
      const foreign = lookUp(name, parameters.join(", "));
      return written(foreign, outs, (buffers) => [...buffers, ...more]);
    },
    ask(name, device, before, outs, after = []) {
      const number = () => "uint32_t";
      const pointers = outs.map(() => "void *");
      const parameters = ["void *", ...before.map(number), ...pointers, ...after.map(number)];
      const foreign = lookUp(name, parameters.join(", "));
      return written(foreign, outs, (buffers) => [device, ...before, ...buffers, ...after]);
    },
    handle(name, index, parent) {
      const of = parent === undefined ? "" : "void *, ";
      const foreign = lookUp(name, `${of}uint32_t, _Out_ void **`);
      if (foreign === null) return { code: NVML.functionNotFound };
      const out: (DeviceHandle | null)[] = [null];
      const given = parent === undefined ? [index, out] : [parent, index, out];
      const code = foreign(...given) as number;
      const [value] = out;
      if (code !== NVML.success) return { code };
      return value === null ? { code: NVML.noDevices } : { code, value };
    },
  };
}

type Fill = (buffers: readonly Buffer[]) => readonly unknown[];
