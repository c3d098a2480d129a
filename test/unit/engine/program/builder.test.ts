import { describe, expect, it } from "vitest";
import { OPS_MAX, STATES_MAX } from "../../../../src-main/engine/limits.ts";
import { GraphStop, ProgramBuilder } from "../../../../src-main/engine/program/builder.ts";

/** Code and facts of what stops the work. */
function stopOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    if (error instanceof GraphStop) return error.rejection;
    throw error;
  }
  return "none";
}

describe("ProgramBuilder", () => {
  it("makes each constant once", () => {
    const builder = new ProgramBuilder();
    const one = builder.filled(1, [2]);
    expect(builder.filled(1, [2])).toBe(one);
    expect(builder.filled(1, [3])).not.toBe(one);
    expect(builder.ops.length).toBe(2);
  });

  it("stops with the shape rule's own rejection", () => {
    const builder = new ProgramBuilder();
    const a = builder.filled(1, [2]);
    const b = builder.filled(1, [3]);
    expect(() => builder.op("add", [a, b])).toThrow(GraphStop);
    expect(() => builder.op("add", [a])).toThrow("as declared");
    expect(() => builder.filled(Number.NaN, [1])).toThrow("canonical");
  });

  it("holds no more ops and state tensors than a program may", () => {
    const builder = new ProgramBuilder();
    const one = builder.state("0", [1], { kind: "zeros" });
    for (let at = 1; at < STATES_MAX; at += 1) builder.state(`${at}`, [1], { kind: "zeros" });
    for (let at = 0; at < OPS_MAX; at += 1) builder.op("relu", [one]);
    const limit = (what: string, max: number) => {
      return { code: "ENGINE_LIMIT", facts: { what, value: max + 1, max } };
    };
    expect(stopOf(() => builder.state("more", [1], { kind: "zeros" }))).toEqual(
      limit("state tensors", STATES_MAX),
    );
    expect(stopOf(() => builder.op("relu", [one]))).toEqual(limit("ops", OPS_MAX));
    expect(builder.ops.length).toBe(OPS_MAX);
  });

  it("updates a state once, in state order", () => {
    const builder = new ProgramBuilder();
    const first = builder.state("a", [1], { kind: "zeros" });
    const second = builder.state("b", [1], { kind: "zeros" });
    builder.update(second, first);
    builder.update(first, second);
    expect(builder.finish().updates.map(({ state }) => state)).toEqual([0, 1]);
    expect(() => {
      builder.update(first, second);
    }).toThrow("once");
  });
});
