/**
 * Decides which ops that go element by element become one kernel: those of as many elements that
 * need each other. What only they need is never written. A kernel's text says which ops it does
 * and how, so equal layers share it.
 */
import { invariant } from "../../contract/outcome.ts";
import type { OpRecord, Program, ValueRef } from "../../engine/index.ts";
import { shapeOfValue } from "../../engine/index.ts";
import { elementKernel, overElements, sizeOf } from "./kernel.ts";
import type { Dispatch, Kernel, Slot } from "./kernel.ts";
import { FUSED_OPS_MAX } from "./limits.ts";
import { EXPRESSIONS, commonAxes, operandStrides } from "./ops/elementwise.ts";
import { ELEMENTARY } from "./wgsl/elementary.ts";
import { SOFT_FLOAT } from "./wgsl/soft-float.ts";

/** What is done in order: an op alone, or several as one. */
export type Unit = readonly number[];

/** Follows reshapes to the value whose memory they share. */
export function sourceOf(program: Program, ref: ValueRef): ValueRef {
  let at = ref;
  while (at.from === "op" && program.ops[at.index].op === "reshape") {
    at = program.ops[at.index].inputs[0];
  }
  return at;
}

/** Ops that fuse; those whose result is the same in every step are made once, so they stay. */
const canFuse = ({ op }: OpRecord): boolean => EXPRESSIONS.has(op);

/** For each op, who needs its value: ops by index, and −1 for what is kept after the step. */
function needersOf(program: Program): readonly ReadonlySet<number>[] {
  const needers = program.ops.map(() => new Set<number>());
  const needs = (ref: ValueRef, who: number): void => {
    const source = sourceOf(program, ref);
    if (source.from === "op") needers[source.index].add(who);
  };
  for (const [index, { op, inputs }] of program.ops.entries()) {
    if (op !== "reshape") for (const ref of inputs) needs(ref, index);
  }
  for (const { value } of program.updates) needs(value, -1);
  for (const { value } of program.outputs) needs(value, -1);
  return needers;
}

/** Transposes of matrices that only matmuls need: these read what was there before instead. */
export function swappedValues(program: Program): ReadonlySet<number> {
  const needers = needersOf(program);
  const swapped = new Set<number>();
  for (const [index, { op, attributes }] of program.ops.entries()) {
    if (op !== "transpose" || attributes.length !== 2 || attributes[0] !== 1) continue;
    const isOnlyMultiplied = [...needers[index]].every(
      (who) =>
        who >= 0 &&
        program.ops[who].op === "matmul" &&
        // Not through a reshape, whose rows would be others.
        program.ops[who].inputs.every(
          (ref) => sourceIndex(program, ref) !== index || ref.index === index,
        ),
    );
    if (isOnlyMultiplied) swapped.add(index);
  }
  return swapped;
}

function sourceIndex(program: Program, ref: ValueRef): number {
  const source = sourceOf(program, ref);
  return source.from === "op" ? source.index : -1;
}

/** How an operand of a fused op is found. */
type Operand =
  | { readonly kind: "member"; readonly op: number }
  | { readonly kind: "constant"; readonly bits: number }
  | { readonly kind: "tensor"; readonly ref: ValueRef; readonly axes: readonly number[] | null };

const keyOf = ({ from, index }: ValueRef): string => `${from} ${index}`;

class Fusing {
  readonly #program: Program;
  readonly #needers: readonly ReadonlySet<number>[];
  readonly #tensorsMax: number;
  /** Open groups by each of their members. */
  readonly #open = new Map<number, Set<number>>();
  readonly units: Unit[] = [];

  constructor(program: Program, tensorsMax: number) {
    this.#program = program;
    this.#needers = needersOf(program);
    this.#tensorsMax = tensorsMax;
  }

