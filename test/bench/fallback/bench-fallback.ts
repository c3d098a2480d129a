/**
 * Measures what trains where no addon is: the kernels as WebAssembly, against the native engine and
 * the reference on one thread, on the standard steps, after states have met the reference's root.
 */

import { nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import {
  createNativeBackend,
  nativeBackends,
} from "../../../src-main/adapters/native-engine/index.ts";
import { createWasmBackend } from "../../../src-main/adapters/wasm-engine/index.ts";
import { bytesToHex } from "../../../src-main/contract/bytes.ts";
import { ReferenceBackend, stateRoot } from "../../../src-main/engine/index.ts";
import {
  openStandardStep,
  STANDARD_STEPS,
} from "../../../src-main/miner/calibration/standard-steps.ts";
import type { OpenStep, StandardStep } from "../../../src-main/miner/calibration/standard-steps.ts";
import { downloadStates } from "../../../src-main/miner/training/session-states.ts";
import type { EngineBackend } from "../../../src-main/ports/engine-backend.ts";
import { benchLine } from "../bench-line.ts";
import { bySize, mustHold } from "../bench-kit.ts";
import type { BenchKit } from "../bench-kit.ts";
import { processorSecondsEach, takeTurns } from "../timing.ts";

/** What the fallback is set beside, fastest first. */
function others(): readonly EngineBackend[] {
  const probe = nativeBackends();
  const levels = probe.available ? probe.levels.toReversed() : [];
  return [
    ...levels.map((simd) => createNativeBackend({ simd, threads: 1 })),
    new ReferenceBackend(),
  ];
}

/** Runs the fallback's benchmarks, in processor time, which neighbours do not lengthen. */
export async function benchFallback(kit: BenchKit): Promise<void> {
  for (const step of bySize(kit, ["cnn", "mlp", "transformer"], ["cnn", "mlp"], ["mlp"] as const)) {
    await benchStep(kit, step as StandardStep);
  }
}

async function benchStep(kit: BenchKit, step: StandardStep): Promise<void> {
  const model = STANDARD_STEPS[step];
  const backends = [createWasmBackend(), ...others()];
  const opened: OpenStep[] = [];
  for (const backend of backends) opened.push(await openStandardStep(backend, model));
  const roots = new Set<string>();
  for (const one of opened) roots.add(await rootAfterTwoSteps(one));
  mustHold(roots.size === 1, `${step}: state roots ${[...roots].join(", ")} after two steps`);
  const contestants = opened.map(({ session, batch }, at) => {
    let number = 2;
    const runs = backends[at].name === "reference" ? 1 : bySize(kit, 10, 5, 1);
    return () => processorSecondsEach(runs, () => session.run((number += 1), batch));
  });
  const [mine, ...theirs] = await takeTurns(bySize(kit, 5, 3, 1), contestants);
  const { optimizer, batchSize } = model;
  const name = `fallback.train/model=${step} batch=${batchSize} optimizer=${optimizer.type}`;
  for (const [at, seconds] of theirs.entries()) {
    const { name: engine, variant } = backends[at + 1];
    const peer = `${engine} ${variant}`;
    const against = { peer, peerValue: 1 / seconds };
    kit.print(benchLine(`${name} isa=wasm threads=1`, 1 / mine, "steps/s", against));
  }
  for (const { session } of opened) session.close();
}

/** Root after two steps from the fixed start, in short. */
async function rootAfterTwoSteps({ session, program, batch }: OpenStep): Promise<string> {
  for (const step of [1, 2]) await session.run(step, batch);
  const root = stateRoot(nativeSha256, program, await downloadStates(session, program));
  return bytesToHex(root).slice(0, 16);
}
