import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { readGpuMetrics } from "../../../../src-main/adapters/telemetry/gpu-metrics.ts";
import { gpuMetricsTable, TABLE_BYTES } from "../../../worlds/gpu-metrics.ts";

type Format = keyof typeof TABLE_BYTES;

const FORMATS = Object.keys(TABLE_BYTES) as Format[];
const TELLING: readonly Format[] = ["1.3", "2.2", "2.3", "2.4"];
const throttleOf = (format: Format, bits: bigint) => {
  const read = readGpuMetrics(gpuMetricsTable(format, bits));
  return read.isTold ? read.throttle : read.why;
};

describe("adapters/telemetry/gpu-metrics", () => {
  it.each(TELLING)("reads the reasons of format %s, each family once", (format) => {
    expect(throttleOf(format, 0n)).toEqual([]);
    expect(throttleOf(format, 0b1001n)).toEqual(["power-limit"]);
    expect(throttleOf(format, 1n << 16n)).toEqual(["power-limit"]);
    expect(throttleOf(format, 1n << 34n)).toEqual(["heat"]);
    expect(throttleOf(format, 1n << 43n)).toEqual(["heat"]);
    expect(throttleOf(format, 1n << 44n)).toEqual(["hardware-slowdown"]);
    expect(throttleOf(format, 1n << 57n)).toEqual(["reliability"]);
    const all = [0, 22, 36, 47, 57].reduce((bits, bit) => bits | (1n << BigInt(bit)), 0n);
    expect(throttleOf(format, all)).toEqual([
      "power-limit",
      "heat",
      "hardware-slowdown",
      "reliability",
    ]);
    // Bits that nobody has named yet are no reason.
    expect(throttleOf(format, (1n << 24n) | (1n << 50n) | (1n << 63n))).toEqual([]);
  });

  it("takes what is filled with ones for not told, never for every reason", () => {
    for (const format of TELLING) {
      expect(throttleOf(format, 2n ** 64n - 1n)).toContain("does not know them");
    }
  });

  it("reads no reasons where they are the chip's own, nor of an unknown format", () => {
    for (const format of FORMATS.filter((one) => !TELLING.includes(one))) {
      expect(throttleOf(format, 0n)).toContain("the chip's own");
    }
    const newer = gpuMetricsTable("1.3", 1n);
    newer[3] = 9;
    expect(readGpuMetrics(newer)).toEqual({ isTold: false, why: "format 1.9 is not known" });
    const third = gpuMetricsTable("2.4", 1n);
    third.set([3, 0], 2);
    expect(readGpuMetrics(third)).toMatchObject({ why: "format 3.0 is not known" });
  });

  it("reads nothing of a table whose length is another than its format's", () => {
    fc.assert(
      fc.property(fc.constantFrom(...TELLING), fc.nat({ max: 512 }), (format, length) => {
        const whole = gpuMetricsTable(format, 0b1n);
        const bytes = new Uint8Array(length);
        bytes.set(whole.subarray(0, length));
        expect(readGpuMetrics(bytes).isTold).toBe(length === whole.length);
        const lied = gpuMetricsTable(format, 0b1n);
        new DataView(lied.buffer).setUint16(0, length, true);
        expect(readGpuMetrics(lied).isTold).toBe(length === whole.length);
      }),
    );
  });

  it("never throws, whatever the bytes", () => {
    const table = fc.tuple(
      fc.constantFrom(...FORMATS),
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    );
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc
        .tuple(table, fc.nat({ max: 400 }), fc.nat({ max: 255 }))
        .map(([[format, bits], place, byte]) => {
          const made = gpuMetricsTable(format, bits);
          if (place < made.length) made[place] = byte;
          return made;
        }),
    );
    fc.assert(
      fc.property(bytes, (one) => {
        const read = readGpuMetrics(one);
        if (!read.isTold) expect(read.why.length).toBeLessThanOrEqual(120);
      }),
    );
  });
});
