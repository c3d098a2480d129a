/** Decides the backend every other one is compared with: plain evaluation, no tricks. */
import { Fault, invariant } from "../../contract/outcome.ts";
import type { EngineBackend, EngineSession } from "../../ports/engine-backend.ts";
import { firstNonCanonical } from "../canon.ts";
import { batchBytes } from "../ops/load.ts";
import { elementCount } from "../ops/op.ts";
import { openProgram } from "../program/check.ts";
import type { Program } from "../program/program.ts";
import { evaluateStep, updatedStates } from "./evaluate.ts";

class ReferenceSession implements EngineSession {
  readonly #program: Program;
  #states: readonly Float32Array[];
  #values: readonly Float32Array[] = [];

  constructor(program: Program) {
    this.#program = program;
    this.#states = program.states.map(({ shape }) => new Float32Array(elementCount(shape)));
  }

  upload(state: number, values: Float32Array): Promise<void> {
    const held = this.#states[state];
    invariant(held !== undefined && held.length === values.length, "a state has its own size");
    const wrong = firstNonCanonical(values);
    if (wrong >= 0) {
      const fault = new Fault("ENGINE_NUMBER", "state values are not canonical", {
        state,
        element: wrong,
      });
      return Promise.reject(fault);
    }
    this.#states = this.#states.with(state, values.slice());
    return Promise.resolve();
  }

  /** Throws Fault ENGINE_SHAPE or ENGINE_NUMBER where `load` refuses the batch; nothing changes. */
  run(step: number, batch: Uint8Array): Promise<void> {
    invariant(Number.isInteger(step) && step >= 1, "steps count from 1");
    const [{ attributes, shape }] = this.#program.ops;
    const expected = batchBytes(attributes[0], shape);
    if (batch.length !== expected) {
      const facts = { given: batch.length, expected };
      return Promise.reject(new Fault("ENGINE_SHAPE", "the batch has another size", facts));
    }
    try {
      this.#values = evaluateStep(this.#program, this.#states, { step, batch });
    } catch (error) {
      return Promise.reject(error as Error);
    }
    this.#states = updatedStates(this.#program, this.#states, this.#values);
    return Promise.resolve();
  }

  download(state: number): Promise<Float32Array> {
    return Promise.resolve(this.#states[state].slice());
  }

  output(output: number): Promise<Float32Array> {
    const { value } = this.#program.outputs[output];
    invariant(value.from === "op", "an output is the value of an op");
    return this.value(value.index);
  }

  value(op: number): Promise<Float32Array> {
    invariant(op < this.#values.length, "the session has run a step");
    return Promise.resolve(this.#values[op].slice());
  }

  close(): void {
    this.#values = [];
    this.#states = [];
  }
}

/** The reference engine as a backend. */
export class ReferenceBackend implements EngineBackend {
  readonly name = "reference";
  readonly variant = "plain TypeScript, 1 thread";

  open(programBytes: Uint8Array): Promise<EngineSession> {
    const program = openProgram(programBytes);
    if (program.ok) return Promise.resolve(new ReferenceSession(program.value));
    const { code, facts } = program.rejection;
    return Promise.reject(new Fault(code, "the program was refused", facts));
  }
}
