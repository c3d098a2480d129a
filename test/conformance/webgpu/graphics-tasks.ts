/** Decides what a graphics child can be asked. All answers are plain values. */
import {
  checkCase,
  differingElement,
  valueOf,
} from "../../../src-main/adapters/native-engine/index.ts";
import {
  PLAIN_PRODUCTS,
  createWebgpuBackend,
  openGpu,
  productCandidates,
  raceProducts,
  steadyBackend,
} from "../../../src-main/adapters/webgpu-engine/index.ts";
import type {
  GpuDevice,
  ProductChoice,
  ProductChoices,
  WebgpuBackend,
} from "../../../src-main/adapters/webgpu-engine/index.ts";
import { Fault } from "../../../src-main/contract/outcome.ts";
import { ReferenceBackend, bitsOfFloat, encodeProgram } from "../../../src-main/engine/index.ts";

import { OP_BATCH, openOp } from "../../../src-main/miner/calibration/op-program.ts";
import type { OpQuestion } from "../../../src-main/miner/calibration/op-program.ts";
import type { StandardStep } from "../../../src-main/miner/calibration/standard-steps.ts";
import { longRoots } from "./long-runs.ts";
import { raceOf } from "../../../src-main/adapters/webgpu-engine/race.ts";
import type { Kernel } from "../../../src-main/adapters/webgpu-engine/kernel.ts";
import { deviceOps, planProgram } from "../../../src-main/adapters/webgpu-engine/plan-program.ts";
import { batchOf, programOf, trainingRun } from "./training-runs.ts";
import type { TrainingRun } from "./training-runs.ts";

/** The kernels of that place in the lists of candidates; the last one where there are fewer. */
async function backendWith(place: number, gathers?: boolean): Promise<WebgpuBackend> {
  const device = await openGpu();
  const { wide, narrow } = productCandidates(device);
  const products: ProductChoices = {
    wide: wide[Math.min(place, wide.length - 1)],
    narrow: narrow[Math.min(place, narrow.length - 1)],
  };
  // What is fused is met on any device; asked for its ops, a session does them one by one.
  const options = { products, fuses: true };
  return createWebgpuBackend(device, gathers === undefined ? options : { ...options, gathers });
}

/** Differences from the reference, in words, by op. */
async function differences(
  place: unknown,
  ops: unknown,
  seeds: unknown,
  elements: unknown,
  gathers?: unknown,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const backend = await backendWith(place as number, gathers as boolean | undefined);
  const reference = new ReferenceBackend();
  const found: Record<string, string[]> = {};
  for (const op of ops as readonly string[]) {
    found[op] = [];
    for (const seed of seeds as readonly number[]) {
      const check = checkCase(op, seed, elements as number);
      const given = await valueOf(backend, check);
      const expected = await valueOf(reference, check);
      const at = differingElement(given, expected);
      if (at < 0) continue;
      const [a, b] = [given, expected].map((values) => bitsOfFloat(values[at]).toString(16));
      found[op].push(`seed ${seed}: element ${at} of ${expected.length} is ${a}, reference ${b}`);
    }
  }
  return found;
}

/** Runs of several models on one device, by name. */
async function trainings(
  place: unknown,
  names: unknown,
  steps: unknown,
): Promise<Readonly<Record<string, TrainingRun>>> {
  const backend = await backendWith(place as number);
  const runs: Record<string, TrainingRun> = {};
  for (const name of names as readonly string[]) {
    runs[name] = await trainingRun(backend, name, steps as number);
  }
  return runs;
}

/** What happened to a unit's devices, and what came of it. */
export interface LostRun extends TrainingRun {
  readonly moves: readonly string[];
}

/** Trains on a device that is destroyed within each step of `lostAt`; a new one goes on. */
async function trainingLost(name: unknown, steps: unknown, lostAt: unknown): Promise<LostRun> {
  const devices: GpuDevice[] = [];
  const moves: string[] = [];
  const open = async (): Promise<WebgpuBackend> => {
    const device = await openGpu();
    devices.push(device);
    return createWebgpuBackend(device, { products: PLAIN_PRODUCTS });
  };
  const times = (lostAt as readonly number[]).map(() => open);
  const backend = await steadyBackend(
    [open, ...times.slice(1), () => Promise.resolve(new ReferenceBackend())],
    ({ from, to, fault }) => moves.push(`${fault.code}: ${from} > ${to}`),
  );
  const run = await trainingRun(backend, name as string, steps as number, (step) => {
    if ((lostAt as readonly number[]).includes(step)) devices.at(-1)?.destroy();
  });
  return { ...run, moves };
}

/** Ops of the sizes where sums spill, lists are long and rows of workgroups are folded. */
const LONG: Readonly<Record<string, OpQuestion>> = {
  "sum of a line": { op: "sum", inputs: [[1, 1_000_003]], attributes: [1], shape: [1, 1] },
  "sum of columns": { op: "sum", inputs: [[70_001, 3]], attributes: [0], shape: [1, 3] },
  "max of a line": { op: "max", inputs: [[1, 300_007]], attributes: [1], shape: [1, 1] },
  "folded rows": {
    op: "add",
    inputs: [[4_300_001], [4_300_001]],
    attributes: [],
    shape: [4_300_001],
  },
  "one token": {
    op: "embedding-gradient",
    inputs: [[70_001], [70_001, 2]],
    attributes: [2],
    shape: [2, 2],
  },
  ...Object.fromEntries(
    ["I14", "I14K", "I8"].map((profile, attribute) => [
      `${profile} of a long row`,
      {
        op: "matmul",
        inputs: [
          [1, 140_001],
          [140_001, 1],
        ],
        attributes: [attribute],
        shape: [1, 1],
      },
    ]),
  ),
};

