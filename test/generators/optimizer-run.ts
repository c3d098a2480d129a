/** Runs an optimizer alone: a program whose gradient is what `load` reads from the batch. */
import { readFileSync } from "node:fs";
import { bitsOf } from "./canonical-numbers.ts";
import { floatOfBits } from "../../src-main/engine/canon.ts";
import type { AdamW } from "../../src-main/engine/models/model-config.ts";
import { ENCODING } from "../../src-main/engine/ops/load.ts";
import { appendAdamW } from "../../src-main/engine/optimizers/adam-w.ts";
import { ProgramBuilder } from "../../src-main/engine/program/builder.ts";
import { encodeProgram } from "../../src-main/engine/program/wire.ts";
import type { EngineBackend } from "../../src-main/ports/engine-backend.ts";

/** What one step makes of the states, as hex bits. */
export interface AdamWStep {
  readonly gradient: readonly string[];
  readonly power1: string;
  readonly power2: string;
  readonly first: readonly string[];
  readonly second: readonly string[];
  readonly weights: readonly string[];
}

/** One sequence of `test/vectors/optimizers/adam-w.json`. */
export interface AdamWSequence {
  readonly optimizer: AdamW;
  readonly start: readonly string[];
  readonly steps: readonly AdamWStep[];
}

/** The vectors, computed outside this project's code. */
export function adamWSequences(): readonly AdamWSequence[] {
  const url = new URL("../vectors/optimizers/adam-w.json", import.meta.url);
  return JSON.parse(readFileSync(url, "utf8")) as AdamWSequence[];
}

const floats = (hex: readonly string[]): Float32Array =>
  Float32Array.from(hex, (text) => floatOfBits(Number.parseInt(text, 16)));

/** One sample of encoding 1: the gradient, then a label nobody reads. */
function sampleOf(gradient: readonly string[]): Uint8Array {
  const sample = new Uint8Array(4 * gradient.length + 1);
  const view = new DataView(sample.buffer);
  for (const [at, hex] of gradient.entries()) {
    view.setUint32(4 * at, Number.parseInt(hex, 16), true);
  }
  return sample;
}

function programOf(optimizer: AdamW, count: number): Uint8Array {
  const builder = new ProgramBuilder();
  const loaded = builder.op("load", [], [ENCODING.floats], [1, count + 1]);
  const gradient = builder.op("slice", [loaded], [1, 0, count]);
  const weights = builder.state("weights", [1, count], { kind: "zeros" });
  appendAdamW(builder, optimizer, [weights], [gradient]);
  return encodeProgram(builder.finish());
}

/** What `backend` makes of a sequence's start and gradients. */
export async function runAdamW(
  backend: EngineBackend,
  { optimizer, start, steps }: AdamWSequence,
): Promise<readonly AdamWStep[]> {
  const session = await backend.open(programOf(optimizer, start.length));
  await session.upload(0, floats(start));
  await session.upload(1, Float32Array.of(1));
  await session.upload(2, Float32Array.of(1));
  const made: AdamWStep[] = [];
  for (const [index, { gradient }] of steps.entries()) {
    await session.run(index + 1, sampleOf(gradient));
    const [weights, [power1], [power2], first, second] = await Promise.all(
      [0, 1, 2, 3, 4].map(async (state) => bitsOf(await session.download(state))),
    );
    made.push({ gradient, power1, power2, first, second, weights });
  }
  session.close();
  return made;
}
