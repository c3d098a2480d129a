import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import {
  chainStart,
  foldChain,
  segmentBoundaries,
  specificationHash,
} from "../../../src-main/learning/index.ts";
import type { WorkerResult } from "../../../src-main/miner/index.ts";
import { forkChild, forkModule } from "../../../src-main/processes/fork-child.ts";
import { makeSmallJob } from "./small-job.ts";
import { runVerifier, startVerifier, statesOf } from "./verifier-run.ts";
import { runWorker } from "./worker-run.ts";
import type { WorkerRun } from "./worker-run.ts";

const job = makeSmallJob(48, 12);
afterAll(() => job.remove());

const honest = runWorker(forkChild("worker"), job.start("honest"));
const honestStates = statesOf(job, "honest");
const adversary = fileURLToPath(
  new URL("../../simulation/adversaries/wrong-step.ts", import.meta.url),
);
const planted = runWorker(forkModule(adversary), job.start("planted"));

const resultOf = (run: WorkerRun) => {
  if (run.result === undefined) throw new Error(`no result: ${run.exit.words}`);
  return run.result;
};
const flipped = (bytes: Uint8Array) => bytes.map((byte, index) => (index === 3 ? byte ^ 1 : byte));

describe("a verifier process", () => {
  it("accepts honest work and finds the inner digests the worker keeps to itself", async () => {
    const result = resultOf(await honest);
    const verdict = await runVerifier(startVerifier(job, result, [0, 4, 11]), honestStates);
    expect(verdict).toMatchObject({ verdict: "", segment: 0 });
    const kept = [0, 4, 11].map((segment) => result.inners[segment]);
    expect(verdict.inners.map(String)).toEqual(kept.map(String));
    expect(verdict.cpuMs).toBeGreaterThan(0);
  });

  it("rejects a planted wrong step with its code when its segment is drawn", async () => {
    const result = resultOf(await planted);
    expect(result.chainHead).not.toEqual(resultOf(await honest).chainHead);
    const start = startVerifier(job, result, [2, 5, 9]);
    const verdict = await runVerifier(start, statesOf(job, "planted"));
    expect(verdict).toMatchObject({ verdict: "LEARNING_STATE_MISMATCH", segment: 5 });
  });

  it("says no more than that while another drawn segment is right, or none was drawn", async () => {
    for (const segments of [[5, 9], [5]]) {
      const start = startVerifier(job, resultOf(await planted), segments);
      const verdict = await runVerifier(start, statesOf(job, "planted"));
      expect(verdict).toMatchObject({ verdict: "LEARNING_STATE_MISMATCH", segment: 5 });
      expect(verdict.inners.every((inner) => inner.every((byte) => byte === 0))).toBe(true);
    }
  });

  it("finds nothing wrong in segments around it, which follow from the wrong state", async () => {
    const start = startVerifier(job, resultOf(await planted), [4, 6]);
    const verdict = await runVerifier(start, statesOf(job, "planted"));
    expect(verdict.verdict).toBe("");
  });

  it("names each way of lying about the whole", async () => {
    const result = resultOf(await honest);
    const start = startVerifier(job, result, [3]);
    const list = start.list ?? new Uint8Array();
    const otherList = list.with(40, list[40] ^ 1);
    const cases = [
      ["LEARNING_START_ROOT", { startRoot: flipped(start.startRoot) }],
      ["LEARNING_CHAIN", { chainHead: flipped(start.chainHead) }],
      ["LEARNING_CHAIN", { endRoot: flipped(start.endRoot) }],
      ["LEARNING_CHAIN", { list: otherList, listDigest: nativeSha256(otherList) }],
      ["LEARNING_LIST", { list: otherList }],
      ["LEARNING_LIST_WITHHELD", { list: null }],
    ] as const;
    for (const [code, part] of cases) {
      const verdict = await runVerifier({ ...start, ...part }, honestStates);
      expect(verdict).toMatchObject({ verdict: code, segment: 0 });
    }
  });

  it("tells a state that is missing from one that is another", async () => {
    const start = startVerifier(job, resultOf(await honest), [1, 3]);
    const missing = await runVerifier(start, () => null);
    expect(missing).toMatchObject({ verdict: "LEARNING_WITHHELD", segment: 1 });
    const other = await runVerifier(start, (segment) => honestStates(segment === 3 ? 2 : segment));
    expect(other).toMatchObject({ verdict: "LEARNING_CHECKPOINT", segment: 3 });
  });

  it("finds other data than the seed's batches", async () => {
    const result = resultOf(await honest);
    const list = result.list.map((entry, index) =>
      index === 11 ? { ...entry, batchDigest: flipped(entry.batchDigest) } : entry,
    );
    const start = startVerifier(job, { ...result, list, ...headOf(result, list) }, [11]);
    const verdict = await runVerifier(start, honestStates);
    expect(verdict).toMatchObject({ verdict: "LEARNING_BATCH_MISMATCH", segment: 11 });
  });
});

/** The chain head a liar would seal over a list. */
function headOf(result: WorkerResult, list: WorkerResult["list"]) {
  const { job: id, round, shard } = job.start("none");
  const { startRoot } = result;
  const origin = { specificationHash: specificationHash(nativeSha256, job.spec), startRoot };
  const start = chainStart(nativeSha256, { ...origin, job: id, round, shard });
  return { chainHead: foldChain(nativeSha256, start, segmentBoundaries(job.spec), list) };
}
