/** Decides whether a unit waits for this message, from this account, now. */

import { bytesEqual } from "../../contract/bytes.ts";
import { accept, invariant, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { decode } from "../../codec/index.ts";
import { jobSpecificationCodec } from "../../learning/index.ts";
import type { JobSpecification } from "../../learning/index.ts";
import type { StateOverlay } from "./overlay.ts";
import type { JobRow, UnitPhase, UnitRow } from "./rows.ts";
import { JOBS, UNITS } from "./tables.ts";

/** What a message must find. */
export interface Expected {
  readonly phase: UnitPhase;
  readonly from: "worker" | "verifier";
  readonly account: Uint8Array;
  readonly time: bigint;
}

/** What a second message of a phase would replace: who could, would wait for what others show. */
const BINDING: Readonly<Partial<Record<UnitPhase, readonly ["seal" | "commitment", string]>>> = {
  assigned: ["seal", "LEDGER_SEAL_TWICE"],
  challenged: ["commitment", "LEDGER_VERDICT_TWICE"],
};

/**
 * The unit a message is for.
 * @rejects LEDGER_UNIT_UNKNOWN, LEDGER_UNIT_SENDER, LEDGER_UNIT_PHASE, LEDGER_UNIT_LATE,
 *          LEDGER_SEAL_TWICE, LEDGER_VERDICT_TWICE
 */
export function unitFor(
  overlay: StateOverlay,
  id: Uint8Array,
  expected: Expected,
): Outcome<UnitRow> {
  const unit = overlay.read(UNITS, id);
  if (unit === undefined) return reject("LEDGER_UNIT_UNKNOWN");
  if (!bytesEqual(unit[expected.from], expected.account)) {
    return reject("LEDGER_UNIT_SENDER", { expected: expected.from });
  }
  if (unit.phase === "void") return reject("LEDGER_UNIT_LATE", { code: unit.code });
  if (unit.phase !== expected.phase) {
    const [field, twice] = BINDING[expected.phase] ?? [];
    const bound = field !== undefined && unit[field].some((byte) => byte !== 0);
    const code = bound && twice !== undefined ? twice : "LEDGER_UNIT_PHASE";
    return reject(code, { phase: unit.phase });
  }
  if (expected.time > unit.deadline) {
    return reject("LEDGER_UNIT_LATE", { deadline: String(unit.deadline) });
  }
  return accept(unit);
}

/** The job of a unit, or of an agenda entry; both always exist. */
export function jobFor(overlay: StateOverlay, id: Uint8Array): JobRow {
  const job = overlay.read(JOBS, id);
  invariant(job !== undefined, "a unit belongs to a job");
  return job;
}

/** The specification of a job; until it starts, its seed may be the owner's part only. */
export function specificationOf(job: JobRow): JobSpecification {
  const read = decode(jobSpecificationCodec, job.specification);
  invariant(read.ok, "a job holds a sound specification");
  return read.value;
}
