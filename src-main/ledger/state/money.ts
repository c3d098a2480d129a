/** Decides how VIV moves between rows and how it comes into being and ends. */

import { invariant } from "../../contract/outcome.ts";
import type { StateOverlay } from "./overlay.ts";
import type { TotalsRow, WorkerRow } from "./rows.ts";
import { ACCOUNTS, SINGLE, TOTALS, WORKERS } from "./tables.ts";

/** The free balance of an account; one that was never paid has none. */
export function balanceOf(overlay: StateOverlay, address: Uint8Array): bigint {
  return overlay.read(ACCOUNTS, address)?.balanceBase ?? 0n;
}

/** Adds to a balance. */
export function credit(overlay: StateOverlay, address: Uint8Array, amountBase: bigint): void {
  invariant(amountBase >= 0n, "a credit is not negative");
  if (amountBase === 0n) return;
  overlay.write(ACCOUNTS, address, { balanceBase: balanceOf(overlay, address) + amountBase });
}

/** Takes from a balance; the caller has checked that it is there. */
export function debit(overlay: StateOverlay, address: Uint8Array, amountBase: bigint): void {
  const held = balanceOf(overlay, address);
  invariant(amountBase >= 0n && held >= amountBase, "a debit is covered");
  if (amountBase === 0n) return;
  overlay.write(ACCOUNTS, address, { balanceBase: held - amountBase });
}

/** The totals; every state has them. */
export function totalsOf(overlay: StateOverlay): TotalsRow {
  const totals = overlay.read(TOTALS, SINGLE);
  invariant(totals !== undefined, "a state has its totals");
  return totals;
}

/** Counts VIV that rules create; the caller credits it. */
export function countMinted(overlay: StateOverlay, amountBase: bigint): void {
  const totals = totalsOf(overlay);
  overlay.write(TOTALS, SINGLE, { ...totals, mintedBase: totals.mintedBase + amountBase });
}

/** Counts VIV that is gone; the caller debited it. */
export function countBurned(overlay: StateOverlay, amountBase: bigint): void {
  if (amountBase === 0n) return;
  const totals = totalsOf(overlay);
  overlay.write(TOTALS, SINGLE, { ...totals, burnedBase: totals.burnedBase + amountBase });
}

/**
 * Stops unless supply = genesis + minted − burned, counted from the rows themselves.
 * @param beforeBase    money in all rows before the commit
 * @param reservedBase  fees taken at admission and not yet settled
 */
export function checkSupply(overlay: StateOverlay, beforeBase: bigint, reservedBase: bigint): void {
  const { genesisBase, mintedBase, burnedBase } = totalsOf(overlay);
  const counted = beforeBase + overlay.moneyChangeBase + reservedBase;
  invariant(
    counted === genesisBase + mintedBase - burnedBase,
    "supply = genesis + minted − burned",
  );
}

/** A bonded account's row; units name only such accounts. */
export function bondedOf(overlay: StateOverlay, address: Uint8Array): WorkerRow {
  const row = overlay.read(WORKERS, address);
  invariant(row !== undefined, "who holds a unit has a bond");
  return row;
}

/** Sets a part of a bond aside for a unit in flight. */
export function holdBond(overlay: StateOverlay, address: Uint8Array, bondBase: bigint): void {
  const row = bondedOf(overlay, address);
  const heldBase = row.heldBase + bondBase;
  invariant(heldBase <= row.bondedBase, "a hold is covered by the bond");
  const unitsInFlight = row.unitsInFlight + 1;
  overlay.write(WORKERS, address, { ...row, heldBase, unitsInFlight });
}

/** Ends a unit in flight; `free` gives its part of the bond back, else it stays held. */
export function endHold(
  overlay: StateOverlay,
  address: Uint8Array,
  bondBase: bigint,
  free: boolean,
): void {
  const row = bondedOf(overlay, address);
  const heldBase = free ? row.heldBase - bondBase : row.heldBase;
  invariant(heldBase >= 0n && row.unitsInFlight > 0, "a hold ends once");
  const unitsInFlight = row.unitsInFlight - 1;
  overlay.write(WORKERS, address, { ...row, heldBase, unitsInFlight });
}
