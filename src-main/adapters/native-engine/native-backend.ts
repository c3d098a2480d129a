/** Decides how the native addon serves as an engine backend. */
import { Fault } from "../../contract/outcome.ts";
import { openProgram } from "../../engine/index.ts";
import type { EngineBackend, EngineSession } from "../../ports/engine-backend.ts";
import { loadAddon } from "./addon.ts";
import type { Addon, AddonSession, OpTime } from "./addon.ts";
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

/** A native session; `profiledRun` is for benchmarks. */
export interface NativeSession extends EngineSession {
  /** Like `run`, and says how long each op took. */
  profiledRun(step: number, batch: Uint8Array): readonly OpTime[];
  /** Bytes the session holds. */
  readonly memoryBytes: number;
  /** Bytes of them that steps touch, as planned when the session was opened. */
  readonly stepBytes: number;
  /** What `value` gives of several ops, for the price of one step in all. */
  values(ops: readonly number[]): Promise<readonly Float32Array[]>;
}

/** A native backend. */
export interface NativeBackend extends EngineBackend {
  open(programBytes: Uint8Array): Promise<NativeSession>;
}

/** An error of the addon as a fault; its code is the addon's. */
function faultOf(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Fault) return error;
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined ? error : new Fault(code, error.message, {}, error);
}

/** The result of `work` as a promise; the addon itself answers at once. */
function settled<T>(work: () => T): Promise<T> {
  try {
    return Promise.resolve(work());
  } catch (error) {
    return Promise.reject(faultOf(error) as Error);
  }
}

class SessionOfAddon implements NativeSession {
  readonly #session: AddonSession;
  readonly memoryBytes: number;
  readonly stepBytes: number;

  constructor(session: AddonSession) {
    this.#session = session;
    this.memoryBytes = session.memoryBytes();
    this.stepBytes = session.stepBytes();
  }

  upload(state: number, values: Float32Array): Promise<void> {
    return settled(() => this.#session.upload(state, values));
  }

  run(step: number, batch: Uint8Array): Promise<void> {
    return settled(() => this.#session.run(step, batch));
  }

  download(state: number, into?: Float32Array): Promise<Float32Array> {
    return settled(() => this.#session.download(state, into));
  }

  output(output: number): Promise<Float32Array> {
    return settled(() => this.#session.output(output));
  }

  value(op: number): Promise<Float32Array> {
    return settled(() => this.#session.value(op));
  }

  values(ops: readonly number[]): Promise<readonly Float32Array[]> {
    return settled(() => this.#session.values(ops));
  }

  close(): void {
    this.#session.close();
  }

  profiledRun(step: number, batch: Uint8Array): readonly OpTime[] {
    this.#session.run(step, batch, true);
    return this.#session.profile();
  }
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
        // The engine's own check speaks first, so that a refusal reads the same on every backend.
        const program = openProgram(programBytes);
        if (!program.ok) {
          const { code, facts } = program.rejection;
          throw new Fault(code, "the program was refused", facts);
        }
        const session = addon.createSession(programBytes, { simd, threads, memoryBytesMax });
        return new SessionOfAddon(session);
      }),
  };
}
