/**
 * The shared cases of backend conformance: which backends exist here, how many random shapes each
 * op gets, and the comparison itself, bit for bit.
 */
import { describe, expect, it } from "vitest";
import {
  checkCase,
  createNativeBackend,
  differingElement,
  nativeBackends,
  valueOf,
} from "../../../src-main/adapters/native-engine/index.ts";
import type { CheckCase } from "../../../src-main/adapters/native-engine/index.ts";
import { createWasmBackend } from "../../../src-main/adapters/wasm-engine/index.ts";
import { ReferenceBackend, bitsOfFloat } from "../../../src-main/engine/index.ts";
import type { Program } from "../../../src-main/engine/index.ts";
import type { EngineBackend, EngineSession } from "../../../src-main/ports/engine-backend.ts";

/** Most elements of an operand. */
const CASE_ELEMENTS = 4_096;

/** Shapes of one op; `npm run test:conformance -- --full` sets VIVIAN_FULL. */
const CASES_PER_OP = process.env["VIVIAN_FULL"] === "1" ? 1_000 : 50;

/** First seed; VIVIAN_SEED repeats a failure or looks elsewhere. */
const FIRST_SEED = Number(process.env["VIVIAN_SEED"] ?? 1);

/** Elements that every op splits over threads; below some ten thousand an op stays on one. */
const LARGE_ELEMENTS = 80_000;

const LARGE_SEEDS = [1, 2] as const;

const THREADS = [1, 2] as const;

const probe = nativeBackends();

/** Every native variant of this machine; empty where the addon is not built. */
export const nativeVariants: readonly EngineBackend[] = probe.available
  ? probe.levels.flatMap((simd) => THREADS.map((threads) => createNativeBackend({ simd, threads })))
  : [];

/** Every variant that must give the reference's bytes; WebAssembly runs on any machine. */
export const variants: readonly EngineBackend[] = [...nativeVariants, createWasmBackend()];

/** One backend a level with a thread count that divides nothing evenly. */
const largeVariants: readonly EngineBackend[] = [
  ...(probe.available ? probe.levels.map((simd) => createNativeBackend({ simd, threads: 3 })) : []),
  createWasmBackend(),
];

if (!probe.available) {
  console.log(`native-cpu is not compared: ${probe.fault.code} ${probe.fault.message}`);
}

/** The value of every op in the last run. */
export async function allValues(
  session: EngineSession,
  { ops }: Program,
): Promise<readonly Float32Array[]> {
  const together = await session.values?.(ops.map((_, op) => op));
  if (together !== undefined) return together;
  const values: Float32Array[] = [];
  for (let op = 0; op < ops.length; op += 1) values.push(await session.value(op));
  return values;
}

/** What differs, in words, or undefined when all bits agree. */
export function differenceOf(
  given: Float32Array,
  expected: Float32Array,
  what: string,
): string | undefined {
  const at = differingElement(given, expected);
  if (at < 0) return undefined;
  const [a, b] = [given, expected].map((values) => bitsOfFloat(values[at]).toString(16));
  return `${what}: element ${at} of ${expected.length} is ${a}, reference ${b}`;
}

/** What differs between the reference's results and each variant's. */
export async function differencesOfVariants(
  what: string,
  resultsOf: (backend: EngineBackend) => Promise<readonly Float32Array[]>,
): Promise<string[]> {
  const expected = await resultsOf(new ReferenceBackend());
  const differences: string[] = [];
  for (const backend of variants) {
    for (const [at, values] of (await resultsOf(backend)).entries()) {
      const place = `${backend.variant}, ${what}, result ${at}`;
      const difference = differenceOf(values, expected[at], place);
      if (difference !== undefined) differences.push(difference);
    }
  }
  return differences;
}

function describeCase({ op, seed, program, step }: CheckCase): string {
  const shapes = program.states.map(({ shape }) => shape.join("x")).join(" ");
  const { attributes } = program.ops[program.ops.length - 1];
  return `${op} seed ${seed} step ${step} [${shapes}] attributes ${attributes.join(",")}`;
}

async function differenceIn(
  backend: EngineBackend,
  check: CheckCase,
  expected: Float32Array,
): Promise<string | undefined> {
  const what = `${backend.variant}, ${describeCase(check)}`;
  return differenceOf(await valueOf(backend, check), expected, what);
}

/** Differences of a backend from the reference over `count` random shapes of one op. */
export async function differences(
  backend: EngineBackend,
  op: string,
  count: number,
): Promise<readonly string[]> {
  const reference = new ReferenceBackend();
  const found: string[] = [];
  for (let seed = FIRST_SEED; seed < FIRST_SEED + count; seed += 1) {
    const check = checkCase(op, seed, CASE_ELEMENTS);
    const difference = await differenceIn(backend, check, await valueOf(reference, check));
    if (difference !== undefined) found.push(difference);
  }
  return found;
}

/** The same for a few large tensors, which are split over threads, on all backends. */
async function largeDifferences(op: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const seed of LARGE_SEEDS) {
    const check = checkCase(op, seed, LARGE_ELEMENTS);
    const expected = await valueOf(new ReferenceBackend(), check);
    for (const backend of largeVariants) {
      const difference = await differenceIn(backend, check, expected);
      if (difference !== undefined) found.push(difference);
    }
  }
  return found;
}

/** Declares the conformance tests of one op on every variant. */
export function conformanceOf(op: string): void {
  describe(`${op} on every backend`, () => {
    const last = FIRST_SEED + CASES_PER_OP - 1;
    it.each(variants.map((backend) => [backend.variant, backend] as const))(
      `gives the reference's bytes (seeds ${FIRST_SEED} to ${last}) at %s`,
      async (_variant, backend) => {
        expect(await differences(backend, op, CASES_PER_OP)).toEqual([]);
      },
    );

    it("gives the reference's bytes on large tensors split over 3 threads", async () => {
      expect(await largeDifferences(op)).toEqual([]);
    });
  });
}
