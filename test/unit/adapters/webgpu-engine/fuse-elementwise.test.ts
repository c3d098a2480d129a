import { describe, expect, it } from "vitest";
import { fusedUnits } from "../../../../src-main/adapters/webgpu-engine/fuse-elementwise.ts";
import {
  deviceOps,
  planProgram,
} from "../../../../src-main/adapters/webgpu-engine/plan-program.ts";
import { PLAIN_PRODUCTS } from "../../../../src-main/adapters/webgpu-engine/race.ts";
import { compileTraining } from "../../../../src-main/engine/index.ts";
import type { OpRecord, Program, ValueRef } from "../../../../src-main/engine/index.ts";
import { STANDARD_STEPS } from "../../../../src-main/miner/calibration/standard-steps.ts";

const planners = deviceOps({ choices: PLAIN_PRODUCTS, gathers: true, tensorsMax: 16 });

const op = (index: number): ValueRef => ({ from: "op", index });

const X: ValueRef = { from: "state", index: 0 };

const record = (name: string, inputs: readonly ValueRef[], shape = [4]): OpRecord => {
  return { op: name, inputs, attributes: [], shape };
};

function program(ops: readonly OpRecord[], outputs: readonly number[]): Program {
  const load: OpRecord = { op: "load", inputs: [], attributes: [0], shape: [1, 2] };
  return {
    states: [{ name: "x", shape: [4], initialiser: { kind: "zeros" } }],
    ops: [load, ...ops],
    updates: [],
    outputs: outputs.map((index) => ({ name: `y${index}`, value: op(index) })),
  };
}

const unitsOf = (ops: readonly OpRecord[], outputs: readonly number[], tensorsMax = 8) =>
  fusedUnits(program(ops, outputs), tensorsMax).slice(1);

describe("fuse-elementwise", () => {
  it("makes one unit of ops that need each other's elements", () => {
    const ops = [record("relu", [X]), record("sqrt", [X]), record("add", [op(1), op(2)])];
    expect(unitsOf(ops, [3])).toEqual([[1, 2, 3]]);
  });

  it("goes through a reshape and stops where elements lie otherwise", () => {
    const ops = [
      record("relu", [X]),
      record("reshape", [op(1)], [2, 2]),
      record("sqrt", [op(2)], [2, 2]),
      record("sum", [op(3)], [1, 2]),
      record("add", [op(3), op(4)], [2, 2]),
    ];
    expect(unitsOf(ops, [5])).toEqual([[1, 3], [4], [5]]);
  });

  it("keeps to the tensors that a kernel may be bound to", () => {
    const ops = [record("relu", [X]), record("sqrt", [op(1)]), record("exp", [op(2)])];
    expect(unitsOf(ops, [1, 2, 3], 8)).toEqual([[1, 2, 3]]);
    expect(unitsOf(ops, [1, 2, 3], 4)).toEqual([[1, 2], [3]]);
  });

  it("does everything once, after what it needs, and writes all that is kept", () => {
    for (const [name, model] of Object.entries(STANDARD_STEPS)) {
      const compiled = compileTraining(model);
      if (!compiled.ok) throw new Error(name);
      const { value } = compiled;
      const done = new Set<number>();
      const isDone = (ref: ValueRef): boolean =>
        ref.from === "state" ||
        done.has(ref.index) ||
        (value.ops[ref.index].op === "reshape" && isDone(value.ops[ref.index].inputs[0]));
      for (const unit of fusedUnits(value, 16)) {
        for (const index of unit) {
          expect(done.has(index)).toBe(false);
          expect(value.ops[index].inputs.filter((ref) => !isDone(ref))).toEqual([]);
          done.add(index);
        }
      }
      expect(done.size).toBe(value.ops.filter((one) => one.op !== "reshape").length);
      const plan = planProgram(value, { planners, tensorsMax: 16 });
      for (const { value: ref } of [...value.updates, ...value.outputs]) {
        if (ref.from === "op") expect(plan.values[ref.index]).toBeDefined();
      }
      expect(Math.max(...plan.each.map(({ slots }) => slots.length))).toBeLessThan(16);
    }
  });
});
