/**
 * Measures the engine on a CUDA device, after its results have met the processor's bytes: products
 * with the quantising included, and whole training steps, against PyTorch on the same device.
 */
import { nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import {
  createNativeBackend,
  differingElement,
  openCudaBackend,
} from "../../../src-main/adapters/native-engine/index.ts";
import type { CudaBackend, NativeSession } from "../../../src-main/adapters/native-engine/index.ts";
import { bytesToHex } from "../../../src-main/contract/bytes.ts";
import { Fault } from "../../../src-main/contract/outcome.ts";
import { stateRoot } from "../../../src-main/engine/index.ts";
import { OP_BATCH, openOp, squareProduct } from "../../../src-main/miner/calibration/op-program.ts";
import {
  openStandardStep,
  STANDARD_STEPS,
} from "../../../src-main/miner/calibration/standard-steps.ts";
import type { OpenStep, StandardStep } from "../../../src-main/miner/calibration/standard-steps.ts";
import { downloadStates } from "../../../src-main/miner/training/session-states.ts";
import { benchLine } from "../bench-line.ts";
import { bySize, mustHold } from "../bench-kit.ts";
import type { BenchKit } from "../bench-kit.ts";
import { torchCudaPeer } from "../peers/peers.ts";
import type { Peer } from "../peers/line-peer.ts";
import { median, takeTurns } from "../timing.ts";

const PROFILES = { I14: 0, I8: 2 } as const;

/** Peers of a product: what exactness is compared with. */
const PRODUCT_PEERS = ["f32", "bf16", "int8"] as const;

/** Launches of a step that are named; the others are told together. */
const PROFILED_LAUNCHES = 14;

function opened(kit: BenchKit): CudaBackend | undefined {
  try {
    return openCudaBackend();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    kit.note(`no CUDA device is measured: ${error.code} ${error.message}`);
    return undefined;
  }
}

/** Seconds of one run: many, less a few, so that waiting for the end does not count. */
async function secondsOf(
  runs: number,
  run: () => Promise<void>,
  wait: () => Promise<unknown>,
): Promise<number> {
  const timed = async (count: number): Promise<number> => {
    const began = performance.now();
    for (let i = 0; i < count; i += 1) await run();
    await wait();
    return performance.now() - began;
  };
  const few = await timed(4);
  return ((await timed(4 + runs)) - few) / 1000 / runs;
}

async function benchProduct(
  kit: BenchKit,
  backend: CudaBackend,
  profile: keyof typeof PROFILES,
  size: number,
  peers: readonly Peer[],
): Promise<void> {
  const question = squareProduct(PROFILES[profile], size);
  const judge = await openOp(createNativeBackend({ threads: 16 }), question);
  await judge.run(1, OP_BATCH);
  const session = await openOp(backend, question);
  try {
    await session.run(1, OP_BATCH);
    const at = differingElement(await session.output(0), await judge.output(0));
    mustHold(at < 0, `${profile} ${size}: element ${at}`);
    const runs = Math.ceil(bySize(kit, 4e12, 1e12, 1e9) / size ** 3);
    const mine = () =>
      secondsOf(
        runs,
        () => session.run(1, OP_BATCH),
        () => session.output(0),
      );
    const theirs = peers.map((peer) => () => peer.seconds(runs));
    const [own, ...others] = await takeTurns(bySize(kit, 5, 3, 1), [mine, ...theirs]);
    const rate = (seconds: number): number => (2 * size ** 3) / seconds / 1e12;
    const name = `engine.matmul/profile=${profile} m=${size} k=${size} n=${size} device=cuda`;
    if (peers.length === 0) kit.print(benchLine(name, rate(own), "TOP/s"));
    for (const [index, peer] of peers.entries()) {
      const what = `${peer.name}-${PRODUCT_PEERS[index]}`;
      const against = { peer: what, peerValue: rate(others[index]) };
      kit.print(benchLine(name, rate(own), "TOP/s", against));
    }
  } finally {
    session.close();
    judge.close();
  }
}

async function rootOf({ session, program, batch }: OpenStep): Promise<string> {
  for (const step of [1, 2]) await session.run(step, batch);
  const root = stateRoot(nativeSha256, program, await downloadStates(session, program));
  return bytesToHex(root).slice(0, 16);
}

async function benchStep(kit: BenchKit, backend: CudaBackend, step: StandardStep): Promise<void> {
  const model = STANDARD_STEPS[step];
  const judge = await openStandardStep(createNativeBackend({ threads: 16 }), model);
  const wanted = await rootOf(judge);
  judge.session.close();
  const open = await openStandardStep(backend, model);
  const { session, batch } = open;
  const found = await rootOf(open);
  mustHold(found === wanted, `${step}: state root ${found} after two steps`);
  const peers: Peer[] = [];
  for (const way of kit.peers && step !== "mlp" ? (["eager", "graph"] as const) : []) {
    const peer = await torchCudaPeer(step, way, kit.note);
    if (peer !== undefined) peers.push(peer);
  }
  let number = 2;
  const runs = bySize(kit, 300, 100, 4);
  const run = () => session.run((number += 1), batch);
  const mine = () => secondsOf(runs, run, () => session.output(0));
  const theirs = peers.map((peer) => () => peer.seconds(runs));
  const [own, ...others] = await takeTurns(bySize(kit, 7, 3, 1), [mine, ...theirs]);
  const { batchSize, optimizer } = model;
  const name = `engine.train/model=${step} batch=${batchSize} optimizer=${optimizer.type}`;
  if (peers.length === 0) kit.print(benchLine(`${name} device=cuda`, 1 / own, "steps/s"));
  for (const [index, peer] of peers.entries()) {
    const against = { peer: peer.name, peerValue: 1 / others[index] };
    kit.print(benchLine(`${name} device=cuda`, 1 / own, "steps/s", against));
    peer.close();
  }
  if (step !== "mlp") await printProfile(kit, open, step);
  session.close();
}

/** Median time of each launch, by kind; launched one by one, so with gaps that a graph has not. */
async function printProfile(kit: BenchKit, open: OpenStep, step: StandardStep): Promise<void> {
  const native = open.session as NativeSession;
  const times: number[][] = [];
  const kinds: string[] = [];
  for (let number = 10_000; number < 10_000 + bySize(kit, 9, 5, 1); number += 1) {
    for (const [at, { op, nanoseconds }] of native.profiledRun(number, open.batch).entries()) {
      (times[at] ??= []).push(nanoseconds / 1e3);
      kinds[at] = op;
    }
  }
  const byKind = new Map<string, { us: number; count: number }>();
  for (const [at, kind] of kinds.entries()) {
    const known = byKind.get(kind) ?? { us: 0, count: 0 };
    byKind.set(kind, { us: known.us + median(times[at]), count: known.count + 1 });
  }
  const sorted = [...byKind].sort(([, one], [, other]) => other.us - one.us);
  for (const [kind, { us, count }] of sorted.slice(0, PROFILED_LAUNCHES)) {
    const name = `engine.train-profile/model=${step} device=cuda launches=${count} op=${kind}`;
    kit.print(benchLine(name, us, "us"));
  }
  const all = sorted.reduce((sum, [, { us }]) => sum + us, 0);
  const name = `engine.train-profile/model=${step} device=cuda launches=${kinds.length} op=all`;
  kit.print(benchLine(name, all, "us"));
  await Promise.resolve();
}

/** Runs the benchmarks of CUDA devices. */
export async function benchCuda(kit: BenchKit): Promise<void> {
  const backend = opened(kit);
  if (backend === undefined) return;
  kit.note(`on ${backend.variant}`);
  for (const step of ["cnn", "mlp", "transformer"] as const) await benchStep(kit, backend, step);
  for (const size of bySize(kit, [1024, 4096], [1024, 4096], [48])) {
    const peers: Peer[] = [];
    for (const kind of kit.peers ? PRODUCT_PEERS : []) {
      const peer = await torchCudaPeer(kind, String(size), kit.note);
      if (peer !== undefined) peers.push(peer);
    }
    for (const profile of ["I14", "I8"] as const) {
      await benchProduct(kit, backend, profile, size, peers);
    }
    for (const peer of peers) peer.close();
  }
}
