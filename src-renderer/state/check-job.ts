/**
 * Decides what this page believes of a job: its row and its units' rows where the state holds them,
 * and its story out of slots that were each recomputed here.
 */

import { bytesEqual, bytesToHex, hexToBytes } from "../../src-main/contract/bytes.ts";
import type { RowClaimAnswer } from "../../src-main/contract/control-api/light.ts";
import { accept } from "../../src-main/contract/outcome.ts";
import type { Outcome } from "../../src-main/contract/outcome.ts";
import { addressToText } from "../../src-main/crypto/address.ts";
import { JOBS, UNIT_ENERGIES, UNITS } from "../../src-main/ledger/light/index.ts";
import type { Effect, LedgerRecord, TrustedView } from "../../src-main/ledger/light/index.ts";
import { checkedRow } from "./light-checks.ts";
import type { CheckedSlot } from "./light-checks.ts";

/** A job's row. */
export interface CheckedJobRow {
  readonly owner: string;
  readonly listing: number;
  readonly status: string;
  readonly escrowBase: bigint;
}

/** A unit's row. */
export interface CheckedUnitRow {
  readonly phase: string;
  readonly worker: string;
  readonly verifier: string;
  readonly priceBase: bigint;
  readonly code: string;
}

/** What the worker stated of a unit's energy: signed by it, and no proof. */
export interface CheckedUnitEnergy {
  /** 1 is E, 5 is A. */
  readonly tier: number;
  readonly energyMillijoules: bigint;
  readonly slot: bigint;
}

/** One moment of its story. */
export interface JobMoment {
  readonly slot: number;
  readonly timeMs: number | null;
  /** The record that stands there, where it names the job; else null. */
  readonly record: LedgerRecord | null;
  /** Empty when the record was applied. */
  readonly code: string;
  readonly effects: readonly Effect[];
}

/** A job as this page recomputed it. */
export interface CheckedJob {
  readonly job: string;
  /** Undefined where it is proved that the state no longer holds it. */
  readonly row: CheckedJobRow | undefined;
  readonly units: readonly {
    readonly unit: string;
    readonly row: CheckedUnitRow | undefined;
    /** Undefined where it is proved that none is stated. */
    readonly energy: CheckedUnitEnergy | undefined;
  }[];
  readonly moments: readonly JobMoment[];
  readonly paidBase: bigint;
  readonly trusted: number;
}

/** The rows of a job, its units and their energy. @rejects LEDGER_LIGHT_STATE, CODEC_* */
export function checkJobRows(
  view: TrustedView,
  job: string,
  units: readonly string[],
  rows: readonly RowClaimAnswer[],
): Outcome<Pick<CheckedJob, "row" | "units">> {
  const row = checkedRow(view, rows, JOBS, hexToBytes(job));
  if (!row.ok) return row;
  const checked: CheckedJob["units"][number][] = [];
  for (const unit of units) {
    const held = checkedRow(view, rows, UNITS, hexToBytes(unit));
    if (!held.ok) return held;
    const energy = checkedRow(view, rows, UNIT_ENERGIES, hexToBytes(unit));
    if (!energy.ok) return energy;
    const { value } = held;
    const shown =
      value === undefined
        ? undefined
        : {
            ...value,
            worker: addressToText(value.worker),
            verifier: addressToText(value.verifier),
          };
    checked.push({ unit, row: shown, energy: energy.value });
  }
  const { value } = row;
  const shown = value === undefined ? undefined : { ...value, owner: addressToText(value.owner) };
  return accept({ row: shown, units: checked });
}

/** The moments of a job out of checked slots: what names it or one of its units. */
export function jobMoments(
  job: string,
  units: readonly string[],
  slots: readonly CheckedSlot[],
): JobMoment[] {
  const ids = [job, ...units].map(hexToBytes);
  const isOne = (value: unknown): boolean =>
    value instanceof Uint8Array && ids.some((id) => bytesEqual(id, value));
  return slots.flatMap(({ slot, id, record, outcome, commit }) => {
    const named = record !== null && (id === job || Object.values(record.payload).some(isOne));
    const effects = (outcome?.effects ?? []).filter((one) => Object.values(one).some(isOne));
    if (!named && effects.length === 0) return [];
    const own = named ? record : null;
    const code = named ? (outcome?.code ?? "") : "";
    return [{ slot, timeMs: commit?.timeMs ?? null, record: own, code, effects }];
  });
}

/** What was paid for the units of a job, by checked effects. */
export function paidIn(moments: readonly JobMoment[], units: readonly string[]): bigint {
  const paid = moments.flatMap(({ effects }) =>
    effects.flatMap((one) => {
      const counts = one.kind === "paid" && units.includes(bytesToHex(one.unit));
      return counts ? [one.amountBase] : [];
    }),
  );
  return paid.reduce((sum, amount) => sum + amount, 0n);
}
