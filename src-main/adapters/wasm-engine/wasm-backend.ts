/**
 * Decides how the kernels serve as an engine backend where no addon can be built or loaded: the
 * same sources as WebAssembly with 128-bit vectors, on one thread.
 */
import { Fault } from "../../contract/outcome.ts";
import { batchBytes, elementCount, firstNonCanonical, openProgram } from "../../engine/index.ts";
import type { Program } from "../../engine/index.ts";
import type { EngineBackend, EngineSession } from "../../ports/engine-backend.ts";
import { isTrap, openKernels } from "./kernels.ts";
import type { Kernels } from "./kernels.ts";
import { SESSION_BYTES_MAX } from "./limits.ts";

/** What a WebAssembly backend is made with. */
export interface WasmOptions {
  /** Bytes one session may hold, at most SESSION_BYTES_MAX. */
  readonly memoryBytesMax?: number;
}

/** A session in WebAssembly. */
export interface WasmSession extends EngineSession {
  /** Bytes the session holds. */
  readonly memoryBytes: number;
}

/** The WebAssembly backend. */
export interface WasmBackend extends EngineBackend {
  open(programBytes: Uint8Array): Promise<WasmSession>;
}

function refuse(code: string, message: string): never {
  throw new Fault(code, message, {});
}

/** The result of `work` as a promise; the module itself answers at once. */
function settled<T>(work: () => T): Promise<T> {
  try {
    return Promise.resolve(work());
  } catch (error) {
    if (!isTrap(error)) return Promise.reject(error as Error);
    const { message } = error as Error;
    return Promise.reject(new Fault("WASM_ENGINE_BROKEN", message, {}, error));
  }
}

/** The text that ends with a zero byte. */
function textAt({ memory }: Kernels, address: number): string {
  const bytes = new Uint8Array(memory.buffer, address);
  return new TextDecoder().decode(bytes.slice(0, bytes.indexOf(0)));
}

class SessionOfModule implements WasmSession {
  readonly #program: Program;
  readonly #batchBytes: number;
  readonly #batch: number;
  readonly memoryBytes: number;
  #kernels: Kernels | undefined;
  #hasRun = false;

  constructor(kernels: Kernels, program: Program) {
    this.#kernels = kernels;
    this.#program = program;
    this.memoryBytes = kernels.memoryBytes();
    this.#batchBytes = kernels.batchBytes();
    this.#batch = kernels.allocate(this.#batchBytes);
    if (this.#batch === 0) refuse("ENGINE_LIMIT", "no memory is left for the batch");
  }

  #open(): Kernels {
    return this.#kernels ?? refuse("ENGINE_PROGRAM", "the session is closed");
  }

  #view(address: number, count: number): Float32Array {
    return new Float32Array(this.#open().memory.buffer, address, count);
  }

  #state(index: number): Float32Array {
    const state = this.#program.states[index];
    if (state === undefined) return refuse("ENGINE_REFERENCE", "no such state tensor");
    return this.#view(this.#open().state(index), elementCount(state.shape));
  }

  upload(state: number, values: Float32Array): Promise<void> {
    return settled(() => {
      const target = this.#state(state);
      if (values.length !== target.length) refuse("ENGINE_SHAPE", "a state has its own size");
      const element = firstNonCanonical(values);
      if (element >= 0) {
        const facts = { state, element };
        throw new Fault("ENGINE_NUMBER", "state values are not canonical", facts);
      }
      this.#view(this.#open().stateToSet(state), values.length).set(values);
    });
  }

  run(step: number, batch: Uint8Array): Promise<void> {
    return settled(() => {
      const kernels = this.#open();
      if (!Number.isSafeInteger(step) || step < 1) {
        refuse("ENGINE_PROGRAM", "steps are integers from 1");
      }
      if (batch.length !== this.#batchBytes) {
        refuse("ENGINE_SHAPE", "the batch has another size");
      }
      new Uint8Array(kernels.memory.buffer, this.#batch, batch.length).set(batch);
      if (kernels.isFinite(this.#batch) === 0) {
        refuse("ENGINE_NUMBER", "a feature of the batch is NaN or infinite");
      }
      kernels.run(step, this.#batch);
      this.#hasRun = true;
    });
  }

  download(state: number, into?: Float32Array): Promise<Float32Array> {
    return settled(() => {
      const source = this.#state(state);
      if (into === undefined) return source.slice();
      if (into.length !== source.length) refuse("ENGINE_SHAPE", "a state has its own size");
      into.set(source);
      return into;
    });
  }

  output(output: number): Promise<Float32Array> {
    return settled(() => {
      const found = this.#program.outputs[output];
      if (found === undefined) return refuse("ENGINE_REFERENCE", "no such output");
      if (!this.#hasRun) return refuse("ENGINE_REFERENCE", "no step has run yet");
      const count = elementCount(this.#program.ops[found.value.index].shape);
      return this.#view(this.#open().output(output), count).slice();
    });
  }

  value(op: number): Promise<Float32Array> {
    return settled(() => {
      const record = this.#program.ops[op];
      if (record === undefined) return refuse("ENGINE_REFERENCE", "no such op");
      if (!this.#hasRun) return refuse("ENGINE_REFERENCE", "no step has run yet");
      const address = this.#open().value(op);
      if (address === 0) return refuse("ENGINE_REFERENCE", "the last step cannot be repeated");
      return this.#view(address, elementCount(record.shape)).slice();
    });
  }

  close(): void {
    // The instance and all its memory go with the last reference to it.
    this.#kernels = undefined;
  }
}

function openSession(programBytes: Uint8Array, memoryBytesMax: number): WasmSession {
  // The engine's own check speaks first, so that a refusal reads the same on every backend.
  const program = openProgram(programBytes);
  if (!program.ok) {
    const { code, facts } = program.rejection;
    throw new Fault(code, "the program was refused", facts);
  }
  const [{ attributes, shape }] = program.value.ops;
  const left = memoryBytesMax - 2 * batchBytes(attributes[0], shape);
  if (left < 0) refuse("ENGINE_LIMIT", "the batch is larger than the session's memory");
  const kernels = openKernels();
  const address = kernels.allocate(programBytes.length);
  if (address === 0) refuse("ENGINE_LIMIT", "no memory is left for the program");
  new Uint8Array(kernels.memory.buffer, address, programBytes.length).set(programBytes);
  const accepted = kernels.open(address, programBytes.length, left) === 1;
  kernels.release(address);
  if (!accepted) {
    refuse(textAt(kernels, kernels.refusalCode()), textAt(kernels, kernels.refusalMessage()));
  }
  return new SessionOfModule(kernels, program.value);
}

/**
 * A backend in WebAssembly on the calling thread.
 * @throws Fault WASM_ENGINE_BROKEN when the module does not load here
 */
export function createWasmBackend(options: WasmOptions = {}): WasmBackend {
  const memoryBytesMax = Math.min(options.memoryBytesMax ?? SESSION_BYTES_MAX, SESSION_BYTES_MAX);
  openKernels();
  return {
    name: "wasm",
    variant: "128-bit vectors, 1 thread",
    open: (programBytes) => settled(() => openSession(programBytes, memoryBytesMax)),
  };
}
