import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Program } from "../../../../src-main/engine/program/program.ts";
import {
  decodeState,
  encodeState,
  encodeStateInto,
  stateBytesSize,
  stateViews,
} from "../../../../src-main/engine/state/state-bytes.ts";
import { numbers } from "../../../generators/canonical-numbers.ts";

const zeros = { kind: "zeros" } as const;
const program: Program = {
  states: [
    { name: "a", shape: [2, 3], initialiser: zeros },
    { name: "b", shape: [1], initialiser: zeros },
  ],
  ops: [],
  updates: [],
  outputs: [],
};

function codeOf(bytes: Uint8Array): string {
  const decoded = decodeState(program, bytes);
  return decoded.ok ? "accepted" : decoded.rejection.code;
}

describe("state bytes", () => {
  it("come back as the same state", () => {
    fc.assert(
      fc.property(numbers(6), numbers(1), (a, b) => {
        const bytes = encodeState(program, [a, b]);
        expect(bytes.length).toBe(stateBytesSize(program));
        expect(decodeState(program, bytes)).toEqual({ ok: true, value: [a, b] });
      }),
    );
  });

  it("are the same when the numbers stand in them already, or in part", () => {
    fc.assert(
      fc.property(numbers(6), numbers(1), (a, b) => {
        const bytes = new Uint8Array(stateBytesSize(program)).fill(0xff);
        const views = stateViews(program, bytes);
        if (views === undefined) return;
        views[0].set(a);
        views[1].set(b);
        encodeStateInto(program, [views[0], b], bytes);
        expect(bytes).toEqual(encodeState(program, [a, b]));
        encodeStateInto(program, views, bytes);
        expect(bytes).toEqual(encodeState(program, [a, b]));
      }),
    );
  });

  it("are refused with another size, version or shape", () => {
    const bytes = encodeState(program, [new Float32Array(6), new Float32Array(1)]);
    expect(codeOf(bytes)).toBe("accepted");
    expect(codeOf(bytes.subarray(1))).toBe("ENGINE_STATE_BYTES");
    expect(codeOf(bytes.with(0, 2))).toBe("ENGINE_STATE_BYTES");
    expect(codeOf(bytes.with(12, 3))).toBe("ENGINE_STATE_BYTES");
  });

  it("are refused with a planted NaN, -0, infinity or subnormal", () => {
    for (const wrong of [Number.NaN, -0, Number.NEGATIVE_INFINITY, 1e-40, 2 ** 61]) {
      const bytes = encodeState(program, [new Float32Array(6), Float32Array.of(wrong)]);
      expect(codeOf(bytes)).toBe("ENGINE_NUMBER");
    }
  });
});
