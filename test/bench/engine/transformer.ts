/**
 * Measures the training step of a transformer against PyTorch on the same threads and instructions,
 * and says where its time goes. On one thread both count processor time.
 */

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import { nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import { createNativeBackend } from "../../../src-main/adapters/native-engine/index.ts";
import type { NativeSession } from "../../../src-main/adapters/native-engine/index.ts";
import { bytesToHex } from "../../../src-main/contract/bytes.ts";
import { opCost, ReferenceBackend, stateRoot } from "../../../src-main/engine/index.ts";
import type { ModelConfig } from "../../../src-main/engine/index.ts";
import {
  openStandardStep,
  STANDARD_STEPS,
} from "../../../src-main/miner/calibration/standard-steps.ts";
import type { OpenStep } from "../../../src-main/miner/calibration/standard-steps.ts";
import { downloadStates } from "../../../src-main/miner/training/session-states.ts";
import type { EngineBackend } from "../../../src-main/ports/engine-backend.ts";
import { benchLine } from "../bench-line.ts";
import { bySize, mustHold } from "../bench-kit.ts";
import type { BenchKit } from "../bench-kit.ts";
import { torchTransformerPeer } from "../peers/peers.ts";
import { processorSecondsEach, secondsEach, takeTurns } from "../timing.ts";
import type { Variant } from "./variant.ts";

/** The same layers, small enough for the reference. */
const SMALL: ModelConfig = {
  ...STANDARD_STEPS.transformer,
  input: { tokens: 19 },
  batchSize: 2,
  layers: [
    { type: "embedding", width: 40, positions: "learned" },
    { type: "transformer-block", heads: 2, hidden: 52 },
    { type: "transformer-block", heads: 4, hidden: 33 },
    { type: "layer-norm" },
    { type: "token-head", tied: true },
  ],
};

/** Ops that a profile tells of; the others are told together. */
const PROFILED_OPS = 12;

/** Measures the step at one level. */
export async function benchTransformer(
  kit: BenchKit,
  variant: Variant,
  gops: number | undefined,
): Promise<void> {
  await checkSmall(createNativeBackend(variant));
  if (kit.size === "tiny" || variant.simd === "scalar") return;
  const model = STANDARD_STEPS.transformer;
  const open = await openStandardStep(createNativeBackend(variant), model);
  try {
    await checkLarge(open);
    await benchStep(kit, variant, open);
    if (variant.threads === 1) printProfile(kit, variant, open, gops);
    if (variant.threads === 1) printMemory(kit);
  } finally {
    open.session.close();
  }
}

/** What each model's state root is after two steps. */
const expected = new Map<string, string>();

async function rootOf({ session, program, batch }: OpenStep): Promise<string> {
  for (const step of [1, 2]) await session.run(step, batch);
  const root = stateRoot(nativeSha256, program, await downloadStates(session, program));
  return bytesToHex(root).slice(0, 16);
}

/** The root that `judge` finds, once. */
async function rootBy(name: string, judge: EngineBackend, model: ModelConfig): Promise<string> {
  const known = expected.get(name);
  if (known !== undefined) return known;
  const open = await openStandardStep(judge, model);
  const root = await rootOf(open);
  open.session.close();
  expected.set(name, root);
  return root;
}

/** The small model against the reference. */
async function checkSmall(backend: EngineBackend): Promise<void> {
  const open = await openStandardStep(backend, SMALL);
  const found = await rootOf(open);
  open.session.close();
  const wanted = await rootBy("small", new ReferenceBackend(), SMALL);
  mustHold(found === wanted, `${backend.variant}: state root ${found} of a small transformer`);
}

/** The large one, which would take the reference hours, against the plainest level. */
async function checkLarge(open: OpenStep): Promise<void> {
  const judge = createNativeBackend({ simd: "scalar", threads: 1 });
  await checkSmall(judge);
  const found = await rootOf(open);
  const wanted = await rootBy("large", judge, STANDARD_STEPS.transformer);
  mustHold(found === wanted, `transformer: state root ${found} after two steps`);
}

async function benchStep(
  kit: BenchKit,
  { simd, threads }: Variant,
  { session, batch }: OpenStep,
): Promise<void> {
  const torch = kit.peers ? await torchTransformerPeer(threads, simd, kit.note) : undefined;
  let number = 2;
  const run = () => session.run((number += 1), batch);
  const runs = bySize(kit, 4, 2, 1);
  const each = threads === 1 ? processorSecondsEach : secondsEach;
  const mine = () => each(runs, run);
  const theirs = torch === undefined ? [] : [() => torch.seconds(runs)];
  const [own, other] = await takeTurns(bySize(kit, 7, 3, 1), [mine, ...theirs]);
  torch?.close();
  const { batchSize, optimizer } = STANDARD_STEPS.transformer;
  const name = `engine.train/model=transformer batch=${batchSize} optimizer=${optimizer.type}`;
  const against = torch === undefined ? {} : { peer: torch.name, peerValue: 1 / other };
  kit.print(benchLine(`${name} isa=${simd} threads=${threads}`, 1 / own, "steps/s", against));
}

/** What the process of `measure-step-memory` says, in bytes. */
interface StepMemory {
  readonly planned: number;
  readonly resident: number;
}

/**
 * What steps took of memory, against the plan made when the session was opened. A process of its
 * own measures it: what others left behind would be counted.
 */
function printMemory(kit: BenchKit): void {
  const script = fileURLToPath(new URL("../../worlds/measure-step-memory.ts", import.meta.url));
  const said = execFileSync(process.execPath, [script, "whole"], { encoding: "utf8" });
  const { planned, resident } = JSON.parse(said) as StepMemory;
  const against = { peer: "plan", peerValue: planned / 1e6 };
  kit.print(benchLine("engine.memory/model=transformer threads=1", resident / 1e6, "MB", against));
}

/** The least processor time of each op, by kind; products against the level's peak. */
function printProfile(
  kit: BenchKit,
  { simd }: Variant,
  { session, program, batch }: OpenStep,
  gops: number | undefined,
): void {
  const native = session as NativeSession;
  const least: number[] = [];
  const kinds: string[] = [];
  for (let step = 1_000; step < 1_000 + bySize(kit, 9, 4, 1); step += 1) {
    for (const [at, { op, nanoseconds }] of native.profiledRun(step, batch).entries()) {
      least[at] = Math.min(least[at] ?? Infinity, nanoseconds);
      kinds[at] = op;
    }
  }
  const byKind = new Map<string, number>();
  for (const [at, kind] of kinds.entries()) {
    byKind.set(kind, (byKind.get(kind) ?? 0) + least[at] / 1e6);
  }
  const operations = (kind: string): number =>
    program.ops.reduce((sum, op) => sum + (op.op === kind ? 2 * opCost(program, op) : 0), 0) / 1e9;
  const sorted = [...byKind].sort(([, one], [, other]) => other - one);
  const name = `engine.train-profile/model=transformer isa=${simd} op=`;
  for (const [kind, ms] of sorted.slice(0, PROFILED_OPS)) {
    kit.print(benchLine(`${name}${kind}`, ms, "ms"));
    if (kind !== "matmul") continue;
    const limit = gops === undefined ? {} : { limit: gops };
    kit.print(benchLine(`${name}${kind} rate`, (operations(kind) / ms) * 1e3, "GOP/s", limit));
  }
  const rest = sorted.slice(PROFILED_OPS).reduce((sum, [, ms]) => sum + ms, 0);
  kit.print(benchLine(`${name}others`, rest, "ms"));
}
