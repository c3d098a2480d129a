import { describe, expect, it } from "vitest";
import type { ProgramBuilder } from "../../../../src-main/engine/program/builder.ts";
import type { GraphValue } from "../../../../src-main/engine/ops/op.ts";
import { opNamed, opNames } from "../../../../src-main/engine/ops/registry.ts";
import { compileTraining } from "../../../../src-main/engine/compile.ts";
import { initialStates } from "../../../../src-main/engine/random/initialise.ts";
import { evaluateStep, updatedStates } from "../../../../src-main/engine/reference/evaluate.ts";
import {
  TOLERANCE,
  checkGradients,
  difference,
  expectClose,
  largest,
} from "../../../generators/gradient-check.ts";

const seed = new Uint8Array(32).fill(5);

type Build = (builder: ProgramBuilder, states: GraphValue[]) => GraphValue;

/** Checks d sum(y) / d state for a [2, 3], b [1, 3] and c [3, 2]; gives the forward ops back. */
function checkGraph(build: Build, tolerance: number = TOLERANCE.I14): ReadonlySet<string> {
  return checkGradients(
    build,
    [
      [2, 3],
      [1, 3],
      [3, 2],
    ],
    tolerance,
  );
}

/** a is [2, 3], b [1, 3], c [3, 2]; all about 1 to 2. An image is made of a, a filter of c. */
const imageOf = (g: ProgramBuilder, a: GraphValue) => g.op("reshape", [a], [], [1, 2, 3, 1]);
const filterOf = (g: ProgramBuilder, c: GraphValue) => g.op("reshape", [c], [], [1, 3, 1, 2]);
const squared = (g: ProgramBuilder, y: GraphValue) => g.op("mul", [y, y]);

/** One graph at least for each op that has a gradient, where its own rule decides the result. */
const CASES: Readonly<Record<string, readonly Build[]>> = {
  add: [
    (g, [a, b]) => squared(g, g.op("add", [a, b])),
    (g, [a]) => squared(g, g.op("add", [a, a])),
  ],
  sub: [(g, [a, b]) => squared(g, g.op("sub", [b, a]))],
  mul: [(g, [a, b]) => g.op("mul", [a, b]), (g, [a, b]) => g.op("mul", [b, squared(g, a)])],
  div: [(g, [a, b]) => g.op("div", [a, b]), (g, [a, b]) => g.op("div", [b, squared(g, a)])],
  sqrt: [(g, [a]) => squared(g, g.op("sqrt", [squared(g, a)]))],
  exp: [(g, [a]) => squared(g, g.op("exp", [a]))],
  log: [(g, [a]) => squared(g, g.op("log", [a]))],
  relu: [(g, [a]) => squared(g, g.op("relu", [g.op("sub", [a, g.filled(1.5, [2, 3])])]))],
  bias: [
    (g, [a, b]) => squared(g, g.op("bias", [a, g.op("reshape", [b], [], [3])])),
    (g, [a, b]) =>
      squared(g, g.op("bias", [imageOf(g, a), g.op("reshape", [g.op("sum", [b], [1])], [], [1])])),
  ],
  reshape: [(g, [a, , c]) => g.op("mul", [g.op("reshape", [a], [], [3, 2]), c])],
  transpose: [
    (g, [a, , c]) => g.op("mul", [g.op("transpose", [a], [1, 0]), c]),
    (g, [a]) => squared(g, g.op("transpose", [imageOf(g, a)], [2, 3, 0, 1])),
  ],
  sum: [0, 1].map(
    (axis): Build =>
      (g, [a]) =>
        g.op("mul", [g.op("sum", [a], [axis]), a]),
  ),
  mean: [0, 1].map(
    (axis): Build =>
      (g, [a]) =>
        g.op("mul", [g.op("mean", [a], [axis]), a]),
  ),
  matmul: [0, 1].map(
    (profile): Build =>
      (g, [a, , c]) =>
        squared(g, g.op("matmul", [a, c], [profile])),
  ),
  conv2d: [
    (g, [a, , c]) => squared(g, g.op("conv2d", [imageOf(g, a), filterOf(g, c)], [0, 1, 1])),
    (g, [a, , c]) => squared(g, g.op("conv2d", [imageOf(g, a), filterOf(g, c)], [0, 2, 2])),
  ],
  "max-pool": [
    (g, [a]) => squared(g, g.op("max-pool", [imageOf(g, a)], [2, 2])),
    (g, [a]) => squared(g, g.op("max-pool", [imageOf(g, a)], [1, 2])),
  ],
};

