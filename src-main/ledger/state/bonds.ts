/**
 * Decides how the money behind a role is kept: what is bonded, what is on its way out, and what a
 * proven offence takes from both. Whoever is on the bonded list has a row, and the other way round.
 */

import { compareBytes } from "../../contract/bytes.ts";
import { BONDED_MAX } from "../limits.ts";
import { countBurned, credit } from "./money.ts";
import type { StateOverlay } from "./overlay.ts";
import type { UnbondingRow, WorkerRow } from "./rows.ts";
import { BONDED, SINGLE, UNBONDINGS, WORKERS } from "./tables.ts";

/** Whether one more account may be bonded; a draw weighs all of them. */
export function bondedHasRoom(overlay: StateOverlay): boolean {
  return (overlay.read(BONDED, SINGLE) ?? []).length < BONDED_MAX;
}

/** Writes a bond's row; one that holds and covers nothing goes, and its place with it. */
export function writeBond(overlay: StateOverlay, address: Uint8Array, row: WorkerRow): void {
  const before = overlay.read(WORKERS, address);
  const empty = row.bondedBase === 0n && row.heldBase === 0n && row.unitsInFlight === 0;
  overlay.write(WORKERS, address, empty ? undefined : row);
  if ((before === undefined) === empty) return;
  const bonded = overlay.read(BONDED, SINGLE) ?? [];
  const at = bonded.findIndex((other) => compareBytes(other, address) >= 0);
  const place = at < 0 ? bonded.length : at;
  const after = empty ? bonded.toSpliced(place, 1) : bonded.toSpliced(place, 0, address);
  overlay.write(BONDED, SINGLE, after);
}

/** What of a bond stands for no unit; less than nothing is nothing, after a slash. */
export function freeBond(row: WorkerRow): bigint {
  return row.bondedBase > row.heldBase ? row.bondedBase - row.heldBase : 0n;
}

/** Writes what of an account's bond is on its way out. */
export function writeUnbondings(
  overlay: StateOverlay,
  address: Uint8Array,
  row: UnbondingRow,
): void {
  overlay.write(UNBONDINGS, address, row.length === 0 ? undefined : row);
}

/** What a slash took, and what of it the reporter got. */
export interface Slashed {
  readonly amountBase: bigint;
  readonly rewardBase: bigint;
}

/**
 * Takes a part of an account's bond, counting what is on its way out: first from that, then from
 * the bond itself, so that units in flight lose their cover last. A tenth goes to the reporter, the
 * rest is burned. One who reports itself still loses nine tenths.
 * @param permille  at most 1,000
 */
export function slash(
  overlay: StateOverlay,
  address: Uint8Array,
  permille: number,
  reporter: Uint8Array,
): Slashed {
  const unbonding = overlay.read(UNBONDINGS, address) ?? [];
  const row = overlay.read(WORKERS, address);
  const leavingBase = unbonding.reduce((sum, { amountBase }) => sum + amountBase, 0n);
  const wholeBase = leavingBase + (row?.bondedBase ?? 0n);
  const amountBase = (wholeBase * BigInt(permille)) / 1_000n;
  let dueBase = amountBase;
  const left: UnbondingRow[number][] = [];
  for (const entry of unbonding) {
    const takenBase = entry.amountBase < dueBase ? entry.amountBase : dueBase;
    dueBase -= takenBase;
    // An emptied entry goes: its account is still looked at when its time comes.
    if (entry.amountBase > takenBase) {
      left.push({ due: entry.due, amountBase: entry.amountBase - takenBase });
    }
  }
  if (unbonding.length > 0) writeUnbondings(overlay, address, left);
  if (row !== undefined && dueBase > 0n) {
    writeBond(overlay, address, { ...row, bondedBase: row.bondedBase - dueBase });
  }
  const rewardBase = amountBase / 10n;
  countBurned(overlay, amountBase - rewardBase);
  credit(overlay, reporter, rewardBase);
  return { amountBase, rewardBase };
}
