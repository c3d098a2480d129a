/**
 * Decides which kernels may multiply on a device, and which of them it runs fastest: each makes
 * small products that must be the reference's, bit for bit, then a large one against the clock. A
 * kernel that is not exact, or does not compile, is out; speed alone never lets one in.
 */
import { Fault } from "../../contract/outcome.ts";
import { ReferenceBackend, bitsOfFloat, canon, encodeProgram } from "../../engine/index.ts";
import type { EngineBackend, EngineSession } from "../../ports/engine-backend.ts";
import type { GpuDevice, GpuTraits } from "./gpu-device.ts";
import type { ProductChoice, ProductChoices } from "./ops/exact-product.ts";
import { createWebgpuBackend } from "./webgpu-backend.ts";
import {
  BYTE_MATRICES,
  DIGIT_MATRICES,
  MATRIX_LINES,
  MATRIX_WORDS,
} from "./wgsl/matrix-kernels.ts";
import { BYTE_PRODUCT, PAIR_PRODUCT, SLICE_PRODUCT } from "./wgsl/product-kernels.ts";
import {
  BYTE_TILES,
  DIGIT_TILES,
  SLICE_TILES,
  TILE_LINES,
  WHOLE_TILES,
} from "./wgsl/tile-kernels.ts";

const PAIRS: ProductChoice = {
  name: "pairs",
  kernel: PAIR_PRODUCT,
  packings: ["pairs", "pairs"],
  // 32 products of 8127 · 8127, or 133,144 of 127 · 127, stay below 2^31.
  spill: (bound) => (bound === 127 ? 65_536 : 16),
  spills: true,
};

// A sum of slices reaches 126, of their products 2^17 · 126² < 2^31; bytes reach 127.
const DOT_SPILL = { spill: () => 32_768 } as const;

const SLICES: ProductChoice = {
  ...{ name: "slices", kernel: SLICE_PRODUCT, packings: ["slices", "slices"] },
  ...{ ...DOT_SPILL, spills: true },
};

const BYTES: ProductChoice = {
  ...{ name: "bytes", kernel: BYTE_PRODUCT, packings: ["bytes", "bytes"] },
  ...{ ...DOT_SPILL, spills: true },
};

const DOT_TILE = { lines: TILE_LINES, words: 8 } as const;

const SLICES_IN_TILES: ProductChoice = {
  ...{ ...SLICES, name: "slices in tiles", kernel: SLICE_TILES },
  ...{ spills: false, tile: DOT_TILE, thin: SLICES },
};

const BYTES_IN_TILES: ProductChoice = {
  ...{ ...BYTES, name: "bytes in tiles", kernel: BYTE_TILES },
  ...{ spills: false, tile: DOT_TILE, thin: BYTES },
};

const WHOLE_TILE = { lines: TILE_LINES, words: 16 } as const;

// 32 · 8127 · 64 < 2^24, and so is 1,024 · 127².
const DIGITS: ProductChoice = {
  ...{ name: "digits in f32", kernel: DIGIT_TILES, packings: ["whole", "digits"] },
  ...{ spill: () => 32, spills: true, tile: WHOLE_TILE, thin: PAIRS },
};

const WHOLE: ProductChoice = {
  ...{ name: "whole numbers in f32", kernel: WHOLE_TILES, packings: ["whole", "whole"] },
  ...{ spill: () => 1_024, spills: true, tile: WHOLE_TILE, thin: PAIRS },
};

const MATRIX_TILE = { lines: MATRIX_LINES, words: MATRIX_WORDS } as const;

// Two products of digits a number: 2^17 · 2 · 64² < 2^31.
const MATRICES: ProductChoice = {
  ...{ name: "matrices", kernel: DIGIT_MATRICES, packings: ["digit-lines", "digit-lines"] },
  ...{ ...DOT_SPILL, spills: false, tile: MATRIX_TILE, thin: SLICES },
};

const MATRICES_OF_BYTES: ProductChoice = {
  ...{ name: "matrices of bytes", kernel: BYTE_MATRICES, packings: ["byte-lines", "byte-lines"] },
  ...{ ...DOT_SPILL, spills: false, tile: MATRIX_TILE, thin: BYTES },
};

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
export function productCandidates(
  device: Pick<GpuDevice, "hasLanguageFeature"> & {
    readonly traits: Pick<GpuTraits, "hasMatrices">;
  },
): {
  readonly wide: readonly ProductChoice[];
  readonly narrow: readonly ProductChoice[];
} {
  const hasDots = device.hasLanguageFeature("packed_4x8_integer_dot_product");
  const { hasMatrices } = device.traits;
  const [dots, byteDots] = hasDots
    ? [
        [SLICES, SLICES_IN_TILES],
        [BYTES, BYTES_IN_TILES],
      ]
    : [[], []];
  return {
    wide: [PAIRS, ...dots, DIGITS, ...(hasMatrices && hasDots ? [MATRICES] : [])],
    narrow: [PAIRS, ...byteDots, WHOLE, ...(hasMatrices && hasDots ? [MATRICES_OF_BYTES] : [])],
  };
}

/** The kernels of these names, where the device has both. */
export function productsNamed(
  device: Parameters<typeof productCandidates>[0],
  names: { readonly wide: string; readonly narrow: string },
): ProductChoices | undefined {
  const { wide, narrow } = productCandidates(device);
  const found = {
    wide: wide.find(({ name }) => name === names.wide),
    narrow: narrow.find(({ name }) => name === names.narrow),
  };
  if (found.wide === undefined || found.narrow === undefined) return undefined;
  return { wide: found.wide, narrow: found.narrow };
}

