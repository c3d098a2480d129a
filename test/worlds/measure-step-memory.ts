/**
 * Says what the training steps of a transformer take of memory, as JSON: the plan's bytes, how much
 * the process grew from before the session to after some steps, and what one buffer a value would
 * be. A process of its own, because what others left behind would be counted.
 */
import { readFileSync } from "node:fs";
import { createNativeBackend } from "../../src-main/adapters/native-engine/index.ts";
import { elementCount, encodeProgram } from "../../src-main/engine/index.ts";
import type { ModelConfig } from "../../src-main/engine/index.ts";
import { STANDARD_STEPS, standardBatch } from "../../src-main/miner/calibration/standard-steps.ts";
import { trainingProgram } from "./conformance-models.ts";

const WHOLE: ModelConfig = STANDARD_STEPS.transformer;

/** Two of its four blocks do for a test. */
const MODEL: ModelConfig =
  process.argv[2] === "whole"
    ? WHOLE
    : { ...WHOLE, layers: WHOLE.layers.filter((_, index) => index !== 2 && index !== 3) };

/** Bytes of this process that lie in memory (proc(5), statm counts pages). */
function residentBytes(): number {
  return Number(readFileSync("/proc/self/statm", "utf8").split(" ")[1]) * 4_096;
}

const program = trainingProgram(MODEL);
const bytes = encodeProgram(program);
const batch = standardBatch(MODEL);
const backend = createNativeBackend({ threads: 1 });
const before = residentBytes();
const session = await backend.open(bytes);
for (let step = 1; step <= 3; step += 1) await session.run(step, batch);
const resident = residentBytes() - before;
const apart = [...program.states, ...program.ops.filter(({ op }) => op !== "reshape")];
const sizes = apart.map(({ shape }) => 4 * elementCount(shape));
console.log(
  JSON.stringify({
    planned: session.stepBytes,
    resident,
    apart: sizes.reduce((sum, size) => sum + size, 0),
  }),
);
session.close();
