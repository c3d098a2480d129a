/**
 * Decides how energy rows lie in the database: a key of 6 bytes that sorts by source and time, a
 * value of 40. Years of rows are read through this, so it is binary.
 */

import type { EnergyRow } from "../../ports/energy-store.ts";
import { ENERGY_ROW_MS } from "../../ports/energy-store.ts";

const ROW_BYTES = 40;
const VERSION = 1;
const NO_REGISTER = 0xffff_ffff_ffff_ffffn;
const QUALITIES = ["measured", "modelled", "gap-filled"] as const;
const CLOCKS = ["synchronised", "unsynchronised", "relative"] as const;
const COUNT_MAX = 0xffff;

/** u16 number of the source ‖ u32 number of the row since 1970, big-endian. */
export function rowKey(source: number, startMs: number): Uint8Array {
  const key = new Uint8Array(6);
  const view = new DataView(key.buffer);
  view.setUint16(0, source);
  view.setUint32(2, Math.min(0xffff_ffff, Math.max(0, Math.ceil(startMs / ENERGY_ROW_MS))));
  return key;
}

/** Beginning of the row with a key. */
export function startOf(key: Uint8Array): number {
  return new DataView(key.buffer, key.byteOffset).getUint32(2) * ENERGY_ROW_MS;
}

/** A row as its value. */
export function writeRow(row: EnergyRow): Uint8Array {
  const bytes = new Uint8Array(ROW_BYTES);
  const view = new DataView(bytes.buffer);
  const { registerEndMillijoules: register } = row;
  view.setUint8(0, VERSION);
  view.setUint8(1, QUALITIES.indexOf(row.quality));
  view.setUint8(2, CLOCKS.indexOf(row.clock));
  view.setUint32(4, row.measuredMs);
  view.setBigUint64(8, BigInt(row.millijoules));
  view.setBigUint64(16, BigInt(row.wattHours));
  view.setBigUint64(24, register === null ? NO_REGISTER : BigInt(register));
  view.setUint16(32, Math.min(COUNT_MAX, row.resets));
  view.setUint16(34, Math.min(COUNT_MAX, row.wraps));
  view.setUint16(36, Math.min(COUNT_MAX, row.clockJumps));
  view.setUint16(38, Math.min(COUNT_MAX, row.refused));
  return bytes;
}

/** A row from its value; undefined for bytes that are none of this version's. */
export function readRow(source: string, startMs: number, bytes: Uint8Array): EnergyRow | undefined {
  if (bytes.length !== ROW_BYTES || bytes[0] !== VERSION) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const quality = QUALITIES[view.getUint8(1)];
  const clock = CLOCKS[view.getUint8(2)];
  const register = view.getBigUint64(24);
  if (quality === undefined || clock === undefined) return undefined;
  return {
    source,
    startMs,
    millijoules: Number(view.getBigUint64(8)),
    wattHours: Number(view.getBigUint64(16)),
    registerEndMillijoules: register === NO_REGISTER ? null : Number(register),
    measuredMs: view.getUint32(4),
    quality,
    clock,
    resets: view.getUint16(32),
    wraps: view.getUint16(34),
    clockJumps: view.getUint16(36),
    refused: view.getUint16(38),
  };
}
