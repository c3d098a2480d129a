/** Measures whole training steps, after their state has met the reference's root. */

import { nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import { createNativeBackend } from "../../../src-main/adapters/native-engine/index.ts";
import { bytesToHex } from "../../../src-main/contract/bytes.ts";
import { ReferenceBackend, stateRoot } from "../../../src-main/engine/index.ts";
import {
  openStandardStep,
  STANDARD_STEPS,
} from "../../../src-main/miner/calibration/standard-steps.ts";
import type { OpenStep, StandardStep } from "../../../src-main/miner/calibration/standard-steps.ts";
import { downloadStates } from "../../../src-main/miner/training/session-states.ts";
import { benchLine } from "../bench-line.ts";
import { bySize, mustHold } from "../bench-kit.ts";
import type { BenchKit } from "../bench-kit.ts";
import { tfjsPeer, torchPeer } from "../peers/peers.ts";
import type { Peer } from "../peers/line-peer.ts";
import { secondsEach, takeTurns } from "../timing.ts";
import type { Variant } from "./variant.ts";

/** What a step is compared with. */
export type StepPeer = "torch" | "tfjs";

/** Measures both standard steps; the CNN against `peers`. */
export async function benchTraining(
  kit: BenchKit,
  variant: Variant,
  peers: readonly StepPeer[],
): Promise<void> {
  for (const step of ["cnn", "mlp"] as const) {
    const open = await openStandardStep(createNativeBackend(variant), STANDARD_STEPS[step]);
    try {
      await checkRoot(step, open);
      await benchStep(kit, variant, step, open, kit.peers && step === "cnn" ? peers : []);
    } finally {
      open.session.close();
    }
  }
}

/** Root after two steps from the fixed start, in short. */
async function rootAfterTwoSteps({ session, program, batch }: OpenStep): Promise<string> {
  for (const step of [1, 2]) await session.run(step, batch);
  const root = stateRoot(nativeSha256, program, await downloadStates(session, program));
  return bytesToHex(root).slice(0, 16);
}

/** What the reference gives. */
const expected = new Map<StandardStep, string>();

async function checkRoot(step: StandardStep, open: OpenStep): Promise<void> {
  if (!expected.has(step)) {
    const reference = await openStandardStep(new ReferenceBackend(), STANDARD_STEPS[step]);
    expected.set(step, await rootAfterTwoSteps(reference));
    reference.session.close();
  }
  const found = await rootAfterTwoSteps(open);
  mustHold(found === expected.get(step), `${step}: state root ${found} after two steps`);
}

async function benchStep(
  kit: BenchKit,
  { simd, threads }: Variant,
  step: StandardStep,
  { session, batch }: OpenStep,
  peers: readonly StepPeer[],
): Promise<void> {
  const { optimizer, batchSize } = STANDARD_STEPS[step];
  const isWithTorch = peers.includes("torch");
  const torch = isWithTorch ? await torchPeer(optimizer.type, simd, kit.note) : undefined;
  let number = 2;
  const run = () => session.run((number += 1), batch);
  const runs = simd === "scalar" ? 1 : bySize(kit, 20, 10, 1);
  const mine = () => secondsEach(runs, run);
  const theirs = torch === undefined ? [] : [() => torch.seconds(runs)];
  const seconds = await takeTurns(bySize(kit, 9, 3, 1), [mine, ...theirs]);
  const name = `engine.train/model=${step} batch=${batchSize} optimizer=${optimizer.type}`;
  const full = `${name} isa=${simd} threads=${threads}`;
  const print = (peer: Peer | undefined, peerSeconds: number) => {
    const against = peer === undefined ? {} : { peer: peer.name, peerValue: 1 / peerSeconds };
    kit.print(benchLine(full, 1 / seconds[0], "steps/s", against));
  };
  print(torch, seconds[1]);
  torch?.close();
  // Its step takes some twelve seconds, so a quick look goes without it.
  if (!peers.includes("tfjs") || kit.size !== "full") return;
  const tfjs = await tfjsPeer(optimizer.type, kit.note);
  if (tfjs === undefined) return;
  const [, slow] = await takeTurns(2, [mine, () => tfjs.seconds(1)]);
  print(tfjs, slow);
  tfjs.close();
}
