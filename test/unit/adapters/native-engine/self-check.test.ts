import { describe, expect, it } from "vitest";
import {
  differingElement,
  selfCheck,
} from "../../../../src-main/adapters/native-engine/self-check.ts";
import { ReferenceBackend } from "../../../../src-main/engine/index.ts";
import { floatOfBits } from "../../../../src-main/engine/canon.ts";
import { logOf } from "../../../../src-main/engine/elementary/log.ts";
import type { EngineBackend } from "../../../../src-main/ports/engine-backend.ts";

/** Exact but for the log of numbers whose exponent is taken off whole: that one is `wrongLog`. */
function withLog(wrongLog: (x: number) => number): EngineBackend {
  const inner = new ReferenceBackend();
  return {
    name: inner.name,
    variant: "another log",
    open: async (programBytes) => {
      const session = await inner.open(programBytes);
      const states: Float32Array[] = [];
      const isLog = /\blog\b/u.test(new TextDecoder("latin1").decode(programBytes));
      return {
        upload: (state, values) => {
          states[state] = values.slice();
          return session.upload(state, values);
        },
        run: (step, batch) => session.run(step, batch),
        download: (state) => session.download(state),
        value: (op) => session.value(op),
        output: (output) =>
          isLog ? Promise.resolve(states[0].map(wrongLog)) : session.output(output),
        close: () => session.close(),
      };
    },
  };
}

/** The coefficients of NUMERICS.md, "log". */
const COEFFICIENTS = [
  0x3d9021bb, 0xbdebd1b8, 0x3def251a, 0xbdfe5d4f, 0x3e11e9bf, 0xbe2aae50, 0x3e4cceac, 0xbe7ffffc,
  0x3eaaaaaa,
];

/** log as written there with these coefficients, where no exponent is taken off. */
function polynomialLog(x: number, coefficients: readonly number[]): number {
  if (x < Math.SQRT1_2 || x >= Math.SQRT2) return logOf(x);
  const { fround } = Math;
  const f = fround(x - 1);
  const z = fround(f * f);
  let p = floatOfBits(coefficients[0]);
  for (const bits of coefficients.slice(1)) p = fround(fround(p * f) + floatOfBits(bits));
  return fround(f + fround(fround(fround(p * f) * z) - fround(z * 0.5)));
}

describe("self-check", () => {
  it("finds nothing wrong with the reference itself", async () => {
    expect(await selfCheck(new ReferenceBackend())).toEqual([]);
  });

  it("finds a wrong last bit in the last coefficient of log", async () => {
    const wrong = [...COEFFICIENTS.slice(0, -1), COEFFICIENTS[COEFFICIENTS.length - 1] ^ 1];
    expect(await selfCheck(withLog((x) => polynomialLog(x, COEFFICIENTS)))).toEqual([]);
    expect(await selfCheck(withLog((x) => polynomialLog(x, wrong)))).toEqual(["log"]);
  });

  it("tells apart values that compare equal as numbers", () => {
    expect(differingElement(Float32Array.of(1, 0), Float32Array.of(1, -0))).toBe(1);
    expect(differingElement(Float32Array.of(1, 0), Float32Array.of(1, 0))).toBe(-1);
    expect(differingElement(Float32Array.of(1), Float32Array.of(1, 0))).toBe(1);
  });
});
