/**
 * Measures native-cpu: products and convolutions against the level's own limit, and the training
 * step of the digits CNN with its costliest ops. Run by hand: node test/bench/engine/native-cpu.ts
 * [--json] [--quick]. Equality of bytes is not shown here but by test/conformance/engine.
 */
import { arch, cpus } from "node:os";
import { loadAddon } from "../../../src-main/adapters/native-engine/addon.ts";
import { checkRandom } from "../../../src-main/adapters/native-engine/check-random.ts";
import {
  createNativeBackend,
  nativeBackends,
} from "../../../src-main/adapters/native-engine/index.ts";
import type { NativeSession } from "../../../src-main/adapters/native-engine/index.ts";
import {
  DIGITS_CNN,
  compileTraining,
  elementCount,
  encodeProgram,
  initialStates,
  opCost,
} from "../../../src-main/engine/index.ts";
import type { Program, Shape } from "../../../src-main/engine/index.ts";

const isJson = process.argv.includes("--json");
const isQuick = process.argv.includes("--quick");
const RUNS = isQuick ? 2 : 20;
const BATCH = 64;

interface Line {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly limit?: number;
  readonly ofLimit?: number;
}

function print(line: Line): void {
  if (isJson) {
    console.log(JSON.stringify(line));
    return;
  }
  const share = line.ofLimit === undefined ? "" : ` (${(line.ofLimit * 100).toFixed(0)} % of peak)`;
  console.log(`${line.name}  ${line.value.toFixed(1)} ${line.unit}${share}`);
}

/** A program of one op whose operands are states filled with numbers in [-0.5, 0.5). */
async function openOp(
  op: string,
  inputs: readonly Shape[],
  attributes: readonly number[],
  shape: Shape,
  options: { simd: string; threads: number },
): Promise<{ session: NativeSession; macs: number }> {
  const program: Program = {
    states: inputs.map((dims, index) => {
      return { name: `operand ${index}`, shape: dims, initialiser: { kind: "zeros" } };
    }),
    ops: [
      { op: "load", inputs: [], attributes: [0], shape: [1, 2] },
      {
        op,
        inputs: inputs.map((_, index) => ({ from: "state", index }) as const),
        attributes,
        shape,
      },
    ],
    updates: [],
    outputs: [{ name: "value", value: { from: "op", index: 1 } }],
  };
  const session = await createNativeBackend(options).open(encodeProgram(program));
  const random = checkRandom(1);
  for (const [index, dims] of inputs.entries()) {
    const values = Float32Array.from(
      { length: elementCount(dims) },
      () => random.below(65_536) / 65_536 - 0.5,
    );
    await session.upload(index, values);
  }
  return { session, macs: opCost(program, program.ops[1]) };
}

const image = (channels: number): Shape => [BATCH, 28, 28, channels];

const products: readonly (readonly [string, string, readonly Shape[], readonly number[], Shape])[] =
  [
    [
      "matmul/profile=I14",
      "matmul",
      [
        [1024, 1024],
        [1024, 1024],
      ],
      [0],
      [1024, 1024],
    ],
    [
      "matmul/profile=I14K",
      "matmul",
      [
        [1024, 1024],
        [1024, 1024],
      ],
      [1],
      [1024, 1024],
    ],
    ["conv2d", "conv2d", [image(16), [3, 3, 16, 32]], [0, 1, 1], image(32)],
    [
      "conv2d-gradient-input",
      "conv2d-gradient-input",
      [image(32), [3, 3, 16, 32]],
      [0, 1, 1],
      image(16),
    ],
    [
      "conv2d-gradient-filter",
      "conv2d-gradient-filter",
      [image(16), image(32)],
      [0, 1, 1],
      [3, 3, 16, 32],
    ],
  ];

async function benchProducts(simd: string, threads: number, peak: number): Promise<void> {
  for (const [name, op, inputs, attributes, shape] of products) {
    const { session, macs } = await openOp(op, inputs, attributes, shape, { simd, threads });
    let best = Infinity;
    for (let run = 0; run < RUNS; run += 1) {
      best = Math.min(best, session.profiledRun(1, new Uint8Array(2))[1].nanoseconds);
    }
    session.close();
    // Two operations a multiply-accumulate, as is usual; the limit counts the same way.
    const value = (2 * macs) / best;
    const limit = (2 * peak * threads) / 1e9;
    const ofLimit = value / limit;
    const shapes = inputs.map((dims) => dims.join("x")).join("·");
    const full = `engine.${name} shapes=${shapes} isa=${simd} threads=${threads}`;
    print({ name: full, value, unit: "GOP/s", limit, ofLimit });
  }
}

async function benchStep(simd: string, threads: number): Promise<void> {
  const compiled = compileTraining({ ...DIGITS_CNN, batchSize: BATCH });
  if (!compiled.ok) throw new Error(compiled.rejection.code);
  const program = compiled.value;
  const session = await createNativeBackend({ simd, threads }).open(encodeProgram(program));
  for (const [index, values] of initialStates(new Uint8Array(32), program).entries()) {
    await session.upload(index, values);
  }
  const random = checkRandom(2);
  const batch = Uint8Array.from({ length: BATCH * 785 }, (_, at) =>
    at % 785 === 784 ? random.below(10) : random.below(4) === 0 ? random.below(256) : 0,
  );
  const times = program.ops.map(() => Infinity);
  let best = Infinity;
  for (let step = 1; step <= RUNS * 3; step += 1) {
    const begin = performance.now();
    const profile = session.profiledRun(step, batch);
    best = Math.min(best, performance.now() - begin);
    for (const [op, { nanoseconds }] of profile.entries()) {
      times[op] = Math.min(times[op], nanoseconds);
    }
  }
  session.close();
  const name = `engine.train/model=cnn batch=${BATCH} isa=${simd} threads=${threads}`;
  print({ name, value: 1000 / best, unit: "steps/s" });
  if (isJson) return;
  const order = times.map((_, op) => op).sort((a, b) => times[b] - times[a]);
  for (const op of order.slice(0, 12)) {
    const { op: kind, shape } = program.ops[op];
    console.log(`    ${(times[op] / 1e6).toFixed(3)} ms  ${kind} ${shape.join("x")}`);
  }
}

const probe = nativeBackends();
if (!probe.available) throw probe.fault;
if (!isJson)
  console.log(`${cpus()[0]?.model ?? "unknown processor"}, ${arch()}, ${process.version}`);
for (const simd of probe.levels.toReversed()) {
  const isVector = simd !== "scalar";
  const peak = isVector ? loadAddon().measurePeak(simd) : 0;
  const limitName = `engine.peak/op=pair-product isa=${simd} threads=1`;
  if (isVector) print({ name: limitName, value: (2 * peak) / 1e9, unit: "GOP/s" });
  for (const threads of [1, 2]) {
    if (isVector) await benchProducts(simd, threads, peak);
    await benchStep(simd, threads);
  }
}
