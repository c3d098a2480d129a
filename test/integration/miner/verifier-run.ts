import { readFileSync } from "node:fs";
import { join } from "node:path";
import { nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import { encode } from "../../../src-main/codec/index.ts";
import { publishedListCodec } from "../../../src-main/learning/index.ts";
import { checkVerifierReport, readSegmentState } from "../../../src-main/miner/index.ts";
import type {
  StartVerifier,
  VerifierReport,
  VerifierResult,
  WorkerResult,
} from "../../../src-main/miner/index.ts";
import { forkChild } from "../../../src-main/processes/fork-child.ts";
import { REFERENCE } from "./small-job.ts";
import type { SmallJob } from "./small-job.ts";

/** What the daemon would tell a verifier about a worker's result. */
export function startVerifier(
  job: SmallJob,
  result: WorkerResult,
  segments: readonly number[],
): StartVerifier {
  const { unit, job: id, round, shard, specification } = job.start("none");
  const list = encode(publishedListCodec, result.list);
  return {
    kind: "start",
    unit,
    job: id,
    round,
    shard,
    specification,
    list,
    listDigest: nativeSha256(list),
    startRoot: result.startRoot,
    endRoot: result.endRoot,
    chainHead: result.chainHead,
    segments,
    datasetPath: job.datasetPath,
    device: REFERENCE,
  };
}

/** Runs a verifier process to its verdict; states come from a worker's folder. */
export function runVerifier(
  start: StartVerifier,
  stateBefore: (segment: number) => Uint8Array | null,
): Promise<VerifierResult> {
  return new Promise((resolve, reject) => {
    const child = forkChild("verifier");
    let last: VerifierReport | undefined;
    child.onMessage((message) => {
      const report = checkVerifierReport(message);
      if (!report.ok) {
        reject(new Error(`malformed report ${JSON.stringify(report.rejection)}`));
        return;
      }
      last = report.value;
      if (report.value.kind === "verdict") resolve(report.value);
      if (report.value.kind !== "need-state") return;
      const { segment } = report.value;
      child.send({ kind: "state", segment, bytes: stateBefore(segment) });
    });
    child.onExit((exit) => reject(new Error(`${JSON.stringify(last)} ${exit.words}`)));
    child.send(start);
  });
}

/** The states a worker keeps in its folder. */
export function statesOf(job: SmallJob, folder: string): (segment: number) => Uint8Array | null {
  return (segment) => {
    const name = `segment-${String(segment - 1).padStart(4, "0")}.checkpoint`;
    return readSegmentState(nativeSha256, readFileSync(join(job.folder, folder, name)));
  };
}
