/**
 * Decides what a step is on the device: memory for each value, dispatches in the program's order,
 * copies where a value only gets another shape. Nothing is allocated once a session is open.
 */
import type { OpRecord, Program, ValueRef } from "../../engine/index.ts";
import { shapeOfValue } from "../../engine/index.ts";
import { Fault } from "../../contract/outcome.ts";
import { sizeOf } from "./kernel.ts";
import type { Dispatch, OpPlanner, Slot } from "./kernel.ts";
import { ELEMENTWISE } from "./ops/elementwise.ts";
import { EMBEDDING_GRADIENT } from "./ops/embedding-gradient.ts";
import { POOLING } from "./ops/pooling.ts";
import { productPlanners } from "./ops/products.ts";
import type { ProductKit } from "./ops/products.ts";
import { REARRANGED } from "./ops/rearranged.ts";
import { reductionPlanners } from "./ops/reductions.ts";

/** A copy of a whole slot. */
export interface Copy {
  readonly from: Slot;
  readonly to: Slot;
}

/** A step, planned. */
export interface StepPlan {
  /** All memory, each slot once. */
  readonly slots: readonly Slot[];
  readonly states: readonly Slot[];
  /** The value of each op; an op that only names a shape shares its operand's. */
  readonly values: readonly Slot[];
  /** The step's number. */
  readonly step: Slot;
  /** States that get another shape: copied before anything runs. */
  readonly before: readonly Copy[];
  /** What is the same in every step, and runs in the first one alone. */
  readonly once: readonly Dispatch[];
  readonly each: readonly Dispatch[];
  /** What updates states that other updates read: first to the side. */
  readonly aside: readonly Copy[];
  readonly updates: readonly Copy[];
}

/** Ops whose value no step changes. */
const LASTING: ReadonlySet<string> = new Set(["constant", "range"]);

/** Ops that this backend runs on the device; `load` reads the batch, which the host has. */
export function deviceOps(kit: ProductKit): ReadonlyMap<string, OpPlanner> {
  return new Map(
    Object.entries({
      ...ELEMENTWISE,
      ...REARRANGED,
      ...reductionPlanners(kit.gathers),
      ...POOLING,
      ...EMBEDDING_GRADIENT,
      ...productPlanners(kit),
    }),
  );
}

class Planning {
  readonly #program: Program;
  readonly #planners: ReadonlyMap<string, OpPlanner>;
  readonly slots: Slot[] = [];
  readonly #scratch = new Map<string, Slot>();
  readonly states: readonly Slot[];
  readonly values: Slot[] = [];
  readonly step: Slot;
  readonly before: Copy[] = [];
  readonly once: Dispatch[] = [];
  readonly each: Dispatch[] = [];

  constructor(program: Program, planners: ReadonlyMap<string, OpPlanner>) {
    this.#program = program;
    this.#planners = planners;
    this.step = this.slot(1);
    this.states = program.states.map(({ shape }) => this.slot(sizeOf(shape)));
  }

  slot(words: number): Slot {
    const made = { words };
    this.slots.push(made);
    return made;
  }

  of(ref: ValueRef): Slot {
    return ref.from === "state" ? this.states[ref.index] : this.values[ref.index];
  }

  add(record: OpRecord): void {
    if (record.op === "reshape") this.values.push(this.#reshaped(record.inputs[0]));
    else this.#run(record);
  }

  /** The same memory; a state's would change at the end of the step, so that it is copied. */
  #reshaped(ref: ValueRef): Slot {
    const from = this.of(ref);
    if (ref.from === "op") return from;
    const to = this.slot(from.words);
    this.before.push({ from, to });
    return to;
  }

  #run(record: OpRecord): void {
    const output = this.slot(sizeOf(record.shape));
    this.values.push(output);
    if (record.op === "load") return;
    const planner = this.#planners.get(record.op);
    if (planner === undefined) {
      throw new Fault("ENGINE_UNSUPPORTED", `no ${record.op} on webgpu`, { op: record.op });
    }
    const dispatches = planner({
      inputs: record.inputs.map((ref) => this.of(ref)),
      inputShapes: record.inputs.map((ref) => shapeOfValue(this.#program, ref)),
      attributes: record.attributes,
      output,
      shape: record.shape,
      step: this.step,
      scratch: (role, words) => this.#reused(role, words),
    });
    (LASTING.has(record.op) ? this.once : this.each).push(...dispatches);
  }

  /** One memory a role for the whole program: ops run one after the other. */
  #reused(role: string, words: number): Slot {
    const known = this.#scratch.get(role);
    if (known !== undefined) {
      known.words = Math.max(known.words, words);
      return known;
    }
    const made = this.slot(words);
    this.#scratch.set(role, made);
    return made;
  }
}

/**
 * Plans a checked program.
 * Throws Fault ENGINE_UNSUPPORTED for an op that no planner knows.
 */
export function planProgram(program: Program, planners: ReadonlyMap<string, OpPlanner>): StepPlan {
  const planning = new Planning(program, planners);
  for (const record of program.ops) planning.add(record);
  const aside: Copy[] = [];
  const updates: Copy[] = [];
  for (const { state, value } of program.updates) {
    const to = planning.states[state];
    const from = planning.of(value);
    if (value.from === "op") updates.push({ from, to });
    else if (value.index !== state) {
      // All updates happen at once: this one needs the state as it was.
      const side = planning.slot(from.words);
      aside.push({ from, to: side });
      updates.push({ from: side, to });
    }
  }
  const { slots, states, values, step, before, once, each } = planning;
  return { slots, states, values, step, before, once, each, aside, updates };
}
