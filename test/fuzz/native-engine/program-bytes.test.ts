import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadAddon } from "../../../src-main/adapters/native-engine/addon.ts";
import {
  checkCase,
  checkedOps,
  nativeBackends,
} from "../../../src-main/adapters/native-engine/index.ts";
import {
  batchBytes,
  compileTraining,
  encodeProgram,
  openProgram,
} from "../../../src-main/engine/index.ts";
import type { Program } from "../../../src-main/engine/index.ts";

const OPTIONS = { simd: "scalar", threads: 2, memoryBytesMax: 8 * 1024 ** 2 };
const RUNS = process.env["VIVIAN_FULL"] === "1" ? 100_000 : 3_000;

const probe = nativeBackends();
const levels = probe.available ? probe.levels : ["scalar"];

/** Refusals the addon may give for a program the engine accepts: this machine's own limits. */
const OWN_LIMITS: readonly unknown[] = ["ENGINE_LIMIT", "ENGINE_UNSUPPORTED"];

function smallCnn(): Program {
  const compiled = compileTraining({
    input: { height: 6, width: 6, channels: 1 },
    classes: 3,
    batchSize: 2,
    layers: [
      { type: "conv2d", filters: 2, kernel: 3, activation: "relu" },
      { type: "max-pool", size: 2 },
      { type: "flatten" },
      { type: "dense", units: 3, activation: "none" },
    ],
    loss: "softmax-cross-entropy",
    optimizer: { type: "sgd-momentum", momentum: 0.5, schedule: [{ step: 1, rate: 0.5 }] },
  });
  if (!compiled.ok) throw new Error(compiled.rejection.code);
  return compiled.value;
}

const seeds: readonly Uint8Array[] = [
  encodeProgram(smallCnn()),
  ...checkedOps.flatMap((op) => [1, 2, 3].map((seed) => checkCase(op, seed, 60).programBytes)),
];

/** Changes of single bytes and words: small values hit counts, sizes and references. */
const edit = fc.record({
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  kind: fc.constantFrom("byte", "small", "word", "cut", "grow"),
  value: fc.integer({ min: 0, max: 0xffff_ffff }),
});

interface Edit {
  readonly at: number;
  readonly kind: string;
  readonly value: number;
}

function applyEdit(bytes: Uint8Array, { at, kind, value }: Edit): Uint8Array {
  const place = Math.floor(at * bytes.length);
  if (kind === "cut") return bytes.slice(0, place);
  if (kind === "grow") return Uint8Array.of(...bytes, value & 255);
  const changed = bytes.slice();
  if (changed.length === 0) return changed;
  if (kind === "byte") changed[place] = value & 255;
  if (kind === "small") changed[place] = value % 20;
  if (kind === "word" && place + 4 <= changed.length) {
    new DataView(changed.buffer).setUint32(place, value, true);
  }
  return changed;
}

const mutated = fc
  .tuple(fc.constantFrom(...seeds), fc.array(edit, { minLength: 0, maxLength: 4 }))
  .map(([bytes, edits]) => edits.reduce(applyEdit, bytes));

/** Opens, runs a step and reads everything; the code of the error when it is refused. */
function tryProgram(bytes: Uint8Array, simd: string): unknown {
  const addon = loadAddon();
  let session;
  try {
    session = addon.createSession(bytes, { ...OPTIONS, simd });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
  const program = openProgram(bytes);
  expect(program.ok).toBe(true);
  if (!program.ok) return undefined;
  const [{ attributes, shape }] = program.value.ops;
  session.run(1, new Uint8Array(batchBytes(attributes[0], shape)).fill(200));
  for (let op = 0; op < program.value.ops.length; op += 1) session.value(op);
  session.close();
  return undefined;
}

describe.skipIf(!probe.available)("program bytes at the native addon", () => {
  it("never end the process, and are accepted only where the engine accepts them", () => {
    fc.assert(
      fc.property(mutated, fc.constantFrom(...levels), (bytes, simd) => {
        const code = tryProgram(bytes, simd);
        if (code === undefined) return;
        expect(typeof code).toBe("string");
        if (!OWN_LIMITS.includes(code)) expect(openProgram(bytes).ok).toBe(false);
      }),
      { numRuns: RUNS },
    );
  });

  it("accept the unchanged seeds", () => {
    expect(seeds.map((bytes) => tryProgram(bytes, levels[0]))).toEqual(seeds.map(() => undefined));
  });

  it("refuse arguments of any other kind with an error", () => {
    const addon = loadAddon();
    const session = addon.createSession(seeds[0], OPTIONS);
    const anyCall = session as unknown as Record<string, (...given: unknown[]) => unknown>;
    const methods = ["upload", "run", "download", "output", "value"] as const;
    fc.assert(
      fc.property(fc.constantFrom(...methods), fc.array(fc.anything()), (method, given) => {
        fc.pre(!(["download", "value", "output"].includes(method) && Number.isInteger(given[0])));
        expect(() => anyCall[method](...given)).toThrow();
      }),
    );
    expect(() => anyCall["run"].call({}, 1, new Uint8Array(74))).toThrow("not a session");
    session.close();
    session.close();
    expect(() => session.download(0)).toThrow("closed");
  });
});
