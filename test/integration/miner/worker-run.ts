import { checkWorkerReport } from "../../../src-main/miner/index.ts";
import type {
  Child,
  ChildExit,
  StartWorker,
  WorkerReport,
  WorkerResult,
} from "../../../src-main/miner/index.ts";

/** A worker process seen from outside: what it said and how it ended. */
export interface WorkerRun {
  readonly reports: readonly WorkerReport[];
  readonly exit: ChildExit;
  readonly result: WorkerResult | undefined;
}

/** Runs a worker to its end; `onReport` may kill it or send it messages. */
export function runWorker(
  child: Child,
  start: StartWorker,
  onReport: (report: WorkerReport, child: Child) => void = () => undefined,
): Promise<WorkerRun> {
  return new Promise((resolve, reject) => {
    const reports: WorkerReport[] = [];
    let result: WorkerResult | undefined;
    child.onMessage((message) => {
      const report = checkWorkerReport(message);
      if (!report.ok) {
        reject(new Error(`malformed report ${JSON.stringify(report.rejection)}`));
        return;
      }
      reports.push(report.value);
      if (report.value.kind === "done") result = report.value;
      onReport(report.value, child);
    });
    child.onExit((exit) => resolve({ reports, exit, result }));
    child.send(start);
  });
}

/** The digests that must be equal whatever happened on the way. */
export function digestsOf(run: WorkerRun): string {
  const { result } = run;
  if (result === undefined) {
    throw new Error(`no result: ${JSON.stringify(run.reports.at(-1))} ${run.exit.words}`);
  }
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
  return [
    hex(result.startRoot),
    hex(result.endRoot),
    hex(result.chainHead),
    ...result.inners.map(hex),
    JSON.stringify(result.holdout),
  ].join("\n");
}