  add(index: number): void {
    const record = this.#program.ops[index];
    if (record.op === "reshape") return;
    const elements = sizeOf(record.shape);
    const joined = new Set<Set<number>>();
    for (const [place, ref] of record.inputs.entries()) {
      const source = sourceOf(this.#program, ref);
      const group = source.from === "op" ? this.#open.get(source.index) : undefined;
      if (group === undefined) continue;
      const fits =
        canFuse(record) &&
        source.from === "op" &&
        sizeOf(this.#program.ops[source.index].shape) === elements &&
        operandAxes(this.#program, record, place) === null;
      if (fits) joined.add(group);
      else this.#close(group);
    }
    if (!canFuse(record)) {
      this.units.push([index]);
      return;
    }
    // A group that was closed for one operand is not there for another.
    let group = new Set([index]);
    for (const other of joined) {
      if (!this.#isOpen(other)) continue;
      const merged = new Set([...group, ...other]);
      if (this.#fits(merged)) group = merged;
      else this.#close(other);
    }
    for (const member of group) this.#open.set(member, group);
  }

  #isOpen(group: Set<number>): boolean {
    for (const member of group) return this.#open.get(member) === group;
    return false;
  }

  #fits(group: ReadonlySet<number>): boolean {
    const members = [...group].sort((a, b) => a - b);
    if (members.length > FUSED_OPS_MAX) return false;
    return tensorsOf(this.#program, members, this.#needers).count < this.#tensorsMax;
  }

  #close(group: Set<number>): void {
    if (!this.#isOpen(group)) return;
    for (const member of group) this.#open.delete(member);
    this.units.push([...group].sort((a, b) => a - b));
  }

  end(): void {
    for (const group of [...this.#open.values()]) this.#close(group);
  }
}

/** Operand axes of a fused op: null where element i is needed for element i. */
function operandAxes(program: Program, record: OpRecord, place: number): number[] | null {
  const shapes = record.inputs.map((ref) => shapeOfValue(program, ref));
  const strides = operandStrides(record.shape, shapes)[place];
  const axes = commonAxes(record.shape, strides, strides);
  const isPlain = axes.length === 0 || (axes.length === 1 && axes[0][1] === 1);
  return isPlain ? null : axes.flatMap(([size, stride]) => [size, stride]);
}

function operandOf(
  program: Program,
  members: ReadonlySet<number>,
  record: OpRecord,
  place: number,
): Operand {
  const ref = sourceOf(program, record.inputs[place]);
  if (ref.from === "op") {
    if (members.has(ref.index)) return { kind: "member", op: ref.index };
    const { op, attributes } = program.ops[ref.index];
    if (op === "constant") return { kind: "constant", bits: attributes[0] };
  }
  return { kind: "tensor", ref, axes: operandAxes(program, record, place) };
}

/** Tensors that a group reads, and members whose values others need. */
function tensorsOf(
  program: Program,
  members: readonly number[],
  needers: readonly ReadonlySet<number>[],
): {
  readonly read: ReadonlyMap<string, ValueRef>;
  readonly written: readonly number[];
  count: number;
} {
  const inside = new Set(members);
  const read = new Map<string, ValueRef>();
  for (const member of members) {
    const record = program.ops[member];
    for (const place of record.inputs.keys()) {
      const operand = operandOf(program, inside, record, place);
      if (operand.kind === "tensor") read.set(keyOf(operand.ref), operand.ref);
    }
  }
  const written = members.filter((member) => {
    for (const who of needers[member]) if (!inside.has(who)) return true;
    // A value that nobody needs is still what the last op of the group is for.
    return needers[member].size === 0;
  });
  return { read, written, count: read.size + written.length };
}

/**
 * The units of a program in an order in which they can be done.
 * @param tensorsMax  that a kernel may be bound to, its numbers counted as one
 */
export function fusedUnits(program: Program, tensorsMax: number): readonly Unit[] {
  const fusing = new Fusing(program, tensorsMax);
  for (const index of program.ops.keys()) fusing.add(index);
  fusing.end();
  return fusing.units;
}

/** A fused kernel in the making: its text, numbers and tensors. */
class Fused {
  readonly #lines: string[] = [];
  readonly #words: string[] = [];
  readonly #numbers: number[] = [];
  readonly #offsets = new Map<string, string>();

  number(value: number): string {
    this.#numbers.push(value);
    return `P[${this.#numbers.length}]`;
  }

  line(text: string, word: string): void {
    this.#lines.push(`  ${text}`);
    this.#words.push(word);
  }

  /** The WGSL of where an operand's element is. */
  index(axes: readonly number[] | null): string {
    if (axes === null) return "at";
    if (axes.length === 2 && axes[1] === 0) return "0u";
    const key = axes.join(" ");
    const known = this.#offsets.get(key);
    if (known !== undefined) return known;
    const name = `o${this.#offsets.size}`;
    this.#offsets.set(key, name);
    const terms: string[] = [];
    const all = axes.length / 2;
    this.line(`var ${name} = 0u;\n  {\n    var rest = at;`, `${name}/${all}`);
    for (let axis = 0; axis < all; axis += 1) {
      const size = this.number(axes[2 * axis]);
      const stride = this.number(axes[2 * axis + 1]);
      const isLast = axis === all - 1;
      terms.push(`    ${name} += ${isLast ? "rest" : `(rest % ${size})`} * ${stride};`);
      if (!isLast) terms.push(`    rest /= ${size};`);
    }
    this.line(`${terms.join("\n")}\n  }`, "");
    return name;
  }

  finish(reads: number, writes: number): { kernel: Kernel; numbers: readonly number[] } {
    const name = `fused ${reads}>${writes} ${this.#words.join(";")}`;
    const tensors = [
      ...Array.from({ length: reads }, (_, i) => `X${i}`),
      ...Array.from({ length: writes }, (_, i) => `Y${i}`),
    ];
    const access = "r".repeat(reads) + "w".repeat(writes);
    const body = this.#lines.join("\n");
    const kernel = elementKernel(name, tensors, access, [SOFT_FLOAT, ELEMENTARY], body);
    return { kernel, numbers: this.#numbers };
  }
}

/** Plans the ops of a unit as one dispatch. */
export function planFused(program: Program, unit: Unit, slotOf: (ref: ValueRef) => Slot): Dispatch {
  const inside = new Set(unit);
  const { read, written } = tensorsOf(program, unit, needersOfCached(program));
  const places = new Map([...read.keys()].map((key, i) => [key, `X${i}`]));
  const fused = new Fused();
  const loaded = new Map<string, string>();
  const nameOf = (operand: Operand): string => {
    if (operand.kind === "member") return `v${unit.indexOf(operand.op)}`;
    if (operand.kind === "constant") return fused.number(operand.bits);
    const tensor = places.get(keyOf(operand.ref));
    invariant(tensor !== undefined, "each tensor of a unit has its place");
    const text = `${tensor}[${fused.index(operand.axes)}]`;
    const known = loaded.get(text);
    if (known !== undefined) return known;
    const name = `t${loaded.size}`;
    loaded.set(text, name);
    fused.line(`let ${name} = ${text};`, `${name}=${text}`);
    return name;
  };
  for (const [i, member] of unit.entries()) {
    const record = program.ops[member];
    const names = record.inputs.map((_, place) =>
      nameOf(operandOf(program, inside, record, place)),
    );
    const expression = EXPRESSIONS.get(record.op);
    invariant(expression !== undefined, "only ops with an expression are fused");
    fused.line(
      `let v${i} = ${expression(names[0], names[1])};`,
      `v${i}=${record.op}(${names.join(",")})`,
    );
  }
  for (const [i, member] of written.entries()) {
    const name = `v${unit.indexOf(member)}`;
    fused.line(`Y${i}[at] = ${name};`, `Y${i}=${name}`);
  }
  const { kernel, numbers } = fused.finish(read.size, written.length);
  const slots = [
    ...[...read.values()].map(slotOf),
    ...written.map((index) => slotOf({ from: "op", index })),
  ];
  return overElements(kernel, sizeOf(program.ops[unit[0]].shape), numbers, slots);
}

const cached = new WeakMap<Program, readonly ReadonlySet<number>[]>();

function needersOfCached(program: Program): readonly ReadonlySet<number>[] {
  const known = cached.get(program) ?? needersOf(program);
  cached.set(program, known);
  return known;
}

/** Members of a unit whose values are written. */
export function writtenOf(program: Program, unit: Unit): readonly number[] {
  return tensorsOf(program, unit, needersOfCached(program)).written;
}
