/**
 * Measures the engine: products, convolutions and whole training steps at each level, against what
 * the machine could do at most and against other programs in the same run.
 */

import { availableParallelism } from "node:os";
import { nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import { loadAddon } from "../../../src-main/adapters/native-engine/addon.ts";
import {
  createNativeBackend,
  nativeBackends,
} from "../../../src-main/adapters/native-engine/index.ts";
import { bytesToHex } from "../../../src-main/contract/bytes.ts";
import { elementCount, opCost, ReferenceBackend } from "../../../src-main/engine/index.ts";
import { openOp, opProgram, OP_BATCH } from "../../../src-main/miner/calibration/op-program.ts";
import type { EngineSession } from "../../../src-main/ports/engine-backend.ts";
import { benchLine } from "../bench-line.ts";
import type { Against } from "../bench-line.ts";
import { bySize, mustHold } from "../bench-kit.ts";
import type { BenchKit } from "../bench-kit.ts";
import { sgemmPeer } from "../peers/peers.ts";
import type { Peer } from "../peers/line-peer.ts";
import { secondsEach, takeTurns } from "../timing.ts";
import { MEASURED_OPS, TINY_OPS } from "./products.ts";
import type { MeasuredOp } from "./products.ts";
import { benchTraining } from "./training.ts";
import type { StepPeer } from "./training.ts";
import { benchTransformer } from "./transformer.ts";
import type { Variant } from "./variant.ts";

/** What a variant can do at most. */
interface Limits {
  /** Multiplications and additions a second by profile, thousands of millions; not of "scalar". */
  readonly gops: readonly number[] | undefined;
  /** Bytes a second of one thread, thousands of millions. */
  readonly gigabytes: number;
}

/** By the attribute that asks for them. */
const PROFILES = ["I14", "I14K", "I8"] as const;

/** Runs the engine's benchmarks. */
export async function benchEngine(kit: BenchKit): Promise<void> {
  const probe = nativeBackends();
  if (!probe.available) {
    kit.note(`no native engine here: ${probe.fault.message}`);
    return;
  }
  const levels = probe.levels.toReversed();
  const cores = availableParallelism();
  for (const [index, simd] of levels.entries()) {
    // Several threads and slower levels are told in full only.
    if (index > 0 && kit.size === "quick") continue;
    const gops =
      simd === "scalar"
        ? undefined
        : PROFILES.map((_, profile) => (2 * loadAddon().measurePeak(simd, profile)) / 1e9);
    const gigabytes = loadAddon().measureBandwidth(simd) / 1e9;
    kit.print(benchLine(`engine.bandwidth/op=triad isa=${simd} threads=1`, gigabytes, "GB/s"));
    for (const [profile, peak] of (gops ?? []).entries()) {
      const name = `engine.peak/op=product profile=${PROFILES[profile]} isa=${simd} threads=1`;
      kit.print(benchLine(name, peak, "GOP/s"));
    }
    const counts = index === 0 && kit.size === "full" && cores > 1 ? [1, cores] : [1];
    for (const threads of counts) {
      await benchOps(kit, { simd, threads }, { gops, gigabytes });
      await benchTraining(kit, { simd, threads }, threads === 1 ? stepPeers(simd, index) : []);
      await benchTransformer(kit, { simd, threads }, gops?.[0]);
    }
  }
}

/** TensorFlow.js takes some twelve seconds a step, and only the fastest level is set beside it. */
function stepPeers(simd: string, index: number): readonly StepPeer[] {
  if (simd === "scalar") return [];
  return index === 0 ? ["torch", "tfjs"] : ["torch"];
}

async function benchOps(kit: BenchKit, variant: Variant, limits: Limits): Promise<void> {
  const hasPeer = kit.peers && variant.threads === 1 && limits.gops !== undefined;
  for (const op of kit.size === "tiny" ? TINY_OPS : MEASURED_OPS) {
    if (variant.simd === "scalar" && kit.size !== "tiny" && op.name.includes("m=1024")) continue;
    const { size } = op;
    const isCompared = hasPeer && size !== undefined;
    const sgemm = isCompared ? await sgemmPeer(size, variant.simd, kit.note) : undefined;
    try {
      await benchOp(kit, variant, limits, op, sgemm);
    } finally {
      sgemm?.close();
    }
  }
}

async function benchOp(
  kit: BenchKit,
  variant: Variant,
  limits: Limits,
  measured: MeasuredOp,
  peer: Peer | undefined,
): Promise<void> {
  const session = await openOp(createNativeBackend(variant), measured.question);
  try {
    await session.run(1, OP_BATCH);
    await checkDigest(session, measured);
    const one = await secondsEach(1, () => session.run(1, OP_BATCH));
    const runs = Math.max(1, Math.round(bySize(kit, 0.15, 0.05, 0) / one));
    const mine = () => secondsEach(runs, () => session.run(1, OP_BATCH));
    const theirs = peer === undefined ? [] : [() => peer.seconds(runs)];
    const seconds = await takeTurns(bySize(kit, 7, 3, 1), [mine, ...theirs]);
    const { threads, simd } = variant;
    const name = `engine.${measured.name} isa=${simd} threads=${threads}`;
    if (measured.profile !== undefined) {
      const { question, profile } = measured;
      const program = opProgram(question);
      const operations = (2 * opCost(program, program.ops[1])) / 1e9;
      const limit = limits.gops === undefined ? {} : { limit: limits.gops[profile] * threads };
      const against: Against = { ...limit, ...peerOf(peer, operations / seconds[1]) };
      kit.print(benchLine(name, operations / seconds[0], "GOP/s", against));
    } else {
      // Two tensors read, one written.
      const gigabytes = (3 * 4 * elementCount(measured.question.shape)) / 1e9;
      // Memory is shared with whatever else runs, so its rate is taken again beside the op's.
      const limit = Math.max(limits.gigabytes, loadAddon().measureBandwidth(simd) / 1e9);
      kit.print(benchLine(name, gigabytes / seconds[0], "GB/s", threads === 1 ? { limit } : {}));
    }
  } finally {
    session.close();
  }
}

function peerOf(peer: Peer | undefined, peerValue: number): Against {
  return peer === undefined ? {} : { peer: peer.name, peerValue };
}

/** Short form of a digest over f32 values, as this machine stores them. */
function digestOf(values: Float32Array): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return bytesToHex(nativeSha256(bytes)).slice(0, 16);
}

/** What the reference gives; every level and thread count has to give the same. */
const expected = new Map<string, string>();

async function checkDigest(session: EngineSession, measured: MeasuredOp): Promise<void> {
  const { name, question } = measured;
  if (!expected.has(name)) {
    const reference = await openOp(new ReferenceBackend(), question);
    await reference.run(1, OP_BATCH);
    expected.set(name, digestOf(await reference.output(0)));
    reference.close();
  }
  const found = digestOf(await session.output(0));
  mustHold(found === expected.get(name), `${name} gives ${found}`);
}
