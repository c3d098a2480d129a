import { describe, expect, it } from "vitest";
import {
  deviceOps,
  planProgram,
} from "../../../../src-main/adapters/webgpu-engine/plan-program.ts";
import {
  PLAIN_PRODUCTS,
  productCandidates,
} from "../../../../src-main/adapters/webgpu-engine/race.ts";
import { packKernel } from "../../../../src-main/adapters/webgpu-engine/wgsl/pack-kernels.ts";
import { opNames } from "../../../../src-main/engine/index.ts";
import { checkCase } from "../../../../src-main/adapters/native-engine/check-cases.ts";
import type { OpRecord, Program } from "../../../../src-main/engine/index.ts";

/** Float types and literals of WGSL. */
const FLOATS = /\bf(?:16|32)\b|\b\d+\.\d*|\b\d+[fh]\b/u;

/** Where f32 may stand in a kernel of whole numbers: zeros, what was packed, sums made integers. */
const WHOLE_LINES = [
  /^var<workgroup> tile_words: array<vec4<f32>, \d+>;$/u,
  /^ *(?:var )?[hl]\d = vec4<f32>\(\);$/u,
  /^ *tile_words\[[^\]]+\] = bitcast<vec4<f32>>\(next\[i\]\);$/u,
];

const planners = deviceOps({ choices: PLAIN_PRODUCTS, gathers: false, tensorsMax: 8 });

const state = (name: string, shape: readonly number[]) =>
  ({ name, shape, initialiser: { kind: "zeros" } }) as const;

const LOAD: OpRecord = { op: "load", inputs: [], attributes: [0], shape: [1, 2] };

function program(parts: Partial<Program>): Program {
  return { states: [], ops: [LOAD], updates: [], outputs: [], ...parts };
}

describe("plan-program", () => {
  it("has every op of the engine on the device but load and reshape, which need none", () => {
    expect(opNames().filter((name) => !planners.has(name))).toEqual(["load", "reshape"]);
  });

  it("has no float in any kernel but those of whole numbers in f32", () => {
    const seen = new Set<string>();
    for (const op of opNames()) {
      for (let seed = 1; seed <= 20; seed += 1) {
        const { each, once } = planProgram(checkCase(op, seed, 200).program, { planners });
        for (const { kernel } of [...each, ...once]) {
          seen.add(kernel.name);
          expect(kernel.code.replace(/\/\/.*$/gmu, "")).not.toMatch(FLOATS);
        }
      }
    }
    expect(seen.size).toBeGreaterThan(40);
    expect("let x: f32 = 1.0 + 2f;").toMatch(FLOATS);
  });

  it("has a float of the two kinds that hold whole numbers, and none of its literals", () => {
    const device = { hasLanguageFeature: () => true, traits: { hasMatrices: true } };
    const { wide, narrow } = productCandidates(device);
    for (const { name, kernel, packings } of [...wide, ...narrow]) {
      const isWhole = packings.includes("whole");
      expect([name, FLOATS.test(kernel.code.replace(/\/\/.*$/gmu, ""))]).toEqual([name, isWhole]);
      if (!isWhole) continue;
      // Registers of zero, products of what was packed, and nothing that could have a fraction.
      const code = kernel.code.replace(/ *\/\/.*$/gmu, "");
      const lines = code.split("\n").filter((line) => /f32/u.test(line));
      const others = lines.filter((line) => !WHOLE_LINES.some((form) => form.test(line)));
      expect(others).toEqual([]);
      expect(lines.length).toBeGreaterThan(4);
    }
    for (const packing of ["whole", "digits"] as const) {
      const { code } = packKernel(packing, "matrix", false);
      const lines = code.split("\n").filter((line) => FLOATS.test(line.replace(/\/\/.*$/u, "")));
      for (const line of lines)
        expect(line).toMatch(
          /= bitcast<u32>\(f32\((?:integer_at\(element, line, exponent, word\)|high|low)\)\);$/u,
        );
    }
  });

  it("gives whatever is reshaped the same memory", () => {
    const ops: OpRecord[] = [
      LOAD,
      { op: "reshape", inputs: [{ from: "op", index: 0 }], attributes: [], shape: [2] },
      { op: "reshape", inputs: [{ from: "state", index: 0 }], attributes: [], shape: [6] },
    ];
    const plan = planProgram(program({ states: [state("x", [2, 3])], ops }), { planners });
    expect(plan.values[1]).toBe(plan.values[0]);
    expect(plan.values[2]).toBe(plan.states[0]);
  });

  it("leaves each state where no other value of the step is", () => {
    const states = ["x", "y", "z", "w"].map((name) => state(name, [2]));
    const ops: OpRecord[] = [
      LOAD,
      { op: "relu", inputs: [{ from: "state", index: 0 }], attributes: [], shape: [2] },
    ];
    const updates = [
      { state: 0, value: { from: "state", index: 1 } },
      { state: 1, value: { from: "state", index: 0 } },
      { state: 2, value: { from: "op", index: 1 } },
      { state: 3, value: { from: "op", index: 1 } },
    ] as const;
    const plan = planProgram(program({ states, ops, updates }), { planners });
    expect(plan.twins.map(([from]) => from)).toEqual(plan.states);
    expect(new Set(plan.twins.flat()).size).toBe(8);
    // The third is made where it is left; the fourth needs a copy of it.
    expect(plan.twins[2][1]).toBe(plan.values[1]);
    expect(plan.updates.map(({ from }) => from)).toEqual([
      plan.states[1],
      plan.states[0],
      plan.values[1],
    ]);
    expect(plan.updates.map(({ to }) => to)).toEqual([0, 1, 3].map((i) => plan.twins[i][1]));
  });

  it("runs constants once and everything else in each step", () => {
    const ops: OpRecord[] = [
      LOAD,
      { op: "constant", inputs: [], attributes: [0x3f800000], shape: [4] },
      { op: "relu", inputs: [{ from: "op", index: 1 }], attributes: [], shape: [4] },
    ];
    const { once, each } = planProgram(program({ ops }), { planners });
    expect([once, each].map((list) => list.map(({ kernel }) => kernel.name))).toEqual([
      ["constant"],
      ["relu"],
    ]);
  });

  it("refuses an op that no planner knows with the engine's code", () => {
    const ops = [
      LOAD,
      { op: "relu", inputs: [{ from: "op", index: 0 } as const], attributes: [], shape: [1, 2] },
    ];
    expect(() => planProgram(program({ ops }), { planners: new Map() })).toThrow(/relu/u);
  });
});
