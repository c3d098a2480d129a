/**
 * Decides what a step is on the device: memory for each value, dispatches in the program's order,
 * copies where a value only gets another shape. Nothing is allocated once a session is open.
 */
import type { Program, ValueRef } from "../../engine/index.ts";
import { shapeOfValue } from "../../engine/index.ts";
import { Fault, invariant } from "../../contract/outcome.ts";
import { fusedUnits, planFused, sourceOf, swappedValues, writtenOf } from "./fuse-elementwise.ts";
import type { Unit } from "./fuse-elementwise.ts";
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
  /**
   * The value of each op; an op that only names a shape shares its operand's. Undefined where it
   * is needed only by ops that became one kernel with its own.
   */
  readonly values: readonly (Slot | undefined)[];
  /** The step's number. */
  readonly step: Slot;
  /** What is the same in every step, and runs in the first one alone. */
  readonly once: readonly Dispatch[];
  readonly each: readonly Dispatch[];
  /** A state and where the step leaves it; the two change places after each step. */
  readonly twins: readonly (readonly [state: Slot, next: Slot])[];
  /** States that are not made where they are left. */
  readonly updates: readonly Copy[];
}

/** How a program is planned. */
export interface PlanKit {
  readonly planners: ReadonlyMap<string, OpPlanner>;
  /** Tensors that a kernel may be bound to, its numbers counted as one; absent: nothing fuses. */
  readonly tensorsMax?: number;
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
  readonly #made = new Map<number, Slot>();
  readonly #swapped: ReadonlySet<number>;
  readonly step: Slot;
  readonly once: Dispatch[] = [];
  readonly each: Dispatch[] = [];

  constructor(
    program: Program,
    planners: ReadonlyMap<string, OpPlanner>,
    swapped: ReadonlySet<number>,
  ) {
    this.#program = program;
    this.#planners = planners;
    this.#swapped = swapped;
    this.step = this.slot(1);
    this.states = program.states.map(({ shape }) => this.slot(sizeOf(shape)));
  }

  slot(words: number): Slot {
    const made = { words };
    this.slots.push(made);
    return made;
  }

  /** Where a value is; undefined where it is never written. */
  find(ref: ValueRef): Slot | undefined {
    const source = sourceOf(this.#program, ref);
    return source.from === "state" ? this.states[source.index] : this.#made.get(source.index);
  }

  of(ref: ValueRef): Slot {
    const slot = this.find(ref);
    invariant(slot !== undefined, "what is needed was made before");
    return slot;
  }

  #make(index: number): Slot {
    const made = this.slot(sizeOf(this.#program.ops[index].shape));
    this.#made.set(index, made);
    return made;
  }

  add(unit: Unit): void {
    if (unit.length === 1) {
      this.#run(unit[0]);
      return;
    }
    for (const index of writtenOf(this.#program, unit)) this.#make(index);
    this.each.push(planFused(this.#program, unit, (ref) => this.of(ref)));
  }

  #run(index: number): void {
    const record = this.#program.ops[index];
    if (record.op === "reshape" || this.#swapped.has(index)) return;
    const output = this.#make(index);
    if (record.op === "load") return;
    const planner = this.#planners.get(record.op);
    if (planner === undefined) {
      throw new Fault("ENGINE_UNSUPPORTED", `no ${record.op} on webgpu`, { op: record.op });
    }
    const swapped = record.inputs.map((ref) => ref.from === "op" && this.#swapped.has(ref.index));
    const dispatches = planner({
      inputs: record.inputs.map((ref, i) =>
        this.of(swapped[i] ? this.#program.ops[ref.index].inputs[0] : ref),
      ),
      swapped,
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
export function planProgram(program: Program, { planners, tensorsMax }: PlanKit): StepPlan {
  const isPlain = tensorsMax === undefined;
  const swapped = isPlain ? new Set<number>() : swappedValues(program);
  const planning = new Planning(program, planners, swapped);
  const units = isPlain ? program.ops.map((_, index) => [index]) : fusedUnits(program, tensorsMax);
  for (const unit of units) planning.add(unit);
  const twins: (readonly [Slot, Slot])[] = [];
  const updates: Copy[] = [];
  const left = new Set<Slot>();
  for (const { state, value } of program.updates) {
    const from = planning.of(value);
    const source = sourceOf(program, value);
    const op = source.from === "op" ? program.ops[source.index].op : "";
    // A value that is made in each step, for this state alone, is made where the state is left.
    const isOwn = op !== "" && op !== "load" && !LASTING.has(op) && !left.has(from);
    const next = isOwn ? from : planning.slot(from.words);
    left.add(next);
    twins.push([planning.states[state], next]);
    if (!isOwn) updates.push({ from, to: next });
  }
  const { slots, states, step, once, each } = planning;
  const values = program.ops.map((_, index) => planning.find({ from: "op", index }));
  return { slots, states, values, step, once, each, twins, updates };
}
