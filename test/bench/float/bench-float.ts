/**
 * Measures whole training steps against the float engine, one thread each: TensorFlow.js as
 * WebAssembly where it has kernels for a step, which its own layers have not. Pure JavaScript is
 * the peer of `npm run bench -- engine`.
 */

import { openFloatBackend } from "../../../src-main/adapters/float-engine/index.ts";
import {
  createNativeBackend,
  nativeBackends,
} from "../../../src-main/adapters/native-engine/index.ts";
import {
  openStandardStep,
  STANDARD_STEPS,
} from "../../../src-main/miner/calibration/standard-steps.ts";
import type { StandardStep } from "../../../src-main/miner/calibration/standard-steps.ts";
import type { EngineBackend } from "../../../src-main/ports/engine-backend.ts";
import { benchLine } from "../bench-line.ts";
import { bySize, mustHold } from "../bench-kit.ts";
import type { BenchKit } from "../bench-kit.ts";
import { secondsEach, takeTurns } from "../timing.ts";

/** How far two arithmetics may be apart after two steps, in nats. */
const APART_MAX = 0.05;

/** Runs the benchmark. */
export async function benchFloat(kit: BenchKit): Promise<void> {
  const probe = nativeBackends();
  if (!probe.available) {
    kit.note(`no native engine here: ${probe.fault.message}`);
    return;
  }
  const simd = probe.levels.at(-1) ?? "scalar";
  const exact = createNativeBackend({ simd, threads: 1 });
  const float = await openFloatBackend({ library: "tfjs-wasm" });
  kit.note(`the peer is the float engine: ${float.variant}`);
  try {
    const steps = bySize<readonly StandardStep[]>(
      kit,
      ["cnn", "mlp", "transformer"],
      ["cnn"],
      ["mlp"],
    );
    for (const step of steps) await benchStep(kit, step, simd, [exact, float]);
  } finally {
    float.close();
  }
}

async function benchStep(
  kit: BenchKit,
  step: StandardStep,
  simd: string,
  backends: readonly EngineBackend[],
): Promise<void> {
  const model = STANDARD_STEPS[step];
  const opened = [];
  for (const backend of backends) opened.push(await openStandardStep(backend, model));
  try {
    const losses: number[] = [];
    for (const { session, batch } of opened) {
      for (const number of [1, 2]) await session.run(number, batch);
      losses.push((await session.output(0))[0]);
    }
    const apart = Math.abs(losses[0] - losses[1]);
    mustHold(apart < APART_MAX, `${step}: losses ${losses.join(" and ")} after two steps`);
    let number = 2;
    const runs = step === "transformer" ? 1 : bySize(kit, 10, 3, 1);
    const turns = opened.map(({ session, batch }) => {
      return () => secondsEach(runs, () => session.run((number += 1), batch));
    });
    const [mine, theirs] = await takeTurns(bySize(kit, 5, 3, 1), turns);
    const name = `engine.train/model=${step} batch=${model.batchSize} isa=${simd} threads=1`;
    const against = { peer: "tfjs-wasm", peerValue: 1 / theirs };
    kit.print(benchLine(name, 1 / mine, "steps/s", against));
  } finally {
    for (const { session } of opened) session.close();
  }
}
