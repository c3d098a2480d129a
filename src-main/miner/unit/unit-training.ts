/** Decides how a unit is trained on this machine: one worker process, its reports shown. */

import type { JobSpecification } from "../../learning/index.ts";
import { specificationBytes } from "../job/job-program.ts";
import { checkWorkerReport } from "../messages/worker-messages.ts";
import type { DeviceChoice, WorkerReport, WorkerResult } from "../messages/worker-messages.ts";
import { ChildRun } from "./child-run.ts";
import type { ChildNeeds } from "./child-run.ts";
import { showLossPoint, showTimes } from "./unit-status.ts";
import type { UnitStatus } from "./unit-status.ts";

/** What is to be trained, and where. */
export interface TrainingTask {
  readonly unit: Uint8Array;
  readonly job: Uint8Array;
  readonly round: number;
  readonly shard: number;
  readonly spec: JobSpecification;
  readonly unitFolder: string;
  readonly datasetPath: string;
  /** File of the state the job begins with; undefined where it begins from its seed. */
  readonly startPath: string | undefined;
  readonly device: DeviceChoice;
  /** Share of the time in which steps may run, as it is now. */
  readonly pace: () => number;
}

/** A worker process at a unit; `changed` is called when the status has news. */
export function trainingRun(
  task: TrainingTask,
  status: UnitStatus,
  changed: () => void,
  needs: ChildNeeds,
): ChildRun<WorkerReport, WorkerResult | "stopped"> {
  const { spec, pace, ...rest } = task;
  const start = { kind: "start" as const, ...rest, specification: specificationBytes(spec) };
  return new ChildRun<WorkerReport, WorkerResult | "stopped">(
    {
      kind: "worker",
      unit: task.unit,
      // Read at each start of a worker: one that is begun again keeps to the pace of that time.
      get start() {
        return { ...start, pace: pace() };
      },
      check: checkWorkerReport,
      progress: () => status.segmentsDone,
      onReport: (report) => {
        if (report.kind === "stopped") return "stopped";
        showReport(status, report);
        changed();
        return report.kind === "done" ? report : undefined;
      },
    },
    needs,
  );
}

function showReport(
  status: UnitStatus,
  report: Exclude<WorkerReport, { readonly kind: "fault" | "stopped" }>,
): void {
  switch (report.kind) {
    case "ready":
      status.phase = "training";
      status.engine = report.engine;
      status.variant = report.variant;
      status.segmentsDone = report.resumedSegments;
      status.lossHistory = [...report.lossHistory];
      status.step = report.resumedStep;
      return;
    case "progress":
      status.step = report.step;
      status.loss = report.loss;
      status.accuracy = report.accuracy;
      status.stepsPerSecond = report.stepsPerSecond;
      status.secondsLeft = secondsLeft(status);
      showTimes(status, report.times);
      return;
    case "segment":
      status.segmentsDone = report.segment + 1;
      showLossPoint(status, report.point);
      return;
    case "done":
      status.step = status.steps;
      status.secondsLeft = 0;
      showTimes(status, report.times);
      status.holdout = report.holdout;
  }
}

function secondsLeft({ step, steps, stepsPerSecond }: UnitStatus): number | null {
  return stepsPerSecond === null || stepsPerSecond === 0 ? null : (steps - step) / stepsPerSecond;
}
