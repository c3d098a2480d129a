import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { DIGITS_CNN, ReferenceBackend } from "../../../src-main/engine/index.ts";
import type { ModelConfig } from "../../../src-main/engine/index.ts";
import type { EngineBackend } from "../../../src-main/ports/engine-backend.ts";
import { conformanceTable } from "../../reports/conformance-table.ts";
import { CNN, TRANSFORMER } from "../../worlds/conformance-models.ts";
import { faultyBackend } from "../../worlds/faulty-backend.ts";
import type { Fault } from "../../worlds/faulty-backend.ts";
import { firstPartedStep, hashChain, partingOf } from "../../worlds/hash-chain.ts";
import { VARIANTS, accumulatorBit, elementBit, libraryPower } from "../../worlds/planted-faults.ts";
import { softwareGraphics, testAdapters } from "../webgpu/graphics.ts";
import { variants } from "./cases.ts";

const FULL = process.env["VIVIAN_FULL"] === "1";

/** A run of everything takes minutes; nobody waits for it but who asks. */
const TIMEOUT_MS = FULL ? 3_600_000 : 300_000;

const WIDE_TRANSFORMER: ModelConfig = {
  ...TRANSFORMER,
  batchSize: 4,
  layers: [
    { type: "embedding", width: 48, positions: "learned" },
    { type: "dropout", rate: 0.1 },
    { type: "transformer-block", heads: 4, hidden: 96 },
    { type: "transformer-block", heads: 3, hidden: 97 },
    { type: "layer-norm" },
    { type: "token-head", tied: true },
  ],
};

interface Training {
  readonly name: string;
  readonly model: ModelConfig;
  readonly steps: number;
  readonly referenceSteps: number;
  readonly graphicsSteps: number;
}

const TRAININGS: readonly Training[] = FULL
  ? [
      {
        name: "digits CNN",
        model: { ...DIGITS_CNN, batchSize: 8 },
        steps: 5_000,
        referenceSteps: 50,
        graphicsSteps: 200,
      },
      {
        name: "transformer",
        model: WIDE_TRANSFORMER,
        steps: 2_000,
        referenceSteps: 50,
        graphicsSteps: 100,
      },
    ]
  : [
      { name: "small CNN", model: CNN, steps: 150, referenceSteps: 15, graphicsSteps: 0 },
      {
        name: "small transformer",
        model: TRANSFORMER,
        steps: 60,
        referenceSteps: 10,
        graphicsSteps: 0,
      },
    ];

const table = conformanceTable("conformance/engine/long-run");

/** What differs, in words; "" where the chain is the expected one. */
async function judged(
  { name, model }: Training,
  backend: EngineBackend,
  steps: number,
  expected: readonly string[],
): Promise<string> {
  const begun = performance.now();
  const chain = await hashChain(backend, model, steps);
  const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
  const engine = `${backend.name}, ${backend.variant}`;
  const step = firstPartedStep(chain, expected);
  const parting = step === 0 ? undefined : await partingOf(backend, variants[0], model, step);
  const found = step === 0 ? "" : `step ${step}: ${JSON.stringify(parting)}`;
  const outcome = step === 0 ? `equal, ${chain[chain.length - 1].slice(0, 16)}` : found;
  table.add({ training: name, engine, steps: String(steps), outcome, seconds });
  return found;
}

