/**
 * Counters of the machine whose files and answers are broken: cut off, empty, of bytes that are no
 * text, of numbers that no number holds. A meter gives a possible reading or a fault of its own;
 * what is watched each second says nothing rather than something that is not so.
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { discoverMeters, openMeter } from "../../../../src-main/adapters/meters/index.ts";
import type { MeterNeeds } from "../../../../src-main/adapters/meters/index.ts";
import {
  openDriverDevices,
  openProcessor,
} from "../../../../src-main/adapters/telemetry/watched-devices.ts";
import { Fault } from "../../../../src-main/contract/outcome.ts";
import type { MeterReading } from "../../../../src-main/ports/meter.ts";
import * as reader from "../../../../src-main/processes/daemon/telemetry/reader-messages.ts";
import { gpuMetricsTable } from "../../../worlds/gpu-metrics.ts";
import { described, movedClock } from "../../../worlds/meters/open-described.ts";

const CARD = "sys/class/drm/card0/device";
const RAPL = "sys/class/powercap/intel-rapl:0";

/** Every file that is read, as it is where all is well. */
const WELL: Readonly<Record<string, string | Uint8Array>> = {
  [`${RAPL}/name`]: "package-0",
  [`${RAPL}/energy_uj`]: "262000000000",
  [`${RAPL}/max_energy_range_uj`]: "262143328850",
  [`${CARD}/vendor`]: "0x1002",
  [`${CARD}/uevent`]: "DRIVER=amdgpu\nPCI_SLOT_NAME=0000:03:00.0",
  [`${CARD}/gpu_busy_percent`]: "97",
  [`${CARD}/mem_info_vram_used`]: "1073741824",
  [`${CARD}/mem_info_vram_total`]: "17163091968",
  [`${CARD}/pp_dpm_mclk`]: "0: 96Mhz\n1: 1124Mhz *",
  [`${CARD}/gpu_metrics`]: gpuMetricsTable("1.3", 1n << 36n),
  [`${CARD}/hwmon/hwmon3/name`]: "amdgpu",
  [`${CARD}/hwmon/hwmon3/power1_average`]: "211000000",
  [`${CARD}/hwmon/hwmon3/power1_cap`]: "263000000",
  [`${CARD}/hwmon/hwmon3/temp1_input`]: "71000",
  [`${CARD}/hwmon/hwmon3/temp1_label`]: "edge",
  [`${CARD}/hwmon/hwmon3/temp2_input`]: "92000",
  [`${CARD}/hwmon/hwmon3/temp2_label`]: "junction",
  [`${CARD}/hwmon/hwmon3/temp2_crit`]: "110000",
  [`${CARD}/hwmon/hwmon3/fan1_input`]: "1650",
  [`${CARD}/hwmon/hwmon3/fan1_max`]: "3300",
  "sys/class/hwmon/hwmon3/name": "amdgpu",
  "sys/class/hwmon/hwmon3/power1_average": "211000000",
  "sys/class/hwmon/hwmon4/name": "i915",
  "sys/class/hwmon/hwmon4/energy1_input": "5000000",
  "proc/stat": "cpu  100 0 100 800 0 0 0 0 0 0\ncpu0 100 0 100 800 0 0 0 0 0 0",
  "proc/meminfo": "MemTotal:       16000000 kB\nMemAvailable:    6000000 kB",
};
const PATHS = Object.keys(WELL);

/** What stands in a file instead; a number is where it is cut off. */
const broken = fc.oneof(
  fc.nat({ max: 130 }),
  fc.uint8Array({ maxLength: 40 }),
  fc.constantFrom("", "-1", "1e9", "99999999999999999999", "0x", "NaN", "nan\n\n", "\0\0", " 5 6"),
  fc.string({ maxLength: 24 }),
);
const harms = fc.array(fc.tuple(fc.constantFrom(...PATHS), broken), { minLength: 1, maxLength: 5 });

