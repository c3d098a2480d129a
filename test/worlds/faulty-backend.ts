/**
 * Plants faults: a backend that evaluates each op as the reference does and lets a wrong kernel
 * change the value before anything else reads it.
 */
import { openProgram } from "../../src-main/engine/index.ts";
import type { Program, ValueRef } from "../../src-main/engine/index.ts";
import { elementCount } from "../../src-main/engine/ops/op.ts";
import type { OpCall } from "../../src-main/engine/ops/op.ts";
import { opNamed } from "../../src-main/engine/ops/registry.ts";
import { shapeOfValue } from "../../src-main/engine/program/cost.ts";
import { updatedStates } from "../../src-main/engine/reference/evaluate.ts";
import type { EngineBackend, EngineSession } from "../../src-main/ports/engine-backend.ts";

/** One op of one step, with what it is computed from. */
export interface FaultPlace {
  readonly op: string;
  readonly index: number;
  readonly call: OpCall;
}

/** A wrong kernel: changes the right values in place, or leaves them. */
export type Fault = (values: Float32Array, place: FaultPlace) => void;

class FaultySession implements EngineSession {
  readonly #program: Program;
  readonly #fault: Fault;
  #states: readonly Float32Array[];
  #values: Float32Array[] = [];

  constructor(program: Program, fault: Fault) {
    this.#program = program;
    this.#fault = fault;
    this.#states = program.states.map(({ shape }) => new Float32Array(elementCount(shape)));
  }

  upload(state: number, values: Float32Array): Promise<void> {
    this.#states = this.#states.with(state, values.slice());
    return Promise.resolve();
  }

  run(step: number, batch: Uint8Array): Promise<void> {
    const read = ({ from, index }: ValueRef) =>
      from === "state" ? this.#states[index] : this.#values[index];
    this.#values = [];
    for (const [index, { op, inputs, attributes, shape }] of this.#program.ops.entries()) {
      const inputShapes = inputs.map((ref) => shapeOfValue(this.#program, ref));
      const call = { inputs: inputs.map(read), inputShapes, attributes, shape, step, batch };
      // A copy, since an op may answer with its operand.
      const values = opNamed(op)?.evaluate(call).slice() ?? new Float32Array(0);
      this.#fault(values, { op, index, call });
      this.#values.push(values);
    }
    this.#states = updatedStates(this.#program, this.#states, this.#values);
    return Promise.resolve();
  }

  download(state: number): Promise<Float32Array> {
    return Promise.resolve(this.#states[state].slice());
  }

  output(output: number): Promise<Float32Array> {
    return this.value(this.#program.outputs[output].value.index);
  }

  value(op: number): Promise<Float32Array> {
    return Promise.resolve(this.#values[op].slice());
  }

  close(): void {
    this.#values = [];
  }
}

/** A backend with a planted fault. */
export function faultyBackend(variant: string, fault: Fault): EngineBackend {
  return {
    name: "planted",
    variant,
    open: (programBytes) => {
      const program = openProgram(programBytes);
      if (!program.ok) throw new Error(program.rejection.code);
      return Promise.resolve(new FaultySession(program.value, fault));
    },
  };
}
