/**
 * Tables as amdgpu's `gpu_metrics` holds them, written from the kernel's header
 * (kgd_pp_interface.h); not recorded from a card. Every byte is set but for head and reasons, as
 * the driver does with what it does not know.
 */

/** Bytes of each format's table. */
export const TABLE_BYTES = {
  "1.0": 80,
  "1.1": 96,
  "1.2": 104,
  "1.3": 120,
  "1.4": 288,
  "1.5": 360,
  "1.6": 384,
  "2.0": 120,
  "2.1": 120,
  "2.2": 128,
  "2.3": 152,
  "2.4": 168,
} as const;

/** Where the reasons are in those formats that have them for every chip. */
const REASONS_AT: Readonly<Partial<Record<string, number>>> = {
  "1.3": 112,
  "2.2": 120,
  "2.3": 120,
  "2.4": 120,
};

/** A table of a format with these reasons, where it has any. */
export function gpuMetricsTable(format: keyof typeof TABLE_BYTES, reasons: bigint): Uint8Array {
  const bytes = new Uint8Array(TABLE_BYTES[format]).fill(0xff);
  const view = new DataView(bytes.buffer);
  const [major, minor] = format.split(".").map(Number);
  view.setUint16(0, bytes.length, true);
  view.setUint8(2, major);
  view.setUint8(3, minor);
  const place = REASONS_AT[format];
  if (place !== undefined) view.setBigUint64(place, reasons, true);
  return bytes;
}
