/**
 * Decides what a device must offer to run step programs. One definition (`engine/reference`),
 * many backends, equal bytes. Programs cross as their canonical bytes (`engine/program/wire.ts`).
 */

/** A device that can run step programs. */
export interface EngineBackend {
  /** Backend name: "reference", "native-cpu", "wasm", "webgpu", "cuda". */
  readonly name: string;
  /** What distinguishes this variant on this machine, such as "avx512vnni, 2 threads". */
  readonly variant: string;
  /** Prepares a program. Throws Fault ENGINE_UNSUPPORTED when an op is not offered here. */
  open(programBytes: Uint8Array): Promise<EngineSession>;
}

/** A prepared program with its state tensors on the device. Not safe for concurrent calls. */
export interface EngineSession {
  /** Memory that steps touch at most, states included, as planned; absent where none plans it. */
  readonly stepBytes?: number;
  /** Sets state tensor `state`; values are canonical f32, row-major, exactly its element count. */
  upload(state: number, values: Float32Array): Promise<void>;
  /**
   * Runs one step and replaces the state tensors by their updates.
   * @param step   1-based step number; schedules read it
   * @param batch  the raw bytes of the batch's samples, in batch order, as op 0 `load` expects
   */
  run(step: number, batch: Uint8Array): Promise<void>;
  /** Ends when all runs are done; absent where `run` itself waits for more than the last one. */
  finished?(): Promise<void>;
  /**
   * A copy of state tensor `state` as it is now.
   * @param into  memory of its element count that a backend may copy to and answer with
   */
  download(state: number, into?: Float32Array): Promise<Float32Array>;
  /** A copy of output `output` of the last run. */
  output(output: number): Promise<Float32Array>;
  /**
   * Takes note of small outputs of the last run, to be read while the next one is at work: what is
   * answered gives copies of them, any time before the second run from now begins. Undefined where
   * an output must be read before the next run; absent where no run goes on by itself.
   */
  later?(outputs: readonly number[]): (() => Promise<readonly Float32Array[]>) | undefined;
  /** A copy of op `op`'s value in the last run, for spot checks and disputes. */
  value(op: number): Promise<Float32Array>;
  /** The same of several ops, where a backend can give them together for less. */
  values?(ops: readonly number[]): Promise<readonly Float32Array[]>;
  /** Frees the device memory; the session is not used again. */
  close(): void;
}
