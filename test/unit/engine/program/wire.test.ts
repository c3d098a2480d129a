import { describe, expect, it } from "vitest";
import { concatBytes } from "../../../../src-main/contract/bytes.ts";
import { compileTraining } from "../../../../src-main/engine/compile.ts";
import { DIGITS_CNN } from "../../../../src-main/engine/models/digits-cnn.ts";
import type { Program } from "../../../../src-main/engine/program/program.ts";
import {
  decodeProgram,
  encodeOpRecord,
  encodeProgram,
  encodeSections,
} from "../../../../src-main/engine/program/wire.ts";

const small: Program = {
  states: [{ name: "w", shape: [2], initialiser: { kind: "uniform", boundBits: 0x3f800000 } }],
  ops: [
    { op: "load", inputs: [], attributes: [0], shape: [1, 2] },
    { op: "constant", inputs: [], attributes: [-0x40800000], shape: [2] },
    {
      op: "add",
      inputs: [
        { from: "state", index: 0 },
        { from: "op", index: 1 },
      ],
      attributes: [],
      shape: [2],
    },
  ],
  updates: [{ state: 0, value: { from: "op", index: 2 } }],
  outputs: [{ name: "y", value: { from: "op", index: 2 } }],
};

const word = (...values: number[]): Uint8Array => new Uint8Array(Uint32Array.from(values).buffer);
const ascii = (text: string): Uint8Array =>
  concatBytes(word(text.length), new TextEncoder().encode(text));

describe("program wire", () => {
  it("writes exactly the bytes of the format", () => {
    const expected = concatBytes(
      word(1),
      word(1),
      ascii("w"),
      word(1, 2),
      Uint8Array.of(2),
      word(0x3f800000),
      word(3),
      ascii("load"),
      word(0, 1, 0, 2, 1, 2),
      ascii("constant"),
      word(0, 1, 0xbf800000, 1, 2),
      ascii("add"),
      word(2, 0x80000000, 1, 0, 1, 2),
      word(1, 0, 2),
      word(1),
      ascii("y"),
      word(2),
    );
    expect(encodeProgram(small)).toEqual(expected);
  });

  it("reads back what it wrote", () => {
    const compiled = compileTraining(DIGITS_CNN);
    if (!compiled.ok) throw new Error(compiled.rejection.code);
    for (const program of [small, compiled.value]) {
      expect(decodeProgram(encodeProgram(program))).toEqual({ ok: true, value: program });
    }
  });

  it("cuts into the parts the hash is made of, with nothing left over", () => {
    const [states, updates, outputs] = encodeSections(small);
    const ops = concatBytes(word(3), ...small.ops.map(encodeOpRecord));
    expect(concatBytes(word(1), states, ops, updates, outputs)).toEqual(encodeProgram(small));
  });

  it("refuses trailing bytes, another version and zeros with bits", () => {
    const bytes = encodeProgram(small);
    const codeOf = (changed: Uint8Array): string => {
      const decoded = decodeProgram(changed);
      return decoded.ok ? "accepted" : decoded.rejection.code;
    };
    expect(codeOf(bytes)).toBe("accepted");
    expect(codeOf(concatBytes(bytes, Uint8Array.of(0)))).toBe("CODEC_TRAILING");
    expect(codeOf(bytes.subarray(0, bytes.length - 1))).toBe("CODEC_TRUNCATED");
    expect(codeOf(bytes.with(0, 2))).toBe("CODEC_VALUE");
    const kindAt = 8 + 5 + 8;
    expect(bytes[kindAt]).toBe(2);
    expect(codeOf(bytes.with(kindAt, 0))).toBe("CODEC_VALUE");
    expect(codeOf(bytes.with(kindAt, 3))).toBe("CODEC_VALUE");
    expect(codeOf(bytes.with(8, 65))).toBe("CODEC_LIMIT");
    expect(codeOf(new Uint8Array(4_194_305))).toBe("ENGINE_LIMIT");
  });
});
