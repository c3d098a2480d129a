/**
 * Decides how a step program runs in float arithmetic: op after op, a value freed after its last
 * use, then all updates at once. The program is the engine's own, so weights, batches, schedules
 * and random masks are the same as in the exact engine, and only the arithmetic differs.
 */

import type { Tensor } from "@tensorflow/tfjs";

import { Fault, invariant } from "../../contract/outcome.ts";
import { batchBytes, elementCount, shapeOfValue } from "../../engine/index.ts";
import type { OpRecord, Program, ValueRef } from "../../engine/index.ts";
import { opNamed } from "../../engine/ops/registry.ts";
import type { EngineSession } from "../../ports/engine-backend.ts";
import { floatOp, isFixed, isOffered } from "./float-ops.ts";
import type { Tensorflow } from "./open-library.ts";

/** How a session is opened. */
export interface FloatOptions {
  /** Whether `value` can be asked; memory is then held for every op of a step. */
  readonly keepValues?: boolean;
}

/** The last op that reads each op's value; the number of ops where the step's end does. */
function lastUses({ ops, updates, outputs }: Program, keepValues: boolean): readonly number[] {
  const last = ops.map((_, index) => (keepValues ? ops.length : index));
  const use = (ref: ValueRef, at: number): void => {
    if (ref.from === "op") last[ref.index] = Math.max(last[ref.index], at);
  };
  for (const [index, { inputs }] of ops.entries()) for (const ref of inputs) use(ref, index);
  for (const { value } of [...updates, ...outputs]) use(value, ops.length);
  return last;
}

/** A program in float arithmetic, in the process that holds TensorFlow.js. */
export class FloatSession implements EngineSession {
  readonly #tf: Tensorflow;
  readonly #program: Program;
  readonly #keepValues: boolean;
  /** Which values are freed after each op. */
  readonly #freed: readonly (readonly number[])[];
  readonly #fixed = new Map<number, Tensor>();
  readonly #states: Tensor[];
  #values: (Tensor | undefined)[] = [];

  /** @throws Fault ENGINE_UNSUPPORTED for an op that has no float form here */
  constructor(tf: Tensorflow, program: Program, { keepValues = false }: FloatOptions = {}) {
    const missing = program.ops.find(({ op }) => !isOffered(op));
    if (missing !== undefined) {
      throw new Fault("ENGINE_UNSUPPORTED", "the float engine lacks an op", { op: missing.op });
    }
    this.#tf = tf;
    this.#program = program;
    this.#keepValues = keepValues;
    const last = lastUses(program, keepValues);
    this.#freed = program.ops.map((_, at) => last.flatMap((use, op) => (use === at ? [op] : [])));
    this.#states = program.states.map(({ shape }) => tf.zeros([...shape]));
  }

  upload(state: number, values: Float32Array): Promise<void> {
    const held = this.#states.at(state);
    invariant(held !== undefined && held.size === values.length, "a state has its own size");
    this.#states[state] = this.#tf.tensor(values.slice(), held.shape);
    held.dispose();
    return Promise.resolve();
  }

  /** Rejects with Fault ENGINE_SHAPE or ENGINE_NUMBER where `load` refuses; nothing changes. */
  async run(step: number, batch: Uint8Array): Promise<void> {
    invariant(Number.isInteger(step) && step >= 1, "steps count from 1");
    const [{ attributes, shape }] = this.#program.ops;
    const expected = batchBytes(attributes[0], shape);
    if (batch.length !== expected) {
      const facts = { given: batch.length, expected };
      throw new Fault("ENGINE_SHAPE", "the batch has another size", facts);
    }
    this.#forget();
    for (const [index, record] of this.#program.ops.entries()) {
      this.#values[index] = this.#valueOf(index, record, step, batch);
      for (const op of this.#freed[index]) this.#free(op);
    }
    this.#update();
    // A library that computes elsewhere has answered only when something was read.
    if (this.#program.outputs.length > 0) await this.output(0);
  }

  async download(state: number, into?: Float32Array): Promise<Float32Array> {
    const values = (await this.#states[state].data()) as Float32Array;
    if (into === undefined) return Float32Array.from(values);
    into.set(values);
    return into;
  }

  output(output: number): Promise<Float32Array> {
    const { value } = this.#program.outputs[output];
    invariant(value.from === "op", "an output is the value of an op");
    return this.#read(value.index);
  }

  value(op: number): Promise<Float32Array> {
    invariant(op < this.#values.length, "the session has run a step");
    return this.#read(op);
  }

  close(): void {
    this.#forget();
    for (const tensor of [...this.#states, ...this.#fixed.values()]) tensor.dispose();
    this.#states.length = 0;
    this.#fixed.clear();
  }

  async #read(op: number): Promise<Float32Array> {
    const held = this.#values[op];
    if (held === undefined) {
      throw new Fault("FLOAT_ENGINE_VALUE", "the value is not kept", { op });
    }
    return Float32Array.from((await held.data()) as Float32Array);
  }

  #valueOf(index: number, record: OpRecord, step: number, batch: Uint8Array): Tensor {
    const made = this.#fixed.get(index);
    if (made !== undefined) return made;
    const inputs = record.inputs.map((ref) => this.#tensor(ref));
    const compute = floatOp(record.op);
    const { attributes, shape } = record;
    const value =
      compute === undefined
        ? this.#engineValue(record, inputs, step, batch)
        : this.#tf.tidy(() => compute({ tf: this.#tf, inputs, attributes, shape }));
    if (isFixed(record.op)) this.#fixed.set(index, value);
    // Freed by itself later, so it must not be the tensor of another value.
    return inputs.includes(value) ? value.clone() : value;
  }

  /** What is no arithmetic comes from the engine's definition. */
  #engineValue(record: OpRecord, inputs: readonly Tensor[], step: number, batch: Uint8Array) {
    const op = opNamed(record.op);
    invariant(op !== undefined, "a checked program names known ops only");
    const values = op.evaluate({
      inputs: inputs.map((tensor) => Float32Array.from(tensor.dataSync())),
      inputShapes: record.inputs.map((ref) => shapeOfValue(this.#program, ref)),
      attributes: record.attributes,
      shape: record.shape,
      step,
      batch,
    });
    invariant(values.length === elementCount(record.shape), "an op fills its shape");
    return this.#tf.tensor(values, [...record.shape]);
  }

  #tensor(ref: ValueRef): Tensor {
    const tensor = ref.from === "state" ? this.#states[ref.index] : this.#values[ref.index];
    invariant(tensor !== undefined, "a value is freed after its last use only");
    return tensor;
  }

  #free(op: number): void {
    const tensor = this.#values[op];
    this.#values[op] = undefined;
    if (tensor !== undefined && !this.#fixed.has(op)) tensor.dispose();
  }

  #forget(): void {
    for (const [op] of this.#values.entries()) this.#free(op);
    this.#values = [];
  }

  #update(): void {
    // All at once: a state may take the value that another one had.
    const after = this.#program.updates.map(({ value }) => this.#tensor(value).clone());
    for (const [index, { state }] of this.#program.updates.entries()) {
      this.#states[state].dispose();
      this.#states[state] = after[index];
    }
    if (this.#keepValues) return;
    const shown = new Set(this.#program.outputs.map(({ value }) => value.index));
    for (const [op] of this.#values.entries()) if (!shown.has(op)) this.#free(op);
  }
}
