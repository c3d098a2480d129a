import { describe, expect, it } from "vitest";
import { createNativeBackend } from "../../../src-main/adapters/native-engine/index.ts";
import { attributeOf, checkRandom } from "../../../src-main/adapters/native-engine/check-random.ts";
import { elementCount, encodeProgram, floatOfBits } from "../../../src-main/engine/index.ts";
import type { OpRecord, Program, Shape, ValueRef } from "../../../src-main/engine/index.ts";
import type { EngineBackend } from "../../../src-main/ports/engine-backend.ts";
import { allValues, differencesOfVariants, nativeVariants } from "./cases.ts";

const PROGRAMS = process.env["VIVIAN_FULL"] === "1" ? 400 : 50;

/** Which outputs a program shows: what is shown has to be kept. */
const SHOWN = [
  ["mix"],
  ["mix", "totals"],
  ["mix", "powers", "totals"],
  ["mix", "shifted"],
] as const;

interface AttentionCase {
  readonly program: Program;
  readonly states: readonly Float32Array[];
}

/** Attention as the composite writes it, on queries, keys and values that hurt or are tame. */
function attentionCase(seed: number): AttentionCase {
  const random = checkRandom(seed);
  const elements = random.pick([1, 2, 5]);
  const [rows, columns] = [random.pick([2, 3, 15, 31, 40]), random.pick([2, 14, 17, 33, 47])];
  const [depth, width] = [random.pick([1, 2, 7, 16, 33]), random.pick([1, 5, 16, 31, 40])];
  const profile = random.pick([0, 0, 2]);
  const shapes: Shape[] = [
    [elements, rows, depth],
    [elements, columns, depth],
    [elements, columns, width],
  ];
  const area = [elements, rows, columns];
  const line = [elements, rows, 1];
  const masked = random.below(8) === 0 ? random.tensor(1)[0] : floatOfBits(0xdd800000);
  const ops: OpRecord[] = [{ op: "load", inputs: [], attributes: [0], shape: [1, 2] }];
  const state = (index: number): ValueRef => ({ from: "state", index });
  const append = (op: string, inputs: ValueRef[], attributes: number[], shape: Shape): ValueRef => {
    ops.push({ op, inputs, attributes, shape });
    return { from: "op", index: ops.length - 1 };
  };
  const scores = append("batch-matmul", [state(0), state(1)], [profile, 0, 1], area);
  const offset = random.pick([0, 0, 0, 1, 4, -1]);
  const mask = append("causal-mask", [scores], [offset, attributeOf(masked)], area);
  const largest = append("max", [mask], [2], line);
  const shifted = append("sub", [mask, largest], [], area);
  const powers = append("exp", [shifted], [], area);
  const totals = append("sum", [powers], [2], line);
  const mix = append("batch-matmul", [powers, state(2)], [profile, 0, 0], shapes[2].with(1, rows));
  const y = append("div", [mix, totals], [], ops[mix.index].shape);
  const named = { mix, totals, powers, shifted };
  const outputs = SHOWN[seed % SHOWN.length].map((name) => ({ name, value: named[name] }));
  const scale = random.pick([1, 0.01, undefined]);
  const states = shapes.map((shape) => {
    const values = random.tensor(elementCount(shape));
    if (scale === undefined) return values;
    return values.map(() => Math.fround(((random.below(2_001) - 1_000) / 1_000) * scale));
  });
  return {
    program: {
      states: shapes.map((shape, index) => {
        return { name: `state ${index}`, shape, initialiser: { kind: "zeros" } };
      }),
      ops,
      updates: [],
      outputs: [...outputs, { name: "y", value: y }],
    },
    states,
  };
}

async function resultsOf(backend: EngineBackend, { program, states }: AttentionCase) {
  const session = await backend.open(encodeProgram(program));
  for (const [index, values] of states.entries()) await session.upload(index, values);
  await session.run(1, new Uint8Array(2));
  const found: Float32Array[] = [];
  for (const index of program.outputs.keys()) found.push(await session.output(index));
  found.push(...(await allValues(session, program)));
  session.close();
  return found;
}

describe("causal attention in one launch", () => {
  it(`gives the composite's bytes, ${PROGRAMS} programs on every variant`, async () => {
    const differences: string[] = [];
    for (let seed = 1; seed <= PROGRAMS; seed += 1) {
      const one = attentionCase(seed);
      const results = (backend: EngineBackend) => resultsOf(backend, one);
      differences.push(...(await differencesOfVariants(`program ${seed}`, results)));
    }
    expect(differences).toEqual([]);
  });

  it.skipIf(nativeVariants.length === 0)(
    "is one launch, but where more of it is shown",
    async () => {
      const fused = new Set<string>();
      for (let seed = 1; seed <= PROGRAMS; seed += 1) {
        const { program, states } = attentionCase(seed);
        const session = await createNativeBackend({ threads: 1 }).open(encodeProgram(program));
        for (const [index, values] of states.entries()) await session.upload(index, values);
        const names = session.profiledRun(1, new Uint8Array(2)).map(({ op }) => op);
        session.close();
        const isOne = names.includes("causal-attention");
        fused.add(`${SHOWN[seed % SHOWN.length].join(" ")}: ${isOne}`);
      }
      for (const shown of ["mix", "mix totals", "mix powers totals"]) {
        expect([...fused]).toContain(`${shown}: true`);
      }
      expect([...fused]).not.toContain("mix shifted: true");
    },
  );
});
