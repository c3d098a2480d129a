/**
 * Decides which kernels may multiply on a device, and which of them it runs fastest: each makes
 * small products that must be the reference's, bit for bit, then a large one against the clock. A
 * kernel that is not exact, or does not compile, is out; speed alone never lets one in.
 */
import { Fault } from "../../contract/outcome.ts";
import { ReferenceBackend, bitsOfFloat, canon, encodeProgram } from "../../engine/index.ts";
import type { EngineBackend, EngineSession } from "../../ports/engine-backend.ts";
import type { GpuDevice } from "./gpu-device.ts";
import type { ProductChoice, ProductChoices } from "./ops/exact-product.ts";
import { createWebgpuBackend } from "./webgpu-backend.ts";
import { BYTE_PRODUCT, PAIR_PRODUCT, SLICE_PRODUCT } from "./wgsl/product-kernels.ts";

const PAIRS: ProductChoice = { name: "pairs", kernel: PAIR_PRODUCT, packing: "pairs" };
const SLICES: ProductChoice = { name: "slices", kernel: SLICE_PRODUCT, packing: "slices" };
const BYTES: ProductChoice = { name: "bytes", kernel: BYTE_PRODUCT, packing: "bytes" };

/** Needs no language feature. */
export const PLAIN_PRODUCTS: ProductChoices = { wide: PAIRS, narrow: PAIRS };

/** How a candidate did. */
export interface RaceResult {
  readonly profile: "I14" | "I8";
  readonly kernel: string;
  readonly exact: boolean;
  /** Seconds of the large product; null where it was not let in. */
  readonly seconds: number | null;
}

/** What a race ended with. */
export interface RaceOutcome {
  readonly products: ProductChoices;
  readonly results: readonly RaceResult[];
}

/** All that could multiply on a device: 14-bit integers, and 8-bit ones. */
export function productCandidates(device: Pick<GpuDevice, "hasLanguageFeature">): {
  readonly wide: readonly ProductChoice[];
  readonly narrow: readonly ProductChoice[];
} {
  const hasDots = device.hasLanguageFeature("packed_4x8_integer_dot_product");
  return { wide: hasDots ? [PAIRS, SLICES] : [PAIRS], narrow: hasDots ? [PAIRS, BYTES] : [PAIRS] };
}

/** m, k, n of the products that must be exact: odd sizes, a long sum, one line. */
const CASES = [
  [33, 70, 37],
  [5, 2_051, 3],
  [1, 1, 65],
] as const;

/** A side of the product that is timed; long enough to tell kernels apart on any device. */
const TIMED_SIDE = 256;

/** Runs of it; the best counts. */
const TIMED_RUNS = 3;

const BATCH = new Uint8Array(2);

function productProgram(profile: number, m: number, k: number, n: number): Uint8Array {
  const state = (name: string, shape: readonly number[]) =>
    ({ name, shape, initialiser: { kind: "zeros" } }) as const;
  const inputs = [0, 1].map((index) => ({ from: "state", index }) as const);
  return encodeProgram({
    states: [state("a", [m, k]), state("b", [k, n])],
    ops: [
      { op: "load", inputs: [], attributes: [0], shape: [1, 2] },
      { op: "matmul", inputs, attributes: [profile], shape: [m, n] },
    ],
    updates: [],
    outputs: [{ name: "value", value: { from: "op", index: 1 } }],
  });
}

/** Numbers of both signs whose largest integers and ties occur often. */
function operand(count: number, salt: number): Float32Array {
  let state = salt | 1;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    const value = (state >> 17) / 2;
    return canon((state & 3) === 0 ? 8_127 * Math.sign(value) : value);
  });
}

async function opened(
  backend: EngineBackend,
  profile: number,
  [m, k, n]: readonly [number, number, number],
): Promise<EngineSession> {
  const session = await backend.open(productProgram(profile, m, k, n));
  await session.upload(0, operand(m * k, 3));
  await session.upload(1, operand(k * n, 5));
  return session;
}

async function product(
  backend: EngineBackend,
  profile: number,
  sizes: readonly [number, number, number],
): Promise<Float32Array> {
  const session = await opened(backend, profile, sizes);
  try {
    await session.run(1, BATCH);
    return await session.output(0);
  } finally {
    session.close();
  }
}

const equal = (a: Float32Array, b: Float32Array): boolean =>
  a.length === b.length && a.every((value, i) => bitsOfFloat(value) === bitsOfFloat(b[i]));

async function isExact(backend: EngineBackend, profile: number): Promise<boolean> {
  const reference = new ReferenceBackend();
  for (const sizes of CASES) {
    const given = await product(backend, profile, sizes);
    if (!equal(given, await product(reference, profile, sizes))) return false;
  }
  return true;
}

async function secondsOf(
  backend: EngineBackend,
  profile: number,
  now: () => number,
  side: number,
): Promise<number> {
  const session = await opened(backend, profile, [side, side, side]);
  try {
    await session.run(1, BATCH);
    let best = Infinity;
    for (let run = 0; run < TIMED_RUNS; run += 1) {
      const before = now();
      await session.run(1, BATCH);
      best = Math.min(best, (now() - before) / 1_000);
    }
    return best;
  } finally {
    session.close();
  }
}

const PROFILES = { I14: 0, I8: 2 } as const;

/**
 * Races the candidates of one profile.
 * @param backendOf  a backend that multiplies with that candidate alone
 * @param now        milliseconds of a steady clock
 * @param side       of the product that is timed
 * @returns each candidate's result; the winner is the fastest exact one, if any is
 */
export async function raceOf(
  profile: "I14" | "I8",
  candidates: readonly ProductChoice[],
  backendOf: (choice: ProductChoice) => EngineBackend,
  now: () => number,
  side = TIMED_SIDE,
): Promise<{ readonly winner: ProductChoice | undefined; readonly results: RaceResult[] }> {
  const results: RaceResult[] = [];
  let winner: ProductChoice | undefined;
  let best = Infinity;
  for (const choice of candidates) {
    const backend = backendOf(choice);
    let seconds: number | null = null;
    let exact = false;
    try {
      exact = await isExact(backend, PROFILES[profile]);
      if (exact) seconds = await secondsOf(backend, PROFILES[profile], now, side);
    } catch (error) {
      // A kernel that a driver does not compile is out; a device that is gone ends the race.
      if (!(error instanceof Fault) || error.code === "WEBGPU_ENGINE_LOST") throw error;
    }
    results.push({ profile, kernel: choice.name, exact, seconds });
    if (seconds === null || seconds >= best) continue;
    best = seconds;
    winner = choice;
  }
  return { winner, results };
}

/**
 * Finds the kernels that multiply on a device.
 * Throws Fault MINER_NOT_EXACT where no candidate is exact, WEBGPU_ENGINE_LOST where it is lost.
 */
export async function raceProducts(device: GpuDevice, now: () => number): Promise<RaceOutcome> {
  const { wide, narrow } = productCandidates(device);
  const backendOf = (choice: ProductChoice): EngineBackend =>
    createWebgpuBackend(device, { products: { wide: choice, narrow: choice } });
  const ofWide = await raceOf("I14", wide, backendOf, now);
  const ofNarrow = await raceOf("I8", narrow, backendOf, now);
  const results = [...ofWide.results, ...ofNarrow.results];
  if (ofWide.winner === undefined || ofNarrow.winner === undefined) {
    throw new Fault("MINER_NOT_EXACT", "not exact here: op matmul", { ops: "matmul" });
  }
  return { products: { wide: ofWide.winner, narrow: ofNarrow.winner }, results };
}
