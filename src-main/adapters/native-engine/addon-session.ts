/** Decides what a session of the addon is to those who use it, on the processor or a GPU. */
import { Fault, invariant } from "../../contract/outcome.ts";
import { openProgram } from "../../engine/index.ts";
import type { EngineSession } from "../../ports/engine-backend.ts";
import type { AddonSession, OpTime } from "./addon.ts";

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

/** An error of the addon as a fault; its code is the addon's. */
export function faultOf(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Fault) return error;
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined ? error : new Fault(code, error.message, {}, error);
}

/** The result of `work` as a promise; the addon itself answers at once. */
export function settled<T>(work: () => T): Promise<T> {
  try {
    return Promise.resolve(work());
  } catch (error) {
    return Promise.reject(faultOf(error) as Error);
  }
}

class SessionOfAddon implements NativeSession {
  readonly #session: AddonSession;
  #runs = 0;
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
    return settled(() => {
      this.#session.run(step, batch);
      this.#runs += 1;
    });
  }

  download(state: number, into?: Float32Array): Promise<Float32Array> {
    return settled(() => this.#session.download(state, into));
  }

  output(output: number): Promise<Float32Array> {
    return settled(() => this.#session.output(output));
  }

  later(outputs: readonly number[]): (() => Promise<readonly Float32Array[]>) | undefined {
    const run = this.#runs;
    if (run === 0 || !outputs.every((output) => this.#session.keepsOutput(output)))
      return undefined;
    return () =>
      settled(() =>
        outputs.map((output) => {
          invariant(this.#runs - run <= 1, "an output is read while it is kept");
          return this.#runs === run
            ? this.#session.output(output)
            : this.#session.outputBefore(output);
        }),
      );
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

/** The session of the addon's own object. */
export const sessionOf = (session: AddonSession): NativeSession => new SessionOfAddon(session);

/** The engine's own check speaks first, so that a refusal reads the same on every backend. */
export function checkProgram(programBytes: Uint8Array): void {
  const program = openProgram(programBytes);
  if (program.ok) return;
  const { code, facts } = program.rejection;
  throw new Fault(code, "the program was refused", facts);
}