/** m, k, n of the products that must be exact: odd sizes, several tiles, long sums, one line. */
const CASES = [
  [33, 70, 37],
  [70, 130, 66],
  [17, 2_051, 19],
  [5, 2_051, 3],
  [1, 1, 65],
] as const;

/** A side of the product that is timed; long enough to tell kernels apart. */
const TIMED_SIDE = { soft: 128, real: 1_024 } as const;

/** Rounds of the race; the best of each kernel counts. */
const ROUNDS = 5;

/** A kernel that takes that many times as long as the best is timed no further. */
const HOPELESS = 1.5;

/** Products that are timed together, so that handing over and waiting weigh little. */
const RUNS_AT_ONCE = 2;

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

/** What the reference answers to each case. */
async function expectedOf(profile: number): Promise<readonly Float32Array[]> {
  const reference = new ReferenceBackend();
  const answers: Float32Array[] = [];
  for (const sizes of CASES) answers.push(await product(reference, profile, sizes));
  return answers;
}

async function isExact(
  backend: EngineBackend,
  profile: number,
  expected: readonly Float32Array[],
): Promise<boolean> {
  for (const [i, sizes] of CASES.entries()) {
    if (!equal(await product(backend, profile, sizes), expected[i])) return false;
  }
  return true;
}

/** A kernel in the race, with the product that is timed. */
interface Runner {
  readonly choice: ProductChoice;
  readonly session: EngineSession;
  /** The best time yet. */
  seconds: number;
}

/** Seconds of one product, of some that were handed over together. */
async function timed(session: EngineSession, now: () => number): Promise<number> {
  const before = now();
  for (let run = 0; run < RUNS_AT_ONCE; run += 1) await session.run(1, BATCH);
  // A device works behind its host's back: only when it has finished is the time known.
  await session.finished?.();
  return (now() - before) / 1_000 / RUNS_AT_ONCE;
}

/**
 * Lets the runners take turns, so that a device that wakes up slowly does so for all of them; who
 * falls far behind runs no more.
 */
async function letRun(runners: readonly Runner[], now: () => number): Promise<void> {
  let left = runners;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const runner of left) {
      runner.seconds = Math.min(runner.seconds, await timed(runner.session, now));
    }
    const best = left.reduce((least, { seconds }) => Math.min(least, seconds), Infinity);
    if (round > 0) left = left.filter(({ seconds }) => seconds <= HOPELESS * best);
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
  side: number = TIMED_SIDE.soft,
): Promise<{ readonly winner: ProductChoice | undefined; readonly results: RaceResult[] }> {
  const expected = await expectedOf(PROFILES[profile]);
  const runners: Runner[] = [];
  try {
    for (const choice of candidates) {
      try {
        const backend = backendOf(choice);
        if (!(await isExact(backend, PROFILES[profile], expected))) continue;
        const session = await opened(backend, PROFILES[profile], [side, side, side]);
        runners.push({ choice, session, seconds: Infinity });
      } catch (error) {
        // A kernel that a driver does not compile is out; a device that is gone ends the race.
        if (!(error instanceof Fault) || error.code === "WEBGPU_ENGINE_LOST") throw error;
      }
    }
    await letRun(runners, now);
  } finally {
    for (const { session } of runners) session.close();
  }
  const results = candidates.map((choice): RaceResult => {
    const seconds = runners.find((runner) => runner.choice === choice)?.seconds ?? null;
    return { profile, kernel: choice.name, exact: seconds !== null, seconds };
  });
  const best = runners.reduce((least, { seconds }) => Math.min(least, seconds), Infinity);
  return { winner: runners.find(({ seconds }) => seconds === best)?.choice, results };
}

/** Who races: tiles cost a processor that plays a GPU barriers, and win nothing there. */
function entrants(device: GpuDevice): ReturnType<typeof productCandidates> {
  const { wide, narrow } = productCandidates(device);
  if (!device.traits.isSoftware) return { wide, narrow };
  const plain = (list: readonly ProductChoice[]) => list.filter(({ tile }) => tile === undefined);
  return { wide: plain(wide), narrow: plain(narrow) };
}

/**
 * Finds the kernels that multiply on a device.
 * Throws Fault MINER_NOT_EXACT where no candidate is exact, WEBGPU_ENGINE_LOST where it is lost.
 */
export async function raceProducts(device: GpuDevice, now: () => number): Promise<RaceOutcome> {
  const { wide, narrow } = entrants(device);
  const backendOf = (choice: ProductChoice): EngineBackend =>
    createWebgpuBackend(device, { products: { wide: choice, narrow: choice } });
  const side = TIMED_SIDE[device.traits.isSoftware ? "soft" : "real"];
  const ofWide = await raceOf("I14", wide, backendOf, now, side);
  const ofNarrow = await raceOf("I8", narrow, backendOf, now, side);
  const results = [...ofWide.results, ...ofNarrow.results];
  if (ofWide.winner === undefined || ofNarrow.winner === undefined) {
    throw new Fault("MINER_NOT_EXACT", "not exact here: op matmul", { ops: "matmul" });
  }
  return { products: { wide: ofWide.winner, narrow: ofNarrow.winner }, results };
}
