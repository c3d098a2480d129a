/**
 * Decides what the bytes of Windows' Energy Meter Interface mean (emi.h of the Windows SDK,
 * versions 1 and 2): names of channels and their energy in picowatt hours. Of a processor's
 * channels only whole packages count: PP0, PP1 and DRAM lie within or beside them.
 */

import { Fault } from "../../contract/outcome.ts";

/** What a device says of itself. */
export interface EmiMetadata {
  readonly maker: string;
  readonly model: string;
  /** Names of its channels, in the order of their measurements. */
  readonly channels: readonly string[];
}

const NAME_BYTES = 32;
const V1 = 1;
const V2 = 2;
const V1_NAME = 72;
const V2_FIRST = 68;
const CHANNEL_NAME = 6;
const CHANNELS_MAX = 256;

/** Bytes of one channel's measurement: energy and time, 64 bits each. */
export const EMI_MEASUREMENT_BYTES = 16;

/** The only unit that either version knows. */
const PICOWATT_HOURS = 0;

/** A channel of Intel's and AMD's drivers that holds all of a package. */
const PACKAGE = /^RAPL_Package\d+_PKG$/i;

/** One picowatt hour is 3.6e-6 millijoules: 36 of 10^7. */
const NUMERATOR = 36n;
const DENOMINATOR = 10_000_000n;

/**
 * Reads a device's metadata.
 * Throws Fault METERS_ANSWER for another version or unit, or where lengths do not fit the bytes.
 */
export function parseEmiMetadata(version: number, bytes: Uint8Array): EmiMetadata {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (version === V1) return firstVersion(view);
  if (version === V2) return secondVersion(view);
  throw new Fault("METERS_ANSWER", "the meter speaks another version", { version });
}

function firstVersion(view: DataView): EmiMetadata {
  need(view, V1_NAME);
  needUnit(view.getUint32(0, true));
  const size = view.getUint16(70, true);
  return {
    maker: wideText(view, 4, NAME_BYTES),
    model: wideText(view, 36, NAME_BYTES),
    channels: [wideText(view, V1_NAME, size)],
  };
}

function secondVersion(view: DataView): EmiMetadata {
  need(view, V2_FIRST);
  const count = view.getUint16(66, true);
  if (count > CHANNELS_MAX) throw new Fault("METERS_ANSWER", "too many channels", { count });
  const channels: string[] = [];
  let at = V2_FIRST;
  for (let index = 0; index < count; index += 1) {
    need(view, at + CHANNEL_NAME);
    needUnit(view.getUint32(at, true));
    const size = view.getUint16(at + 4, true);
    channels.push(wideText(view, at + CHANNEL_NAME, size));
    at += CHANNEL_NAME + size;
  }
  const maker = wideText(view, 0, NAME_BYTES);
  return { maker, model: wideText(view, NAME_BYTES, NAME_BYTES), channels };
}

function need(view: DataView, bytes: number): void {
  if (view.byteLength >= bytes) return;
  const facts = { bytes: view.byteLength, needed: bytes };
  throw new Fault("METERS_ANSWER", "the meter's description is cut off", facts);
}

function needUnit(unit: number): void {
  if (unit === PICOWATT_HOURS) return;
  throw new Fault("METERS_ANSWER", "the meter counts in an unknown unit", { unit });
}

/** UTF-16 text in so many bytes, up to its first zero. */
function wideText(view: DataView, at: number, bytes: number): string {
  need(view, at + bytes);
  let text = "";
  for (let index = at; index + 1 < at + bytes; index += 2) {
    const unit = view.getUint16(index, true);
    if (unit === 0) break;
    text += String.fromCharCode(unit);
  }
  return text;
}

/**
 * Millijoules of all packages together, rounded down; null where the device has no package.
 * Throws Fault METERS_ANSWER where the measurement is cut off.
 */
export function packageMillijoules(metadata: EmiMetadata, bytes: Uint8Array): number | null {
  const { channels } = metadata;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  need(view, channels.length * EMI_MEASUREMENT_BYTES);
  const packages = channels.flatMap((name, index) => (PACKAGE.test(name) ? [index] : []));
  if (packages.length === 0) return null;
  const sum = packages.reduce((total, index) => {
    return total + view.getBigUint64(index * EMI_MEASUREMENT_BYTES, true);
  }, 0n);
  return Number((sum * NUMERATOR) / DENOMINATOR);
}
