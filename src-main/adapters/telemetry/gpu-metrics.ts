/**
 * Decides what the table `gpu_metrics` of the driver amdgpu says of a card that is slowed: a file
 * of bytes whose head names its size and its format. Formats 1.3 and 2.2 to 2.4 tell reasons by
 * bits that mean the same on every chip; in the others they mean what the chip wants, and of a
 * format that is not known here nothing is read.
 * @source kernel, drivers/gpu/drm/amd/include/kgd_pp_interface.h (layouts) and
 *   drivers/gpu/drm/amd/pm/swsmu/inc/amdgpu_smu.h (bits SMU_THROTTLER_*)
 */

import type { ThrottleReason } from "../../ports/device-telemetry.ts";

/** Bytes that are read at most; the largest known table has 384. */
export const GPU_METRICS_BYTES_MAX = 4_096;

const HEAD_BYTES = 4;

/** Bytes of a format's table, and where its chip-independent bits are; null: it has none. */
interface MetricsFormat {
  readonly bytes: number;
  readonly reasons: number | null;
}

const FORMATS: ReadonlyMap<string, MetricsFormat> = new Map([
  ["1.0", { bytes: 80, reasons: null }],
  ["1.1", { bytes: 96, reasons: null }],
  ["1.2", { bytes: 104, reasons: null }],
  ["1.3", { bytes: 120, reasons: 112 }],
  ["1.4", { bytes: 288, reasons: null }],
  ["1.5", { bytes: 360, reasons: null }],
  ["1.6", { bytes: 384, reasons: null }],
  ["2.0", { bytes: 120, reasons: null }],
  ["2.1", { bytes: 120, reasons: null }],
  ["2.2", { bytes: 128, reasons: 120 }],
  ["2.3", { bytes: 152, reasons: 120 }],
  ["2.4", { bytes: 168, reasons: 120 }],
]);

/** First and last bit of each family, with what it is to people. */
const REASON_BITS: readonly (readonly [first: number, last: number, reason: ThrottleReason])[] = [
  // PPT0 to PPT3, SPL, FPPT, SPPT and SPPT_APU: power over some time.
  [0, 7, "power-limit"],
  // TDC, EDC and APCC: current, over some time or at once.
  [16, 23, "power-limit"],
  // GPU, core, memory, edge, hot spot, SoC, voltage regulators, liquid.
  [32, 43, "heat"],
  // VRHOT and PROCHOT: a wire that says "slower".
  [44, 47, "hardware-slowdown"],
  [56, 56, "power-limit"],
  // FIT: the chip spares itself.
  [57, 57, "reliability"],
];

/** The driver fills what it does not know with ones. */
const NOT_TOLD = 2n ** 64n - 1n;

/** What a table says. */
export type GpuMetrics =
  | { readonly isTold: true; readonly throttle: readonly ThrottleReason[] }
  | { readonly isTold: false; readonly why: string };

/** Reads a table. */
export function readGpuMetrics(bytes: Uint8Array): GpuMetrics {
  if (bytes.length < HEAD_BYTES) return untold("it is shorter than its head");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const name = `${view.getUint8(2)}.${view.getUint8(3)}`;
  const format = FORMATS.get(name);
  if (format === undefined) return untold(`format ${name} is not known`);
  const stated = view.getUint16(0, true);
  if (stated !== format.bytes || bytes.length !== format.bytes) {
    return untold(`format ${name} has ${format.bytes} bytes, not ${stated} of ${bytes.length}`);
  }
  if (format.reasons === null) return untold(`format ${name} has reasons of the chip's own`);
  const bits = view.getBigUint64(format.reasons, true);
  if (bits === NOT_TOLD) return untold("the driver does not know them on this chip");
  return { isTold: true, throttle: reasonsOf(bits) };
}

function untold(why: string): GpuMetrics {
  return { isTold: false, why };
}

function reasonsOf(bits: bigint): ThrottleReason[] {
  const found = new Set<ThrottleReason>();
  for (const [first, last, reason] of REASON_BITS) {
    const family = (2n ** BigInt(last - first + 1) - 1n) << BigInt(first);
    if ((bits & family) !== 0n) found.add(reason);
  }
  return [...found];
}
