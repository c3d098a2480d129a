/**
 * A worker process that cheats: all of it is the program's own worker, but for the specification
 * it is told, the device it runs on and the result it publishes.
 */

import { setImmediate } from "node:timers/promises";
import { readDatasetFile } from "../../src-main/adapters/datasets/index.ts";
import { systemClock, systemEntropy } from "../../src-main/adapters/host/index.ts";
import { nativeSha256 } from "../../src-main/adapters/native-crypto/index.ts";
import { decode, encode } from "../../src-main/codec/index.ts";
import {
  chainStart,
  foldChain,
  jobSpecificationCodec,
  segmentBoundaries,
  specificationHash,
} from "../../src-main/learning/index.ts";
import type { JobSpecification } from "../../src-main/learning/index.ts";
import { serveWorker } from "../../src-main/miner/index.ts";
import type { StartWorker, WorkerReport, WorkerResult } from "../../src-main/miner/index.ts";
import type { EngineSession } from "../../src-main/ports/engine-backend.ts";
import { holdUnitFolder } from "../../src-main/processes/hold-unit-folder.ts";
import { openBackend } from "../../src-main/processes/open-backend.ts";
import { openParentPort } from "../../src-main/processes/parent-port.ts";
import { workClock } from "../../src-main/processes/work-clock.ts";

/** What a worker does otherwise. */
export interface WorkerCheat {
  /** The specification it trains in the job's place. */
  readonly train?: (spec: JobSpecification) => JobSpecification;
  readonly session?: (session: EngineSession) => EngineSession;
  /** What it publishes; `spec` is the job's. */
  readonly publish?: (
    result: WorkerResult,
    start: StartWorker,
    spec: JobSpecification,
  ) => WorkerResult;
}

/** The result with a chain over its list as the job's own specification asks for. */
export function chained(
  result: WorkerResult,
  { job, round, shard }: StartWorker,
  spec: JobSpecification,
): WorkerResult {
  const { list, startRoot } = result;
  const origin = { specificationHash: specificationHash(nativeSha256, spec), startRoot };
  const start = chainStart(nativeSha256, { ...origin, job, round, shard });
  const chainHead = foldChain(nativeSha256, start, segmentBoundaries(spec), list);
  return { ...result, chainHead, endRoot: list[list.length - 1].stateRoot };
}

export function serveCheatingWorker(cheat: WorkerCheat): void {
  const port = openParentPort();
  let told: StartWorker | undefined;
  const isStart = (message: unknown): message is StartWorker =>
    (message as { kind?: unknown }).kind === "start";
  const published = (report: WorkerReport): WorkerReport => {
    if (report.kind !== "done" || told === undefined) return report;
    return cheat.publish?.(report, told, specOf(told)) ?? report;
  };
  const cheating = {
    send: (message: unknown) => port.send(published(message as WorkerReport)),
    onMessage: (listener: (message: unknown) => void) => {
      port.onMessage((message) => {
        if (isStart(message)) told = message;
        listener(isStart(message) ? otherJob(message, cheat) : message);
      });
    },
    end: (code: number) => port.end(code),
  };
  serveWorker(cheating, {
    hasher: nativeSha256,
    clock: workClock,
    entropy: systemEntropy,
    readDataset: readDatasetFile,
    holdUnitFolder,
    turn: () => setImmediate(),
    after: (delayMs, call) => systemClock.after(delayMs, call),
    async openBackend(choice) {
      const backend = await openBackend(choice);
      const { name, variant } = backend;
      const touch = cheat.session ?? ((session: EngineSession) => session);
      return { name, variant, open: async (program) => touch(await backend.open(program)) };
    },
  });
}

function otherJob(start: StartWorker, { train }: WorkerCheat): StartWorker {
  if (train === undefined) return start;
  return { ...start, specification: encode(jobSpecificationCodec, train(specOf(start))) };
}

function specOf({ specification }: StartWorker): JobSpecification {
  const spec = decode(jobSpecificationCodec, specification);
  if (!spec.ok) throw new Error("the daemon's specification is sound");
  return spec.value;
}