function laid(given: readonly (readonly [string, number | string | Uint8Array])[]): string {
  const root = mkdtempSync(join(tmpdir(), "vivian-broken-"));
  const files = new Map<string, string | Uint8Array>(Object.entries(WELL));
  for (const [path, harm] of given) {
    const well = files.get(path) ?? "";
    files.set(path, typeof harm === "number" ? well.slice(0, harm) : harm);
  }
  for (const [path, text] of files) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

function expectPossible({ register, watts, atMs }: MeterReading): void {
  expect(Number.isSafeInteger(atMs)).toBe(true);
  expect(register !== null || watts !== null).toBe(true);
  if (watts !== null) expect(Number.isFinite(watts) && watts >= 0).toBe(true);
  if (register === null) return;
  expect(Number.isSafeInteger(register.millijoules) && register.millijoules >= 0).toBe(true);
}

/** Opens and reads a meter; all it may throw is a fault of meters. */
async function readOnce(table: object, needs: MeterNeeds): Promise<"read" | "fault"> {
  try {
    const meter = await openMeter(described(table), needs);
    try {
      expectPossible(await meter.read());
      return "read";
    } finally {
      await meter.close();
    }
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    expect(error.code).toMatch(/^METERS_/);
    return "fault";
  }
}

const METERS = [
  { kind: "rapl", id: "any" },
  { kind: "hwmon", id: "any", chip: "amdgpu" },
  { kind: "hwmon", id: "any", chip: "i915" },
];

describe.skipIf(process.platform === "win32")(
  "counters of the machine whose files are broken",
  () => {
    it("are read where all is well, so that what follows can fail", async () => {
      const root = laid([]);
      const needs = { ...movedClock().needs, root, platform: "linux" };
      for (const table of METERS) expect(await readOnce(table, needs)).toBe("read");
      const [card] = openDriverDevices({
        roots: { system: join(root, "sys"), processes: join(root, "proc") },
        nowMs: () => 1,
      });
      expect(card.sample()).toMatchObject({ watts: 211, throttle: ["heat"] });
      rmSync(root, { recursive: true });
    });

    it("give a possible reading or a fault, and finding them never throws", async () => {
      const seen = new Set<string>();
      await fc.assert(
        fc.asyncProperty(harms, async (given) => {
          const root = laid(given);
          const needs = { ...movedClock().needs, root, platform: "linux" };
          try {
            for (const table of METERS) seen.add(await readOnce(table, needs));
            for (const { reading, fault } of await discoverMeters(needs)) {
              if (reading !== null) expectPossible(reading);
              if (fault !== null) expect(fault.code).toMatch(/^METERS_/);
            }
          } finally {
            rmSync(root, { recursive: true, force: true });
          }
        }),
        { numRuns: 120 },
      );
      expect(seen).toEqual(new Set(["read", "fault"]));
    }, 60_000);

    it("are watched without a word that the daemon would not take", () => {
      fc.assert(
        fc.property(harms, harms, (first, then) => {
          const root = laid(first);
          const roots = { system: join(root, "sys"), processes: join(root, "proc") };
          const devices = [openProcessor({ roots, nowMs: () => 1 })];
          try {
            devices.push(...openDriverDevices({ roots, nowMs: () => 1 }));
            const named = devices.map(({ id, name, source, notes = [] }) => {
              return { id, name, source, notes };
            });
            expect(reader.checkReaderTold({ kind: "devices", devices: named })).not.toBeNull();
            // Files may break while they are open, too.
            for (const [path, harm] of then) {
              const text = typeof harm === "number" ? (WELL[path] ?? "").slice(0, harm) : harm;
              writeFileSync(join(root, path), text);
            }
            for (const device of devices) {
              const sample = device.sample();
              expect(reader.checkReaderTold({ kind: "sample", index: 0, sample })).not.toBeNull();
            }
          } finally {
            for (const device of devices) device.close();
            rmSync(root, { recursive: true, force: true });
          }
        }),
        { numRuns: 150 },
      );
    }, 60_000);
  },
);

describe("counters of other systems that answer anything", () => {
  const { needs } = movedClock();

  it("in IOReport's channels and in powermetrics' text", async () => {
    const channel = fc.record({
      name: fc.oneof(
        fc.string(),
        fc.constantFrom("CPU Energy", "DIE_1_CPU Energy", "GPU Energy", "ANE0"),
      ),
      unit: fc.oneof(fc.string(), fc.constantFrom("mJ", "uJ", "nJ ", "toString", "J")),
      value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    });
    const number = fc.oneof(
      fc.nat().map(String),
      fc.constantFrom("9".repeat(400), "-5", "", "0x10", "1e3", "12.5"),
    );
    const text = fc.oneof(
      fc.string({ maxLength: 300 }),
      fc
        .tuple(number, number, number)
        .map(
          ([cpu, gpu, ane]) => `CPU Power: ${cpu} mW\nGPU Power: ${gpu} mW\nANE Power: ${ane} mW`,
        ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(channel, { maxLength: 5 }), text, async (channels, said) => {
        const mac = {
          ...needs,
          platform: "darwin",
          appleSampler: () => ({ sample: () => channels, close: () => undefined }),
          powermetrics: () => Promise.resolve(said),
        };
        await readOnce({ kind: "ioreport", id: "any" }, mac);
        await readOnce({ kind: "powermetrics", id: "any" }, mac);
      }),
      { numRuns: 400 },
    );
  });
});
