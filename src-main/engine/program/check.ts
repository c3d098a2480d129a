/**
 * Decides whether a program makes sense: known ops, references only backwards, shapes that follow
 * the rules, sizes under the limits. A program that passes can be evaluated without any check.
 */
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { floatOfBits, isCanonicalBits } from "../canon.ts";
import { ELEMENTS_MAX, RANK_MAX, STEP_COST_MAX } from "../limits.ts";
import { elementCount, sameShape } from "../ops/op.ts";
import { opNamed } from "../ops/registry.ts";
import { shapeOfValue, stepCost } from "./cost.ts";
import type { OpRecord, Program, Shape, StateTensor, ValueRef } from "./program.ts";
import { decodeProgram } from "./wire.ts";

const done = accept(undefined);

function checkShape(shape: Shape, where: string): Outcome<undefined> {
  if (shape.length < 1 || shape.length > RANK_MAX || shape.some((dim) => dim < 1)) {
    return reject("ENGINE_SHAPE", { where, rule: `1 to ${RANK_MAX} dimensions, each at least 1` });
  }
  const count = elementCount(shape);
  if (count > ELEMENTS_MAX) {
    return reject("ENGINE_LIMIT", { what: "elements", where, value: count, max: ELEMENTS_MAX });
  }
  return done;
}

function checkState({ name, shape, initialiser }: StateTensor, index: number): Outcome<undefined> {
  const where = `state ${index}`;
  if (name === "") return reject("ENGINE_PROGRAM", { where, rule: "a state tensor has a name" });
  const bits =
    initialiser.kind === "zeros"
      ? 0
      : initialiser.kind === "constant"
        ? initialiser.bits
        : initialiser.boundBits;
  if (!isCanonicalBits(bits)) {
    return reject("ENGINE_NUMBER", { where, rule: "an initialiser's bits are a canonical number" });
  }
  if (initialiser.kind === "uniform" && !(floatOfBits(bits) > 0)) {
    return reject("ENGINE_PROGRAM", { where, rule: "a uniform bound is above zero" });
  }
  return checkShape(shape, where);
}

/** Whether `ref` names a state tensor, or an op before op `before`. */
function isDefined(program: Program, ref: ValueRef, before: number): boolean {
  return ref.from === "state" ? ref.index < program.states.length : ref.index < before;
}

function checkOp(program: Program, record: OpRecord, index: number): Outcome<undefined> {
  const where = `op ${index}`;
  const op = opNamed(record.op);
  if (op === undefined) return reject("ENGINE_UNKNOWN_OP", { where, op: record.op });
  if ((record.op === "load") !== (index === 0)) {
    return reject("ENGINE_PROGRAM", { where, rule: "op 0 is load, and only op 0" });
  }
  if (record.inputs.length !== op.inputCount) {
    return reject("ENGINE_REFERENCE", { where, rule: `${op.name} has ${op.inputCount} inputs` });
  }
  for (const ref of record.inputs) {
    if (!isDefined(program, ref, index)) {
      return reject("ENGINE_REFERENCE", { where, rule: "an op refers to earlier ops and states" });
    }
  }
  const declared = checkShape(record.shape, where);
  if (!declared.ok) return declared;
  const inputShapes = record.inputs.map((ref) => shapeOfValue(program, ref));
  const shape = op.outputShape(inputShapes, record.attributes, record.shape);
  if (!shape.ok) {
    return reject(shape.rejection.code, { ...shape.rejection.facts, where });
  }
  if (!sameShape(shape.value, record.shape)) {
    return reject("ENGINE_SHAPE", { where, op: op.name, rule: "the record states the op's shape" });
  }
  return done;
}

function checkEnds(program: Program): Outcome<undefined> {
  let previous = -1;
  for (const { state, value } of program.updates) {
    const where = `update of state ${state}`;
    if (state >= program.states.length || state <= previous) {
      return reject("ENGINE_REFERENCE", { where, rule: "updates ascend by state, each once" });
    }
    if (!isDefined(program, value, program.ops.length)) {
      return reject("ENGINE_REFERENCE", { where, rule: "the value exists" });
    }
    if (!sameShape(shapeOfValue(program, value), program.states[state].shape)) {
      return reject("ENGINE_SHAPE", { where, rule: "the value has the state's shape" });
    }
    previous = state;
  }
  const names = new Set<string>();
  for (const { name, value } of program.outputs) {
    const where = `output ${name}`;
    if (name === "" || names.has(name)) {
      return reject("ENGINE_PROGRAM", { where, rule: "outputs have different names" });
    }
    if (value.from === "state" || !isDefined(program, value, program.ops.length)) {
      return reject("ENGINE_REFERENCE", { where, rule: "an output is the value of an op" });
    }
    names.add(name);
  }
  return done;
}

/**
 * Checks a program from anywhere; gives back the same program.
 * @rejects ENGINE_SHAPE, ENGINE_ATTRIBUTE, ENGINE_LIMIT, ENGINE_UNKNOWN_OP, ENGINE_REFERENCE,
 *          ENGINE_PROGRAM, ENGINE_NUMBER, each with where it happened
 */
export function checkProgram(program: Program): Outcome<Program> {
  const names = new Set(program.states.map(({ name }) => name));
  if (names.size !== program.states.length) {
    return reject("ENGINE_PROGRAM", { rule: "state tensors have different names" });
  }
  if (program.ops.length === 0) return reject("ENGINE_PROGRAM", { rule: "op 0 is load" });
  for (const [index, state] of program.states.entries()) {
    const checked = checkState(state, index);
    if (!checked.ok) return checked;
  }
  for (const [index, record] of program.ops.entries()) {
    const checked = checkOp(program, record, index);
    if (!checked.ok) return checked;
  }
  const ends = checkEnds(program);
  if (!ends.ok) return ends;
  const cost = stepCost(program);
  if (cost > STEP_COST_MAX) {
    return reject("ENGINE_LIMIT", { what: "step cost", value: cost, max: STEP_COST_MAX });
  }
  return accept(program);
}

/** Reads and checks program bytes from anywhere. */
export function openProgram(bytes: Uint8Array): Outcome<Program> {
  const decoded = decodeProgram(bytes);
  return decoded.ok ? checkProgram(decoded.value) : decoded;
}
