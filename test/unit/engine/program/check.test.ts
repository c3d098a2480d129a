import { describe, expect, it } from "vitest";
import { compileTraining } from "../../../../src-main/engine/compile.ts";
import { DIGITS_TINY } from "../../../../src-main/engine/models/digits-tiny.ts";
import { checkProgram, openProgram } from "../../../../src-main/engine/program/check.ts";
import type { OpRecord, Program } from "../../../../src-main/engine/program/program.ts";
import { encodeProgram } from "../../../../src-main/engine/program/wire.ts";

function tiny(): Program {
  const compiled = compileTraining(DIGITS_TINY);
  if (!compiled.ok) throw new Error(compiled.rejection.code);
  return compiled.value;
}

function codeOf(changed: Partial<Program>): string {
  const checked = checkProgram({ ...tiny(), ...changed });
  return checked.ok ? "accepted" : checked.rejection.code;
}

/** The tiny program with one op changed. */
function withOp(name: string, change: Partial<OpRecord>): Partial<Program> {
  const { ops } = tiny();
  const index = ops.findIndex(({ op }) => op === name);
  return { ops: ops.with(index, { ...ops[index], ...change }) };
}

describe("checkProgram", () => {
  it("accepts what the compiler makes, also through its bytes", () => {
    expect(codeOf({})).toBe("accepted");
    expect(openProgram(encodeProgram(tiny()))).toEqual({ ok: true, value: tiny() });
  });

  it("refuses op 0 without load, and a second load", () => {
    expect(codeOf({ ops: [] })).toBe("ENGINE_PROGRAM");
    expect(codeOf({ ops: tiny().ops.slice(1) })).toBe("ENGINE_PROGRAM");
    const [load] = tiny().ops;
    expect(codeOf({ ops: [...tiny().ops, load] })).toBe("ENGINE_PROGRAM");
  });

  it("refuses unknown ops, forward references and wrong counts of inputs", () => {
    expect(codeOf(withOp("relu", { op: "swish" }))).toBe("ENGINE_UNKNOWN_OP");
    const last = tiny().ops.length - 1;
    expect(codeOf(withOp("relu", { inputs: [{ from: "op", index: last }] }))).toBe(
      "ENGINE_REFERENCE",
    );
    expect(codeOf(withOp("relu", { inputs: [{ from: "state", index: 99 }] }))).toBe(
      "ENGINE_REFERENCE",
    );
    expect(codeOf(withOp("relu", { inputs: [] }))).toBe("ENGINE_REFERENCE");
  });

  it("refuses a record whose shape is not the op's", () => {
    expect(codeOf(withOp("matmul", { shape: [32, 11] }))).toBe("ENGINE_SHAPE");
    expect(codeOf(withOp("reshape", { shape: [] }))).toBe("ENGINE_SHAPE");
    expect(codeOf(withOp("constant", { shape: [65_536, 65_536] }))).toBe("ENGINE_LIMIT");
    expect(codeOf(withOp("conv2d", { attributes: [0, 1] }))).toBe("ENGINE_ATTRIBUTE");
  });

  it("refuses states without form", () => {
    const { states } = tiny();
    const [first] = states;
    const changed = (change: Partial<typeof first>) => ({
      states: states.with(0, { ...first, ...change }),
    });
    expect(codeOf(changed({ name: "" }))).toBe("ENGINE_PROGRAM");
    expect(codeOf(changed({ name: states[1].name }))).toBe("ENGINE_PROGRAM");
    expect(codeOf(changed({ shape: [] }))).toBe("ENGINE_SHAPE");
    expect(codeOf(changed({ shape: [0, 3] }))).toBe("ENGINE_SHAPE");
    const nan = { kind: "constant", bits: 0x7fc00000 } as const;
    expect(codeOf(changed({ initialiser: nan }))).toBe("ENGINE_NUMBER");
    const negative = { kind: "uniform", boundBits: 0xbf800000 } as const;
    expect(codeOf(changed({ initialiser: negative }))).toBe("ENGINE_PROGRAM");
  });

  it("refuses updates and outputs that do not fit", () => {
    const { updates, outputs } = tiny();
    expect(codeOf({ updates: [...updates, updates[0]] })).toBe("ENGINE_REFERENCE");
    expect(codeOf({ updates: updates.toReversed() })).toBe("ENGINE_REFERENCE");
    expect(codeOf({ updates: [{ state: 0, value: { from: "op", index: 0 } }] })).toBe(
      "ENGINE_SHAPE",
    );
    expect(codeOf({ outputs: [outputs[0], outputs[0]] })).toBe("ENGINE_PROGRAM");
    expect(codeOf({ outputs: [{ name: "x", value: { from: "state", index: 0 } }] })).toBe(
      "ENGINE_REFERENCE",
    );
  });
});
