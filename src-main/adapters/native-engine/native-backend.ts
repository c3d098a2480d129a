/** Decides how the native addon serves as an engine backend. */
import { Fault } from "../../contract/outcome.ts";
import type { EngineBackend } from "../../ports/engine-backend.ts";
import { checkProgram, sessionOf, settled } from "./addon-session.ts";
import type { NativeSession } from "./addon-session.ts";
import { loadAddon } from "./addon.ts";
import type { Addon } from "./addon.ts";
import { SESSION_BYTES_MAX, THREADS_MAX } from "./limits.ts";

/** Whether the native backend can be used on this machine, and how. */
export type NativeProbe =
  /** Levels are listed slowest first. */
  | { readonly available: true; readonly levels: readonly string[] }
  | { readonly available: false; readonly fault: Fault };

/** What a native backend is made with. */
export interface NativeOptions {
  /** One of the probe's levels; the fastest when absent. */
  readonly simd?: string;
  /** 1 to THREADS_MAX; any number gives equal bytes. */
  readonly threads: number;
  /** Bytes one session may hold. */
  readonly memoryBytesMax?: number;
}

/** A native backend. */
export interface NativeBackend extends EngineBackend {
  open(programBytes: Uint8Array): Promise<NativeSession>;
}

/** Whether the addon loads here, and which instruction-set levels this machine has. */
export function nativeBackends(): NativeProbe {
  try {
    return { available: true, levels: loadAddon().simdLevels() };
  } catch (error) {
    if (error instanceof Fault) return { available: false, fault: error };
    throw error;
  }
}

function levelOf(addon: Addon, wanted: string | undefined): string {
  const levels = addon.simdLevels();
  const level = wanted ?? levels[levels.length - 1];
  if (!levels.includes(level)) {
    throw new Fault("NATIVE_ENGINE_LEVEL", `no level ${level} here`, {
      level,
      levels: levels.join(", "),
    });
  }
  return level;
}

/**
 * A backend on the CPU of this machine.
 * @throws Fault NATIVE_ENGINE_ABSENT, NATIVE_ENGINE_BROKEN, NATIVE_ENGINE_LEVEL,
 *         NATIVE_ENGINE_OPTION
 */
export function createNativeBackend(options: NativeOptions): NativeBackend {
  const { threads, memoryBytesMax = SESSION_BYTES_MAX } = options;
  const addon = loadAddon();
  const simd = levelOf(addon, options.simd);
  if (!Number.isInteger(threads) || threads < 1 || threads > THREADS_MAX) {
    throw new Fault("NATIVE_ENGINE_OPTION", "threads are out of range", {
      threads,
      max: THREADS_MAX,
    });
  }
  return {
    name: "native-cpu",
    variant: `${simd}, ${threads} ${threads === 1 ? "thread" : "threads"}`,
    open: (programBytes) =>
      settled(() => {
        checkProgram(programBytes);
        return sessionOf(addon.createSession(programBytes, { simd, threads, memoryBytesMax }));
      }),
  };
}
