import { describe, expect, it } from "vitest";
import { GraphStop, ProgramBuilder } from "../../../../src-main/engine/program/builder.ts";

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