/** a as a batch of one matrix, stored rows first or columns first. */
const batchOf = (g: ProgramBuilder, a: GraphValue, flag: number) =>
  g.op(
    "reshape",
    [flag === 1 ? g.op("transpose", [a], [1, 0]) : a],
    [],
    [1, ...(flag === 1 ? [...a.shape].reverse() : a.shape)],
  );

const wave =
  (name: string): Build =>
  (g, [a, b]) =>
    g.op("mul", [g.op(name, [g.op("sub", [a, g.filled(1.25, [2, 3])])]), b]);

/** Ops for sequences, likewise. */
const SEQUENCE_CASES: Readonly<Record<string, readonly Build[]>> = {
  slice: [
    (g, [a]) => squared(g, g.op("slice", [a], [1, 1, 2])),
    (g, [a]) => squared(g, g.op("slice", [a], [0, 0, 1])),
  ],
  pad: [(g, [a, , c]) => g.op("mul", [g.op("pad", [a], [0, 1, 0]), g.op("pad", [c], [1, 0, 1])])],
  "batch-matmul": [0, 1, 2, 3].flatMap((flags) =>
    [0, 1].map((profile): Build => {
      const [aFlag, bFlag] = [flags % 2, Math.floor(flags / 2)];
      return (g, [a, , c]) => {
        const operands = [batchOf(g, a, aFlag), batchOf(g, c, bFlag)];
        return squared(g, g.op("batch-matmul", operands, [profile, aFlag, bFlag]));
      };
    }),
  ),
  embedding: [
    (g, [a, b]) => {
      // Tokens 0, 1 and 2 along the axis, then all of them 0: rows of c's kind of table.
      const tokens = g.op("range", [], [1], [2, 3]);
      const table = g.op("transpose", [a], [1, 0]);
      const rows = g.op("embedding", [table, g.op("mul", [tokens, g.filled(1, [2, 1])])]);
      const none = g.op("embedding", [table, g.filled(7, [3])]);
      const mixed = g.op("mul", [rows, g.op("reshape", [b], [], [1, 3, 1])]);
      return g.op("add", [squared(g, mixed), g.op("reshape", [none], [], [1, 3, 2])]);
    },
  ],
  sigmoid: [wave("sigmoid")],
  tanh: [wave("tanh")],
  erf: [wave("erf")],
  gelu: [wave("gelu")],
  sin: [wave("sin")],
  cos: [wave("cos")],
  "causal-mask": [
    (g, [a]) => squared(g, g.op("causal-mask", [a], [0, 0x3f800000])),
    (g, [a, b]) => g.op("mul", [g.op("causal-mask", [a], [-1, 0]), b]),
  ],
};

const ALL_CASES = { ...CASES, ...SEQUENCE_CASES };

/** Products in 8 bits, whose gradients are products in 8 bits. */
const COARSE_CASES: readonly Build[] = [
  (g, [a, , c]) => g.op("matmul", [a, c], [2]),
  (g, [a, , c]) => g.op("conv2d", [imageOf(g, a), filterOf(g, c)], [2, 1, 1]),
];

/** Ops that are never differentiated: no model needs it, so a program that does is refused. */
const WITHOUT_GRADIENT = [
  ...["load", "one-hot", "constant", "schedule", "max", "range", "dropout-mask"],
  ...["embedding-gradient", "gelu-gradient"],
  ...["relu-gradient", "conv2d-gradient-input", "conv2d-gradient-filter", "max-pool-gradient"],
];

