import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { readSensors, sensorReader } from "../../../../src-main/adapters/machine/index.ts";

const NOTHING = { celsius: [], limitWatts: [], throttledSeconds: [] };

let system: string;

beforeEach(() => {
  system = mkdtempSync(join(tmpdir(), "vivian-sys-"));
});

afterEach(() => rmSync(system, { recursive: true, force: true }));

function shows(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    const file = join(system, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${text}\n`);
  }
}

describe("readSensors", () => {
  it("reads what Linux shows, in °C, watts and seconds", async () => {
    shows({
      "class/hwmon/hwmon0/name": "coretemp",
      "class/hwmon/hwmon0/temp1_input": "41500",
      "class/hwmon/hwmon0/temp1_label": "Package id 0",
      "class/hwmon/hwmon0/temp2_input": "-5000",
      "class/powercap/intel-rapl:0/name": "package-0",
      "class/powercap/intel-rapl:0/constraint_0_power_limit_uw": "65000000",
      "class/powercap/intel-rapl:0:0/constraint_0_power_limit_uw": "1",
      "devices/system/cpu/cpu0/thermal_throttle/package_throttle_total_time_ms": "1500",
      "fs/cgroup/cpu.stat": "usage_usec 9\nnr_throttled 2\nthrottled_usec 250000",
    });
    expect(await readSensors(system)).toEqual({
      celsius: [
        { name: "hwmon0/coretemp/Package id 0", value: 41.5 },
        { name: "hwmon0/coretemp/temp2", value: -5 },
      ],
      limitWatts: [{ name: "cpu/package-0", value: 65 }],
      throttledSeconds: [
        { name: "heat", value: 1.5 },
        { name: "quota", value: 0.25 },
      ],
    });
  });

  it("gives no value for what is absent, empty or not a number", async () => {
    shows({
      "class/hwmon/hwmon0/temp1_input": "",
      "class/hwmon/hwmon0/temp2_input": "N/A",
      "class/powercap/intel-rapl:0/constraint_0_power_limit_uw": "0",
      "fs/cgroup/cpu.stat": "usage_usec 9",
    });
    expect(await readSensors(system)).toEqual(NOTHING);
    expect(await readSensors(join(system, "nowhere"))).toEqual(NOTHING);
  });

  it("tells nothing while a driver holds its reader up, and all when it has answered", async () => {
    shows({ "class/hwmon/hwmon0/name": "nvme", "fs/cgroup/cpu.stat": "throttled_usec 250000" });
    const pipe = join(system, "class/hwmon/hwmon0/temp1_input");
    // Whoever opens it waits until somebody writes.
    execFileSync("mkfifo", [pipe]);
    const read = sensorReader(system, 50);
    expect([await read(), await read()]).toEqual([NOTHING, NOTHING]);
    const writer = openSync(pipe, "w");
    rmSync(pipe);
    closeSync(writer);
    const told = { ...NOTHING, throttledSeconds: [{ name: "quota", value: 0.25 }] };
    await expect.poll(read, { timeout: 10_000 }).toEqual(told);
  });
});
