/** Decides how a program is put together op by op; models and gradients write through it. */
import { invariant } from "../../contract/outcome.ts";
import type { Rejection } from "../../contract/outcome.ts";
import { bitsOfFloat, isCanonicalBits } from "../canon.ts";
import type { CompositeGradient, Graph, GraphValue } from "../ops/op.ts";
import { OPS_MAX, STATES_MAX } from "../limits.ts";
import { opNamed } from "../ops/registry.ts";
import type { Initialiser, OpRecord, Program, Shape, StateTensor } from "./program.ts";

/** Ends a construction; `compile.ts` turns it into its rejection, nothing else catches it. */
export class GraphStop extends Error {
  readonly rejection: Rejection;

  constructor(rejection: Rejection) {
    super(rejection.code);
    this.name = "GraphStop";
    this.rejection = rejection;
  }
}

/** A value that is differentiated as a whole. */
export interface Composite {
  readonly inputs: readonly GraphValue[];
  readonly gradient: CompositeGradient;
}

/**
 * Stops a construction whose program no one could read, as soon as it is known: a model's text may
 * stand for a hundred times more ops than a program holds.
 */
function refuseMore(what: string, held: number, max: number): void {
  if (held < max) return;
  throw new GraphStop({ code: "ENGINE_LIMIT", facts: { what, value: held + 1, max } });
}

/** A program under construction. */
export class ProgramBuilder implements Graph {
  readonly #states: StateTensor[] = [];
  readonly #ops: OpRecord[] = [];
  readonly #updates = new Map<number, GraphValue>();
  readonly #outputs: { name: string; value: GraphValue }[] = [];
  readonly #filled = new Map<string, GraphValue>();
  readonly #composites = new Map<number, Composite>();

  /** The state tensors so far. */
  get states(): readonly StateTensor[] {
    return this.#states;
  }

  /** The ops so far; gradients walk them backwards. */
  get ops(): readonly OpRecord[] {
    return this.#ops;
  }

  /** Declares a state tensor. */
  state(name: string, shape: Shape, initialiser: Initialiser): GraphValue {
    refuseMore("state tensors", this.#states.length, STATES_MAX);
    this.#states.push({ name, shape, initialiser });
    return { ref: { from: "state", index: this.#states.length - 1 }, shape };
  }

  op(
    name: string,
    inputs: readonly GraphValue[],
    attributes: readonly number[] = [],
    shape: Shape = [],
  ): GraphValue {
    const op = opNamed(name);
    invariant(op !== undefined && inputs.length === op.inputCount, `${name} is used as declared`);
    const inputShapes = inputs.map((input) => input.shape);
    const derived = op.outputShape(inputShapes, attributes, shape);
    if (!derived.ok) throw new GraphStop(derived.rejection);
    const refs = inputs.map((input) => input.ref);
    refuseMore("ops", this.#ops.length, OPS_MAX);
    this.#ops.push({ op: name, inputs: refs, attributes, shape: derived.value });
    return { ref: { from: "op", index: this.#ops.length - 1 }, shape: derived.value };
  }

  filled(value: number, shape: Shape): GraphValue {
    const bits = bitsOfFloat(value) | 0;
    invariant(isCanonicalBits(bits), "a constant of a graph is a canonical number");
    const key = `${bits}:${shape.join(",")}`;
    const known = this.#filled.get(key);
    if (known !== undefined) return known;
    const made = this.op("constant", [], [bits], shape);
    this.#filled.set(key, made);
    return made;
  }

  composite(
    output: GraphValue,
    inputs: readonly GraphValue[],
    gradient: CompositeGradient,
  ): GraphValue {
    const { from, index } = output.ref;
    invariant(
      from === "op" && !this.#composites.has(index),
      "a composite ends in an op of its own",
    );
    this.#composites.set(index, { inputs, gradient });
    return output;
  }

  /** The composite that ends in this op, if there is one. */
  compositeAt(op: number): Composite | undefined {
    return this.#composites.get(op);
  }

  /** After the step, `state` takes `value`. */
  update(state: GraphValue, value: GraphValue): void {
    const { from, index } = state.ref;
    invariant(from === "state" && !this.#updates.has(index), "a state is updated once");
    this.#updates.set(index, value);
  }

  /** Shows a value after each step. */
  output(name: string, value: GraphValue): void {
    this.#outputs.push({ name, value });
  }

  /** The finished program; `checkProgram` has the last word on it. */
  finish(): Program {
    const updates: { state: number; value: GraphValue["ref"] }[] = [];
    for (let state = 0; state < this.#states.length; state += 1) {
      const value = this.#updates.get(state);
      if (value !== undefined) updates.push({ state, value: value.ref });
    }
    return {
      states: [...this.#states],
      ops: [...this.#ops],
      updates,
      outputs: this.#outputs.map(({ name, value }) => ({ name, value: value.ref })),
    };
  }
}