/** Ops with a gradient that no case covers. */
const uncovered = (cases: Readonly<Record<string, unknown>>): readonly string[] =>
  opNames().filter((name) => opNamed(name)?.gradient !== undefined && !Object.hasOwn(cases, name));

describe("the gradients of all ops", () => {
  it.each(Object.entries(ALL_CASES))("%s agrees with differences in doubles", (name, builds) => {
    for (const build of builds) expect(checkGraph(build).has(name)).toBe(true);
  });

  it("agree with differences in 8 bits as far as 8 bits go", () => {
    for (const build of COARSE_CASES) checkGraph(build, TOLERANCE.I8);
  });

  it("have a case each, and ops without one are named here", () => {
    expect(uncovered(ALL_CASES)).toEqual([]);
    const without = opNames().filter((name) => opNamed(name)?.gradient === undefined);
    expect(without.toSorted()).toEqual(WITHOUT_GRADIENT.toSorted());
    const { bias: _, ...others } = ALL_CASES;
    expect(uncovered(others)).toEqual(["bias"]);
  });

  it("are caught where one is wrong", () => {
    // d(a·b)/da is b: a graph that says a instead must fail.
    const wrong: Build = (g, [a, b]) => {
      const product = g.op("mul", [a, b]);
      const op = g.op.bind(g);
      g.op = (name, inputs, attributes, shape) =>
        op(name, name === "mul" ? [inputs[0], inputs[0]] : inputs, attributes, shape);
      return product;
    };
    expect(() => checkGraph(wrong)).toThrow();
  });
});

describe("appendGradients", () => {
  it("adds up what reaches a value by several ways", () => {
    checkGraph((g, [a, b]) => g.op("sub", [b, g.op("add", [a, a])]));
    checkGraph((g, [a, b]) => g.op("log", [g.op("exp", [g.op("mul", [a, b])])]));
    checkGraph((g, [a, b, c]) => {
      const product = g.op("matmul", [g.op("mul", [a, b]), c], [0]);
      return g.op("mul", [product, product]);
    });
  });

  it("stops where a needed op has no gradient", () => {
    expect(() => {
      checkGraph((g, [a]) => g.op("max", [a], [1]));
    }).toThrow("ENGINE_NO_GRADIENT");
  });

  it("agrees with differences for a whole classifier", () => {
    const compiled = compileTraining({
      input: { height: 5, width: 5, channels: 2 },
      classes: 3,
      batchSize: 4,
      layers: [
        { type: "conv2d", filters: 3, kernel: 3, activation: "relu" },
        { type: "conv2d", filters: 2, kernel: 5, activation: "none" },
        { type: "max-pool", size: 2 },
        { type: "flatten" },
        { type: "dense", units: 6, activation: "relu" },
        { type: "dense", units: 3, activation: "none" },
      ],
      loss: "softmax-cross-entropy",
      optimizer: { type: "sgd-momentum", momentum: 0.5, schedule: [{ step: 1, rate: 0.25 }] },
    });
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.rejection));
    const program = compiled.value;
    const batch = Uint8Array.from({ length: 4 * 51 }, (_, at) =>
      at % 51 === 50 ? (at * 7) % 3 : (at * 89 + ((at * at) % 61)) % 256,
    );
    const states = initialStates(seed, program);
    const values = evaluateStep(program, states, { step: 1, batch });
    const after = updatedStates(program, states, values);
    const parameters = states.length / 2;
    for (let state = 0; state < parameters; state += 1) {
      // The first velocity is the gradient itself, and the rate is a quarter.
      const gradient = after[parameters + state];
      const scale = largest(gradient);
      expect(scale).toBeGreaterThan(0);
      for (let element = 0; element < gradient.length; element += 1) {
        const expected = difference(program, states, batch, 0, state, element);
        expectClose(gradient[element], expected, 4 * scale);
        const moved = Math.fround(states[state][element] - Math.fround(gradient[element] * 0.25));
        expect(after[state][element]).toBe(moved);
      }
    }
  });
});
