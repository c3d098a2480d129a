/** Decides how a unit is checked on this machine: one verifier process, fed with states. */

import type { Draw, JobSpecification } from "../../learning/index.ts";
import type { UnitRow } from "../../ledger/index.ts";
import { specificationBytes } from "../job/job-program.ts";
import type { DeviceChoice } from "../messages/worker-messages.ts";
import { checkVerifierReport } from "../messages/verifier-messages.ts";
import type { VerifierReport, VerifierResult } from "../messages/verifier-messages.ts";
import { ChildRun } from "./child-run.ts";
import type { ChildNeeds } from "./child-run.ts";
import type { UnitStatus } from "./unit-status.ts";

/** What is to be checked. */
export interface ReplayOrder {
  readonly unit: Uint8Array;
  readonly row: UnitRow;
  readonly spec: JobSpecification;
  readonly draw: Draw;
  /** The published list; null when nobody hands it out. */
  readonly list: Uint8Array | null;
  readonly datasetPath: string;
  /** File of the state the job begins with; undefined where it begins from its seed. */
  readonly startPath: string | undefined;
  readonly device: DeviceChoice;
  /** State bytes after a segment; null when nobody hands them out. */
  readonly stateAfter: (segment: number) => Uint8Array | null;
}

/** A verifier process at a unit; `changed` is called when the status has news. */
export function replayRun(
  order: ReplayOrder,
  status: UnitStatus,
  changed: () => void,
  needs: ChildNeeds,
): ChildRun<VerifierReport, VerifierResult> {
  const { row, unit, draw } = order;
  const start = {
    kind: "start" as const,
    unit,
    job: row.job,
    round: row.round,
    shard: row.shard,
    specification: specificationBytes(order.spec),
    list: order.list,
    listDigest: row.listDigest,
    startRoot: row.startRoot,
    endRoot: row.endRoot,
    chainHead: row.chainHead,
    segments: draw.segments,
    datasetPath: order.datasetPath,
    startPath: order.startPath,
    device: order.device,
  };
  return new ChildRun<VerifierReport, VerifierResult>(
    {
      kind: "verifier",
      unit,
      start,
      check: checkVerifierReport,
      progress: () => status.verification.checked,
      onReport: (report, child) => {
        if (report.kind === "need-state") {
          const { segment } = report;
          // Segment 0 starts as the job does, so it never asks; a state before it does not exist.
          const bytes = segment > 0 ? order.stateAfter(segment - 1) : null;
          child.send({ kind: "state", segment, bytes });
          return undefined;
        }
        if (report.kind === "progress") status.verification.checked = report.checked;
        changed();
        return report.kind === "verdict" ? report : undefined;
      },
    },
    needs,
  );
}