/** Names of the long questions that either kind of product answers unlike the reference. */
async function longOnes(): Promise<readonly string[]> {
  const wrong: string[] = [];
  const backends: WebgpuBackend[] = [];
  for (const place of [0, 1, 2, 3, 4]) backends.push(await backendWith(place, place % 2 === 1));
  for (const [name, question] of Object.entries(LONG)) {
    const answers: Float32Array[] = [];
    for (const backend of [new ReferenceBackend(), ...backends]) {
      const session = await openOp(backend, question);
      // The largest integers all with one sign, so that every sum is as large as it can be.
      const isToken = question.op === "embedding-gradient";
      for (const [state, shape] of question.inputs.entries()) {
        const values = new Float32Array(shape.reduce((size, dim) => size * dim, 1));
        await session.upload(state, values.fill(isToken && state === 0 ? 1 : 8_127));
      }
      await session.run(1, OP_BATCH);
      answers.push(await session.output(0));
      session.close();
    }
    const [expected, ...given] = answers;
    if (given.some((values) => differingElement(values, expected) >= 0)) wrong.push(name);
  }
  return wrong;
}

/** Faults of one rule each, planted into the kernel that multiplies. */
const PLANTED: readonly (readonly [fault: string, from: string, to: string])[] = [
  ["none", "", ""],
  ["ties away from zero", "rest == 0x80u && (kept & 1u) == 1u", "rest == 0x80u"],
  ["a carry between words lost", "after < before", "after < vec4<u32>(0u)"],
  [
    "the highest bit of a product cut off",
    "a_low[3] * b_low",
    "(((a_low[3] * b_low) << vec4<u32>(6u)) >> vec4<u32>(6u))",
  ],
  ["signs of sums dropped", "let sign = sum.y & SIGN;", "let sign = 0u;"],
];

/** Which of the planted faults a race finds, by their names. */
async function planted(): Promise<Readonly<Record<string, boolean>>> {
  const device = await openGpu();
  const candidates = PLANTED.map(([fault, from, to]): ProductChoice => {
    const { kernel } = PLAIN_PRODUCTS.wide;
    const code = kernel.code.replace(from, to);
    if (fault !== "none" && code === kernel.code) throw new Error(`${fault}: nothing planted`);
    return { ...PLAIN_PRODUCTS.wide, name: fault, kernel: { ...kernel, name: fault, code } };
  });
  const { results } = await raceOf(
    "I14",
    candidates,
    (choice) => createWebgpuBackend(device, { products: { wide: choice, narrow: choice } }),
    () => performance.now(),
    16,
  );
  return Object.fromEntries(results.map(({ kernel, exact }) => [kernel, !exact]));
}

/** The codes of what a device says that may hold little, that is gone, and that is not here. */
async function refusals(): Promise<readonly string[]> {
  const codeOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => "none",
      (error: unknown) => (error instanceof Fault ? error.code : String(error)),
    );
  const bytes = encodeProgram(programOf("digits-tiny"));
  const device = await openGpu();
  const small = createWebgpuBackend(device, { products: PLAIN_PRODUCTS, memoryBytesMax: 1_000 });
  const backend = createWebgpuBackend(device, { products: PLAIN_PRODUCTS });
  const codes = [await codeOf(small.open(bytes))];
  const session = await backend.open(bytes);
  device.destroy();
  codes.push(await codeOf(session.run(1, batchOf("digits-tiny", 1))));
  codes.push(await codeOf(session.download(0)), await codeOf(backend.open(bytes)));
  codes.push(await codeOf(openGpu("no adapter has this name")));
  return codes;
}

/** Models that between them have every kind of product. */
const TEXTS_OF = ["digits-tiny", "a CNN of every curve in 8 bits"];

/**
 * Names of kernels whose text this device does not take, of all that any device may run: those of
 * matrix units are left out where there are none, but not what packs for them.
 */
async function compiled(): Promise<readonly string[]> {
  const device = await openGpu();
  const every = { hasLanguageFeature: () => true, traits: { hasMatrices: true } };
  const { wide, narrow } = productCandidates(every);
  const kernels = new Map<string, Kernel>();
  for (const gathers of [true, false]) {
    for (const [place, choice] of wide.entries()) {
      const choices = { wide: choice, narrow: narrow[place] };
      const planners = deviceOps({ choices, gathers, tensorsMax: device.tensorsMax });
      for (const name of TEXTS_OF) {
        // With ops that become one kernel, and with each by itself.
        for (const fused of [{ tensorsMax: device.tensorsMax }, {}]) {
          const plan = planProgram(programOf(name), { planners, ...fused });
          for (const { kernel } of [...plan.once, ...plan.each]) kernels.set(kernel.name, kernel);
        }
      }
    }
  }
  const wrong: string[] = [];
  for (const [name, kernel] of kernels) {
    if (kernel.code.startsWith("enable") && !device.traits.hasMatrices) continue;
    await device
      .pipeline(kernel)
      .catch((error: unknown) => wrong.push(`${name}: ${String(error)}`));
  }
  // Texts that are not refused leave the device as it was.
  device.mustWork();
  return kernels.size < 90 ? [`too few kernels: ${kernels.size}`] : wrong;
}

/** Tasks by name. */
export const TASKS: Readonly<Record<string, (...parameters: unknown[]) => Promise<unknown>>> = {
  differences,
  trainings,
  trainingLost,
  refusals,
  planted,
  longOnes,
  compiled,
  // As a worker does: with the kernels that win.
  longTraining: async (name, steps, every) => {
    const device = await openGpu();
    const { products } = await raceProducts(device, () => performance.now());
    const backend = createWebgpuBackend(device, { products, fuses: true });
    return longRoots(backend, name as StandardStep, steps as number, every as number);
  },
};
