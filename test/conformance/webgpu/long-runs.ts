/** Decides what is trained for thousands of steps, and what of it is compared. */
import { checkRandom } from "../../../src-main/adapters/native-engine/check-random.ts";
import { featureCount, sampleBytes } from "../../../src-main/engine/index.ts";
import {
  STANDARD_STEPS,
  openStandardStep,
} from "../../../src-main/miner/calibration/standard-steps.ts";
import type { StandardStep } from "../../../src-main/miner/calibration/standard-steps.ts";
import type { EngineBackend } from "../../../src-main/ports/engine-backend.ts";
import { rootOf } from "./training-runs.ts";

/** Samples of a step: labels in turn, tokens with a rule that can be learned and noise. */
function batchOf(name: StandardStep, step: number): Uint8Array {
  const { input, classes, batchSize } = STANDARD_STEPS[name];
  const size = sampleBytes(STANDARD_STEPS[name]);
  const random = checkRandom(step);
  const batch = new Uint8Array(batchSize * size);
  const label = "tokens" in input ? -1 : featureCount(input);
  for (let at = 0; at < batch.length; at += 1) {
    const noise = at % 5 === 0 ? 0 : random.below(classes);
    if (label < 0) batch[at] = (noise + step * 7 + at) % classes;
    else batch[at] = at % size === label ? Math.floor(at / size) % classes : random.below(256);
  }
  return batch;
}

/** State roots after every `every` steps of a standard model's training. */
export async function longRoots(
  backend: EngineBackend,
  name: StandardStep,
  steps: number,
  every: number,
): Promise<readonly string[]> {
  const { session, program } = await openStandardStep(backend, STANDARD_STEPS[name]);
  const roots: string[] = [];
  for (let step = 1; step <= steps; step += 1) {
    await session.run(step, batchOf(name, step));
    if (step % every === 0) roots.push(await rootOf(session, program));
  }
  session.close();
  return roots;
}
