/** Decides what a worker process does: one unit, asked for by one message, then it ends. */

import { decode } from "../../codec/index.ts";
import { BrokenInvariant, Fault } from "../../contract/outcome.ts";
import type { Hasher } from "../../crypto/index.ts";
import { jobSpecificationCodec } from "../../learning/index.ts";
import type { Dataset } from "../../learning/index.ts";
import type { EngineBackend } from "../../ports/engine-backend.ts";
import type { Entropy } from "../../ports/entropy.ts";
import { openJob } from "../job/job-program.ts";
import { withStart } from "../job/start-state.ts";
import type { ChildPort } from "../messages/child-port.ts";
import { checkWorkerCommand } from "../messages/worker-messages.ts";
import type {
  DeviceChoice,
  StartWorker,
  WorkerCommand,
  WorkerReport,
} from "../messages/worker-messages.ts";
import { openBatchSource } from "../training/batch-source.ts";
import { trainUnit } from "./train-unit.ts";
import { UnitFolder } from "./unit-folder.ts";
import type { WorkClock } from "./unit-times.ts";
import { WorkGate } from "./work-gate.ts";

/** What a worker process is made of. */
export interface WorkerNeeds {
  readonly hasher: Hasher;
  readonly clock: WorkClock;
  readonly entropy: Entropy;
  /** Opens a device after its self check; throws a Fault where it is missing or not exact. */
  readonly openBackend: (choice: DeviceChoice) => Promise<EngineBackend>;
  readonly readDataset: (path: string) => Dataset;
  /** Waits until no other worker has the unit's folder, then keeps it while the process lives. */
  readonly holdUnitFolder: (path: string) => Promise<void>;
  /** Lets waiting messages in. */
  readonly turn: () => Promise<void>;
  /** Calls once after so long; answers how to take it back. */
  readonly after: (delayMs: number, call: () => void) => () => void;
}

/** Serves the daemon until the unit is done or the daemon says stop. */
export function serveWorker(port: ChildPort, needs: WorkerNeeds): void {
  const nowMs = () => needs.clock.monotonicMs();
  const gate = new WorkGate({ turn: needs.turn, nowMs, after: needs.after });
  let started = false;
  port.onMessage((message) => {
    const command = checkWorkerCommand(message);
    if (!command.ok) {
      fail(port, new Fault(command.rejection.code, "a message of the daemon is malformed"));
      return;
    }
    obey(command.value, gate);
    if (command.value.kind === "stop" && !started) port.end(0);
    if (command.value.kind !== "start" || started) return;
    started = true;
    work(command.value, gate, port, needs).catch((error: unknown) => fail(port, error));
  });
}

function obey(command: WorkerCommand, gate: WorkGate): void {
  if (command.kind === "start") gate.pace(command.pace ?? 1);
  else if (command.kind === "pace") gate.pace(command.pace);
  else gate[command.kind]();
}

async function work(
  start: StartWorker,
  gate: WorkGate,
  port: ChildPort,
  needs: WorkerNeeds,
): Promise<void> {
  const spec = decode(jobSpecificationCodec, start.specification);
  if (!spec.ok) throw new Fault(spec.rejection.code, "the specification is not canonical");
  const opened = openJob(needs.hasher, spec.value);
  const jobProgram = withStart(needs.hasher, opened, start.startPath);
  await needs.holdUnitFolder(start.unitFolder);
  const backend = await needs.openBackend(start.device);
  const batches = openBatchSource(needs.hasher, spec.value, needs.readDataset(start.datasetPath));
  const report = (message: WorkerReport): void => port.send(message);
  const result = await trainUnit(
    { unit: start.unit, job: start.job, round: start.round, shard: start.shard, jobProgram },
    {
      hasher: needs.hasher,
      clock: needs.clock,
      entropy: needs.entropy,
      backend,
      batches,
      folder: new UnitFolder(start.unitFolder),
      report,
      mayGoOn: () => gate.mayGoOn(),
    },
  );
  report(result ?? { kind: "stopped" });
  port.end(0);
}

/** Says why the process ends; a broken invariant ends it loudly. */
export function fail(port: ChildPort, error: unknown): void {
  if (error instanceof BrokenInvariant) throw error;
  const fault = error instanceof Fault ? error : undefined;
  port.send({
    kind: "fault",
    code: fault?.code ?? "MINER_CHILD_FAULT",
    message: error instanceof Error ? error.message.slice(0, 2_000) : "unknown",
    facts: fault?.facts ?? {},
  });
  port.end(1);
}
