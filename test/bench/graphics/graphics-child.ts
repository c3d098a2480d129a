/** A process that measures products on the first graphics adapter, answers once and ends. */
import {
  createWebgpuBackend,
  gpuAdapters,
  openGpu,
  raceProducts,
} from "../../../src-main/adapters/webgpu-engine/index.ts";
import {
  createNativeBackend,
  differingElement,
} from "../../../src-main/adapters/native-engine/index.ts";
import { ReferenceBackend } from "../../../src-main/engine/index.ts";
import { OP_BATCH, openOp, squareProduct } from "../../../src-main/miner/calibration/op-program.ts";
import type { EngineBackend } from "../../../src-main/ports/engine-backend.ts";
import type { BenchSize } from "../bench-kit.ts";
import { secondsEach, takeTurns } from "../timing.ts";
import type { GraphicsAnswer, GraphicsFigure } from "./graphics-figures.ts";
import { openTfjsProduct } from "./tfjs-product.ts";

const size = process.argv[2] as BenchSize;
const withPeers = process.argv[3] === "true";

/** Sides of the products: a processor that plays a GPU gets small ones. */
const SIDES: Readonly<Record<BenchSize, Readonly<Record<"real" | "soft", readonly number[]>>>> = {
  full: { real: [1024, 2048, 4096], soft: [256, 512] },
  quick: { real: [1024], soft: [256] },
  tiny: { real: [48], soft: [48] },
};

const PROFILES = { I14: 0, I8: 2 } as const;

/** The peer answers in f32, which is near, not equal. */
const NEAR = 2e-3;

/** Products made before one is read: one that is played makes one. */
function togetherOf(kind: "real" | "soft", side: number): number {
  if (kind === "soft") return 1;
  // A GPU's are over sooner than the last one is read, which is not what is measured.
  return Math.max(16, Math.min(256, Math.round(256 * (1_024 / side) ** 2)));
}

/** Says what a product must be: the reference, or for large ones the processor's own kernels. */
function judgeOf(side: number): EngineBackend {
  return side > 512 ? createNativeBackend({ threads: 8 }) : new ReferenceBackend();
}

async function figureOf(
  backend: EngineBackend,
  profile: keyof typeof PROFILES,
  side: number,
  together: number,
  note: (text: string) => void,
): Promise<GraphicsFigure> {
  const question = squareProduct(PROFILES[profile], side);
  const reference = await openOp(judgeOf(side), question);
  await reference.run(1, OP_BATCH);
  const expected = await reference.output(0);
  const session = await openOp(backend, question);
  await session.run(1, OP_BATCH);
  const isExact = differingElement(await session.output(0), expected) < 0;
  const operands = [await reference.download(0), await reference.download(1)] as const;
  const peer =
    withPeers && profile === "I14"
      ? await openTfjsProduct(side, operands).catch((error: unknown) => {
          note(`tfjs-backend-webgpu does not run here: ${String(error).slice(0, 300)}`);
        })
      : undefined;
  const mine = async () => {
    const seconds = await secondsEach(1, async () => {
      for (let i = 0; i < together; i += 1) await session.run(1, OP_BATCH);
      await session.output(0);
    });
    return seconds / together;
  };
  const theirs: (() => Promise<number>)[] = [];
  if (peer !== undefined) {
    const far = distance(await peer(1), expected);
    if (far > NEAR) throw new Error(`the peer's product is ${far} away`);
    theirs.push(async () => (await secondsEach(1, () => peer(together))) / together);
  }
  const [own, other] = await takeTurns(size === "full" ? 7 : 3, [mine, ...theirs]);
  session.close();
  const operations = (2 * side ** 3) / 1e9;
  return {
    name: `matmul/profile=${profile} m=${side} k=${side} n=${side} together=${together}`,
    isExact,
    gops: operations / own,
    ...(other === undefined ? {} : { peerGops: operations / other }),
  };
}

/** Relative distance of two tensors (Frobenius). */
function distance(given: Float32Array, expected: Float32Array): number {
  let [apart, all] = [0, 0];
  for (const [i, value] of expected.entries()) {
    apart += (given[i] - value) ** 2;
    all += value ** 2;
  }
  return Math.sqrt(apart / all);
}

async function measure(): Promise<GraphicsAnswer> {
  const notes: string[] = [];
  const note = (text: string) => void notes.push(text);
  const [adapter] = await gpuAdapters();
  if (adapter === undefined) {
    return { adapter: null, figures: [], notes: ["no graphics adapter here"] };
  }
  const device = await openGpu(adapter.name);
  const { products, results } = await raceProducts(device, () => performance.now());
  for (const { profile, kernel, exact, seconds } of results) {
    note(
      `${profile} ${kernel}: ${exact ? `${((seconds ?? 0) * 1e3).toFixed(1)} ms` : "not exact"}`,
    );
  }
  const backend = createWebgpuBackend(device, { products });
  const figures: GraphicsFigure[] = [];
  const kind = adapter.isSoftware ? "soft" : "real";
  for (const side of SIDES[size][kind]) {
    for (const profile of ["I14", "I8"] as const) {
      figures.push(await figureOf(backend, profile, side, togetherOf(kind, side), note));
    }
  }
  return { adapter: adapter.name, figures, notes };
}

process.send?.(await measure(), () => process.exit(0));
