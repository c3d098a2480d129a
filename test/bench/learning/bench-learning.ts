/**
 * Measures what proof adds to learning: hashing and checkpoints beside training, the seal and its
 * check, the draw, and what a verifier's replay costs of what the worker did.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import { encode } from "../../../src-main/codec/index.ts";
import { bytesEqual } from "../../../src-main/contract/bytes.ts";
import { sha256 } from "../../../src-main/crypto/index.ts";
import { initialStates, stateRoot } from "../../../src-main/engine/index.ts";
import {
  drawSegments,
  innerListRoot,
  openInners,
  publishedListCodec,
  sealOf,
  verifyOpenings,
} from "../../../src-main/learning/index.ts";
import { readSegmentState } from "../../../src-main/miner/index.ts";
import type { WorkerResult } from "../../../src-main/miner/index.ts";
import { replayUnit } from "../../../src-main/miner/verifier/replay-unit.ts";
import { checkpointName } from "../../../src-main/miner/worker/checkpoint.ts";
import { trainUnit } from "../../../src-main/miner/worker/train-unit.ts";
import { UnitFolder } from "../../../src-main/miner/worker/unit-folder.ts";
import { benchLine } from "../bench-line.ts";
import { bySize, mustHold } from "../bench-kit.ts";
import type { BenchKit } from "../bench-kit.ts";
import { median, medianSeconds, secondsEach, takeTurns } from "../timing.ts";
import { benchUnit } from "./bench-unit.ts";
import type { BenchUnit } from "./bench-unit.ts";

const SALT = new Uint8Array(32).fill(3);

/** Runs the benchmarks of learning. */
export async function benchLearning(kit: BenchKit): Promise<void> {
  const unit = benchUnit(kit);
  const folder = mkdtempSync(join(tmpdir(), "vivian-bench-"));
  try {
    await benchStateRoot(kit, unit);
    const trained = await benchCommit(kit, unit, folder);
    await benchReplay(kit, unit, folder, trained);
    await benchSeal(kit, unit, trained.result);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const nameOf = (what: string, { model }: BenchUnit): string => `learning.${what}/model=${model}`;

async function benchStateRoot(kit: BenchKit, unit: BenchUnit): Promise<void> {
  const { program, spec } = unit.jobProgram;
  const states = initialStates(spec.seed, program);
  const root = () => stateRoot(nativeSha256, program, states);
  mustHold(bytesEqual(root(), stateRoot(sha256, program, states)), "the state root");
  const seconds = await medianSeconds(bySize(kit, 201, 51, 1), root);
  const bytes = states.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const name = `${nameOf("state-root", unit)} bytes=${bytes}`;
  kit.print(benchLine(name, seconds * 1e6, "us"));
}

/** A trained unit, and how long its steps took. */
interface Trained {
  readonly result: WorkerResult;
  readonly trainSeconds: number;
}

/** A whole unit as a worker trains it, files and all. */
async function benchCommit(kit: BenchKit, unit: BenchUnit, folder: string): Promise<Trained> {
  const results: WorkerResult[] = [];
  const shares: number[] = [];
  for (let round = 0; round < bySize(kit, 3, 1, 1); round += 1) {
    const result = await trainUnit(unit.task, {
      ...unit.needs,
      folder: new UnitFolder(join(folder, String(round))),
      report: () => undefined,
      // The file of a checkpoint is written in the turns between steps.
      mayGoOn: () => setImmediate(true),
    });
    mustHold(result !== undefined, "the unit ends");
    if (result === undefined) throw new Error("a unit that was not stopped ends");
    results.push(result);
    shares.push((100 * result.times.commitMs) / result.times.trainMs);
  }
  const [first] = results;
  for (const { chainHead } of results) {
    mustHold(bytesEqual(chainHead, first.chainHead), "every run has the same chain head");
  }
  const { spec } = unit.jobProgram;
  const name = `${nameOf("commit", unit)} steps=${spec.steps} segments=${unit.segments}`;
  kit.print(
    benchLine(`${name} threads=${unit.threads}`, median(shares), "% of training", { limit: 1 }),
  );
  return { result: first, trainSeconds: median(results.map(({ times }) => times.trainMs / 1000)) };
}

/** The cost of checking some segments, as a verifier pays it: engine opened, states checked. */
async function benchReplay(
  kit: BenchKit,
  unit: BenchUnit,
  folder: string,
  { result, trainSeconds }: Trained,
): Promise<void> {
  const list = encode(publishedListCodec, result.list);
  const files = new UnitFolder(join(folder, "0"));
  const { segments } = drawSegments(nativeSha256, SALT, new Uint8Array(64), unit.jobProgram.spec);
  const replay = async (): Promise<void> => {
    const task = {
      ...unit.task,
      list,
      listDigest: nativeSha256(list),
      startRoot: result.startRoot,
      endRoot: result.endRoot,
      chainHead: result.chainHead,
      segments,
    };
    const verdict = await replayUnit(task, {
      ...unit.needs,
      stateBefore: (segment) => {
        const bytes = files.read(checkpointName(segment - 1));
        return Promise.resolve(bytes === undefined ? null : readSegmentState(nativeSha256, bytes));
      },
      progress: () => undefined,
    });
    mustHold(verdict.verdict === "", `the replay accepts, but says ${verdict.verdict}`);
  };
  const seconds = await medianSeconds(bySize(kit, 5, 3, 1), replay);
  const name = `${nameOf("replay", unit)} segments=${segments.length}of${unit.segments}`;
  const value = (100 * seconds) / trainSeconds;
  // Below its share of the steps no replay can be.
  const limit = (100 * segments.length) / unit.segments;
  kit.print(benchLine(name, value, "% of training", { limit }));
}

async function benchSeal(kit: BenchKit, unit: BenchUnit, result: WorkerResult): Promise<void> {
  const h = nativeSha256;
  const { spec } = unit.jobProgram;
  const { chainHead, inners } = result;
  const worker = new Uint8Array(20);
  const seal = () => {
    const root = innerListRoot(h, inners);
    return sealOf(h, { chainHead, innerListRoot: root, unit: unit.task.unit, worker, salt: SALT });
  };
  const vrfOutput = new Uint8Array(64).fill(1);
  const draw = () => drawSegments(h, SALT, vrfOutput, spec);
  const drawn = draw().segments;
  const root = innerListRoot(h, inners);
  const openings = openInners(h, inners, drawn);
  const verify = () => verifyOpenings(h, root, inners.length, drawn, openings);
  mustHold(bytesEqual(seal(), seal()) && verify().ok, "seal and openings");
  const runs = bySize(kit, 500, 100, 2);
  const [sealing, drawing, verifying] = await takeTurns(bySize(kit, 9, 3, 1), [
    () => secondsEach(runs, seal),
    () => secondsEach(runs, draw),
    () => secondsEach(runs, verify),
  ]);
  const of = `segments=${inners.length}`;
  kit.print(benchLine(`learning.seal/${of}`, sealing * 1e6, "us"));
  kit.print(benchLine(`learning.draw/${of} drawn=${drawn.length}`, drawing * 1e6, "us"));
  kit.print(benchLine(`learning.verify-openings/${of}`, verifying * 1e6, "us"));
}