/** The same on a graphics adapter, in a process of its own. */
function graphicsChain(model: ModelConfig, steps: number) {
  const path = fileURLToPath(new URL("./chain-child.ts", import.meta.url));
  const child = fork(path, [JSON.stringify(model), String(steps)], {
    execArgv: [],
    env: { ...process.env, ...softwareGraphics() },
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  return new Promise<{ readonly variant: string; readonly chain: readonly string[] }>(
    (resolve, reject) => {
      child.once("message", (answer) =>
        resolve(answer as Awaited<ReturnType<typeof graphicsChain>>),
      );
      child.once("close", (code) => reject(new Error(`the graphics child ended with ${code}`)));
    },
  );
}

const adapters = FULL ? await testAdapters() : [];

describe.each(TRAININGS)("$steps steps of a $name", (training) => {
  const { name, model, steps, referenceSteps, graphicsSteps } = training;
  let expected: readonly string[] = [];

  beforeAll(async () => {
    expected = await hashChain(variants[variants.length - 1], model, steps);
  }, TIMEOUT_MS);

  it.each(variants.map((backend) => [`${backend.name}, ${backend.variant}`, backend] as const))(
    "have equal hashes on %s",
    async (_name, backend) => {
      expect(await judged(training, backend, steps, expected)).toBe("");
    },
    TIMEOUT_MS,
  );

  it(
    "begin with the reference's hashes",
    async () => {
      expect(await judged(training, new ReferenceBackend(), referenceSteps, expected)).toBe("");
    },
    TIMEOUT_MS,
  );

  it.skipIf(adapters.length === 0)(
    "begin with the hashes of a graphics adapter",
    async () => {
      const begun = performance.now();
      const { variant, chain } = await graphicsChain(model, graphicsSteps);
      const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
      const step = firstPartedStep(chain, expected);
      const outcome = step === 0 ? "equal" : `step ${step}`;
      const row = { training: name, steps: String(graphicsSteps), outcome, seconds };
      table.add({ ...row, engine: `webgpu, ${variant}` });
      expect([step, chain.length]).toEqual([0, graphicsSteps]);
    },
    TIMEOUT_MS,
  );
});

/** A fault, where it is planted and the op that it is found in. */
type Planted = readonly [what: string, model: ModelConfig, fault: Fault, op: string, step: number];

const PLANTED: readonly Planted[] = [
  ["a bit of an accumulator", CNN, accumulatorBit(9), "matmul", 9],
  ["a bit of an accumulator", TRANSFORMER, accumulatorBit(7), "matmul", 7],
  [
    "an element of a filter's gradient",
    CNN,
    elementBit("conv2d-gradient-filter", 11),
    "conv2d-gradient-filter",
    11,
  ],
  [
    "an element of a batched product",
    TRANSFORMER,
    elementBit("batch-matmul", 5),
    "batch-matmul",
    5,
  ],
  ["an element of a state's update", TRANSFORMER, elementBit("sub", 12), "sub", 12],
];

/** Variants that others had, the op they are found in and within how many steps. */
const FOUND_WITHIN: readonly (readonly [keyof typeof VARIANTS, ModelConfig, string, number])[] = [
  ["exp of the library", CNN, "exp", 20],
  ["sin of the library", TRANSFORMER, "sin", 1],
  ["cos of the library", TRANSFORMER, "cos", 1],
  ["division by a reciprocal", TRANSFORMER, "div", 1],
  ["root by a reciprocal root", TRANSFORMER, "sqrt", 1],
  ["sums in their order", CNN, "sum", 1],
  ["products in f32", CNN, "matmul", 1],
  ["a sum's last bit cut off", CNN, "matmul", 1],
];

async function findFault(what: string, model: ModelConfig, fault: Fault, steps: number) {
  const begun = performance.now();
  const planted = faultyBackend(what, fault);
  const honest = variants[variants.length - 1];
  const chains = await Promise.all([planted, honest].map((one) => hashChain(one, model, steps)));
  const step = firstPartedStep(chains[0], chains[1]);
  const parting = step === 0 ? undefined : await partingOf(planted, honest, model, step);
  table.add({
    training: "tokens" in model.input ? "small transformer" : "small CNN",
    engine: `planted: ${what}`,
    steps: String(steps),
    outcome:
      parting === undefined
        ? "NOT FOUND"
        : `found at step ${step}, op ${parting.opIndex} ${parting.op}, ` +
          `element ${parting.element}: ${parting.given} for ${parting.expected}`,
    seconds: ((performance.now() - begun) / 1_000).toFixed(1),
  });
  return { step, op: parting?.op };
}

describe("a planted fault", () => {
  it("is none where nothing is planted", async () => {
    const planted = faultyBackend("nothing", () => undefined);
    const honest = variants[variants.length - 1];
    for (const model of [CNN, TRANSFORMER]) {
      expect(await hashChain(planted, model, 5)).toEqual(await hashChain(honest, model, 5));
    }
  });

  it.each(PLANTED)("is found where it is: %s", async (what, model, fault, op, step) => {
    expect(await findFault(what, model, fault, step + 3)).toEqual({ op, step });
  });

  it.each(FOUND_WITHIN)("is found as a variant: %s", async (what, model, op, within) => {
    const found = await findFault(what, model, VARIANTS[what], within);
    expect(found.op).toBe(op);
    expect(found.step).toBeGreaterThan(0);
  });

  it("is found as a variant that takes some steps to show: beta to the t", async () => {
    const { step, op } = await findFault("beta to the t", TRANSFORMER, libraryPower, 25);
    expect(op).toBe("mul");
    expect(step).toBeGreaterThan(1);
  });
});
