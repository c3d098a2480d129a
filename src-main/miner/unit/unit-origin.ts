/** Decides what a unit of this machine is known by, as the ledger has it. */

import type { UnitRow } from "../../ledger/index.ts";
import type { JobSpecification } from "../../learning/index.ts";

/** A unit of this machine. */
export interface UnitOrigin {
  readonly unit: Uint8Array;
  readonly row: UnitRow;
  readonly spec: JobSpecification;
  readonly jobName: string;
}
