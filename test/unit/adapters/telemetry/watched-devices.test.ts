import { afterEach, describe, expect, it } from "vitest";

import {
  hasDriverDevices,
  openDriverDevices,
  openProcessor,
} from "../../../../src-main/adapters/telemetry/watched-devices.ts";
import { powerCapFiles } from "../../../../src-main/adapters/telemetry/graphics-cards.ts";
import { limitsSetParamsSchema } from "../../../../src-main/contract/control-api/limits.ts";
import { NOTHING_TOLD } from "../../../../src-main/ports/device-telemetry.ts";
import { gpuMetricsTable } from "../../../worlds/gpu-metrics.ts";
import { SystemFolder } from "../../../worlds/system-folder.ts";

const made: SystemFolder[] = [];
const machine = () => {
  const folder = new SystemFolder();
  made.push(folder);
  return folder;
};
afterEach(() => made.splice(0).forEach((folder) => folder.remove()));

const at = (seconds: number) => 1_700_000_000_000 + seconds * 1_000;

const AMD = "sys/class/drm/card0/device";
/** Written after the driver's documentation, not taken from a machine. */
const AMD_FILES = {
  [`${AMD}/vendor`]: "0x1002",
  [`${AMD}/uevent`]: "DRIVER=amdgpu\nPCI_SLOT_NAME=0000:03:00.0",
  [`${AMD}/gpu_busy_percent`]: 97,
  [`${AMD}/mem_info_vram_used`]: 1_073_741_824,
  [`${AMD}/mem_info_vram_total`]: 17_163_091_968,
  [`${AMD}/pp_dpm_mclk`]: "0: 96Mhz\n1: 456Mhz\n2: 1124Mhz *",
  [`${AMD}/hwmon/hwmon3/name`]: "amdgpu",
  [`${AMD}/hwmon/hwmon3/power1_average`]: 211_000_000,
  [`${AMD}/hwmon/hwmon3/power1_cap`]: 263_000_000,
  [`${AMD}/hwmon/hwmon3/temp1_input`]: 71_000,
  [`${AMD}/hwmon/hwmon3/temp1_label`]: "edge",
  [`${AMD}/hwmon/hwmon3/temp2_input`]: 92_000,
  [`${AMD}/hwmon/hwmon3/temp2_label`]: "junction",
  [`${AMD}/hwmon/hwmon3/temp2_crit`]: 110_000,
  [`${AMD}/hwmon/hwmon3/temp3_input`]: 84_000,
  [`${AMD}/hwmon/hwmon3/temp3_label`]: "mem",
  [`${AMD}/hwmon/hwmon3/temp3_crit`]: 100_000,
  [`${AMD}/hwmon/hwmon3/fan1_input`]: 1_650,
  [`${AMD}/hwmon/hwmon3/fan1_max`]: 3_300,
  [`${AMD}/hwmon/hwmon3/freq1_input`]: 2_475_000_000,
};

describe("openDriverDevices", () => {
  it("reads an AMD card from the files of its driver", () => {
    const roots = machine().write(AMD_FILES);
    const [card, ...others] = openDriverDevices({
      roots,
      nowMs: () => at(0),
      idAt: (place) => (place === "0000:03:00.0" ? "gpu-0" : null),
    });
    expect(others).toEqual([]);
    expect(card).toMatchObject({ id: "gpu-0", source: "amdgpu" });
    expect(card.sample()).toEqual({
      atMs: at(0),
      utilisation: 0.97,
      memoryUsedBytes: 1_073_741_824,
      memoryTotalBytes: 17_163_091_968,
      celsius: 71,
      fan: 0.5,
      clockMhz: 2_475,
      memoryClockMhz: 1_124,
      watts: 211,
      limitWatts: 263,
      energyMillijoules: null,
      throttle: [],
      heat: [
        { place: "edge", celsius: 71, limitCelsius: null },
        { place: "junction", celsius: 92, limitCelsius: 110 },
        { place: "memory", celsius: 84, limitCelsius: 100 },
      ],
    });
    expect(card.notes).toEqual([
      "Why it is slowed is not told: the driver has no gpu_metrics here.",
    ]);
  });

  it("names each device before a file of its driver is read, and leaves out who hung", () => {
    const roots = machine().write({
      ...AMD_FILES,
      "sys/class/hwmon/hwmon7/name": "ina226",
      "sys/class/hwmon/hwmon7/power1_input": 4_000_000,
    });
    const named: string[] = [];
    const open = (without: readonly string[]) => {
      named.length = 0;
      const opening = (id: string) => void named.push(id);
      return openDriverDevices({ roots, without, opening }).map(({ id }) => id);
    };
    expect(open([])).toEqual(["pci-0000-03-00.0", "hwmon7-ina226"]);
    expect(named).toEqual(["pci-0000-03-00.0", "hwmon7-ina226"]);
    expect(open(["pci-0000-03-00.0"])).toEqual(["hwmon7-ina226"]);
    expect(named).toEqual(["hwmon7-ina226"]);
    expect(open(["pci-0000-03-00.0", "hwmon7-ina226"])).toEqual([]);
    expect(named).toEqual([]);
  });

  it("wakes no card that sleeps, and reads it again once it is awake", () => {
    const folder = machine();
    const status = (word: string) => folder.write({ [`${AMD}/power/runtime_status`]: word });
    const roots = folder.write(AMD_FILES);
    status("active");
    const [card] = openDriverDevices({ roots, nowMs: () => at(0) });
    expect(card.sample().watts).toBe(211);
    status("suspended");
    expect(card.sample()).toEqual({ atMs: at(0), ...NOTHING_TOLD });
    status("active");
    expect(card.sample().watts).toBe(211);
  });

  it("finds the file of a card's own limit of power, and takes it with the card", () => {
    const roots = machine().write({
      ...AMD_FILES,
      [`${AMD}/unique_id`]: "5a1b",
      [`${AMD}/hwmon/hwmon3/power1_cap_max`]: 303_000_000,
    });
    const [{ place, file }, ...others] = powerCapFiles(roots.system);
    expect([place, others]).toEqual(["0000:03:00.0", []]);
    const [card] = openDriverDevices({ roots });
    expect(card.cap).toMatchObject({ key: "amd-5a1b", file, leastWatts: 1 });
  });

  it("reads why an AMD card is slowed from its table, anew each time", () => {
    const table = `${AMD}/gpu_metrics`;
    const roots = machine().write({ ...AMD_FILES, [table]: gpuMetricsTable("1.3", 1n << 36n) });
    const [card] = openDriverDevices({ roots, nowMs: () => at(0) });
    expect(card.notes).toBeUndefined();
    expect(card.sample().throttle).toEqual(["heat"]);
    roots.write({ [table]: gpuMetricsTable("1.3", 0n) });
    expect(card.sample().throttle).toEqual([]);
    roots.write({ [table]: gpuMetricsTable("1.3", 0b11n) });
    expect(card.sample().throttle).toEqual(["power-limit"]);
    // Cut off in the middle: nothing, not half of it.
    roots.write({ [table]: gpuMetricsTable("1.3", 0b11n).subarray(0, 119) });
    expect(card.sample().throttle).toEqual([]);
  });

  it("says why the reasons of an AMD card of another format are not read", () => {
    const table = `${AMD}/gpu_metrics`;
    const roots = machine().write({ ...AMD_FILES, [table]: gpuMetricsTable("1.5", 0n) });
    const [card] = openDriverDevices({ roots, nowMs: () => at(0) });
    expect(card.notes?.[0]).toContain("format 1.5 has reasons of the chip's own");
    expect(card.sample().throttle).toEqual([]);
  });

  it("takes power1_input where a driver has no average, and names a card by its place", () => {
    const files: Record<string, string | number> = { ...AMD_FILES };
    delete files[`${AMD}/hwmon/hwmon3/power1_average`];
    files[`${AMD}/hwmon/hwmon3/power1_input`] = 34_500_000;
    const [card] = openDriverDevices({ roots: machine().write(files), nowMs: () => at(0) });
    expect(card.id).toBe("pci-0000-03-00.0");
    // One id of another form would have all limits refused by the control API.
    expect(limitsSetParamsSchema.safeParse({ device: card.id }).success).toBe(true);
    expect(card.sample().watts).toBe(34.5);
  });

  it("makes nothing up where a card tells nothing, and says null once a driver is gone", () => {
    const bare = machine().write({ [`${AMD}/vendor`]: "0x1002" });
    const [silent] = openDriverDevices({ roots: bare, nowMs: () => at(0) });
    const told = Object.entries(silent.sample()).filter(([, value]) => value !== null);
    expect(told).toEqual([
      ["atMs", at(0)],
      ["throttle", []],
    ]);
    const nonsense = machine().write({ ...AMD_FILES, [`${AMD}/gpu_busy_percent`]: "busy" });
    const [odd] = openDriverDevices({ roots: nonsense, nowMs: () => at(0) });
    expect(odd.sample()).toMatchObject({ utilisation: null, watts: 211 });
  });

  it("makes an Intel card's watts and busy share from its counters", () => {
    const card = "sys/class/drm/card1";
    const files = {
      [`${card}/device/vendor`]: "0x8086",
      [`${card}/device/uevent`]: "DRIVER=i915\nPCI_SLOT_NAME=0000:04:00.0",
      [`${card}/gt/gt0/rps_act_freq_mhz`]: 2_050,
      [`${card}/gt/gt0/rc6_residency_ms`]: 10_000,
      [`${card}/gt/gt0/throttle_reason_thermal`]: 0,
      [`${card}/gt/gt0/throttle_reason_pl1`]: 1,
      [`${card}/device/hwmon/hwmon2/name`]: "i915",
      [`${card}/device/hwmon/hwmon2/energy1_input`]: 5_000_000,
      [`${card}/device/hwmon/hwmon2/power1_max`]: 190_000_000,
    };
    const roots = machine().write(files);
    let seconds = 0;
    const [device] = openDriverDevices({ roots, nowMs: () => at(seconds) });
    expect(device.sample()).toMatchObject({ watts: null, utilisation: null, energyMillijoules: 0 });
    seconds = 1;
    roots.write({
      [`${card}/gt/gt0/rc6_residency_ms`]: 10_250,
      [`${card}/device/hwmon/hwmon2/energy1_input`]: 125_000_000,
    });
    expect(device.sample()).toMatchObject({
      watts: 120,
      energyMillijoules: 120_000,
      utilisation: 0.75,
      clockMhz: 2_050,
      limitWatts: 190,
      throttle: ["power-limit"],
    });
  });

  it("lists other sensors only where they measure power, and no chip twice", () => {
    const roots = machine().write({
      "sys/class/hwmon/hwmon0/name": "acpitz",
      "sys/class/hwmon/hwmon0/temp1_input": 45_000,
      "sys/class/hwmon/hwmon1/name": "corsairpsu",
      "sys/class/hwmon/hwmon1/power1_input": 312_000_000,
      "sys/class/hwmon/hwmon2/name": "amdgpu",
      "sys/class/hwmon/hwmon2/power1_average": 1,
    });
    const devices = openDriverDevices({ roots, nowMs: () => at(0) });
    expect(devices.map(({ id }) => id)).toEqual(["hwmon1-corsairpsu"]);
    expect(devices[0].sample()).toMatchObject({ watts: 312, celsius: null });
    expect(hasDriverDevices(roots)).toBe(true);
    expect(hasDriverDevices(machine())).toBe(false);
  });
});

describe("openProcessor", () => {
  const FILES = {
    "proc/stat": "cpu  100 0 100 800 0 0 0 0 0 0\ncpu0 100 0 100 800 0 0 0 0 0 0",
    "proc/meminfo": "MemTotal:       16000000 kB\nMemFree: 1 kB\nMemAvailable:    6000000 kB",
    "sys/class/hwmon/hwmon0/name": "k10temp",
    "sys/class/hwmon/hwmon0/temp1_input": 62_500,
    "sys/class/hwmon/hwmon0/temp1_label": "Tctl",
    "sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq": 3_600_000,
    "sys/devices/system/cpu/cpu1/cpufreq/scaling_cur_freq": 3_400_000,
    "sys/class/powercap/intel-rapl:0/name": "package-0",
    "sys/class/powercap/intel-rapl:0/energy_uj": 262_000_000_000,
    "sys/class/powercap/intel-rapl:0/max_energy_range_uj": 262_143_328_850,
    "sys/class/powercap/intel-rapl:0/constraint_0_power_limit_uw": 95_000_000,
    "sys/class/powercap/intel-rapl-mmio:0/name": "package-0",
    "sys/class/powercap/intel-rapl-mmio:0/energy_uj": 1,
    "sys/fs/cgroup/cpu.stat": "usage_usec 5\nthrottled_usec 100",
  };

  it("tells busy share, memory, heat, clock, watts over a wrap, and what slowed it", () => {
    const roots = machine().write(FILES);
    let seconds = 0;
    const processor = openProcessor({ roots, nowMs: () => at(seconds) });
    expect(processor.sample()).toMatchObject({ utilisation: null, watts: null, throttle: [] });
    seconds = 1;
    roots.write({
      "proc/stat": "cpu  160 0 115 825 0 0 0 0 0 0",
      "sys/class/powercap/intel-rapl:0/energy_uj": 56_671_150 - 143_328_850 + 100_000_000,
      "sys/fs/cgroup/cpu.stat": "usage_usec 5\nthrottled_usec 300",
    });
    const sample = processor.sample();
    expect(sample).toMatchObject({
      utilisation: 0.75,
      memoryTotalBytes: 16_384_000_000,
      memoryUsedBytes: 10_240_000_000,
      celsius: 62.5,
      clockMhz: 3_500,
      limitWatts: 95,
      throttle: ["setting"],
    });
    // 143.328850 J to the end of the range and 13.342300 J after it.
    expect(sample.watts).toBeCloseTo(156.67115, 6);
    expect(sample.energyMillijoules).toBe(156_671);
    processor.close();
  });

  it("has no watts where this account may not read the counter", () => {
    const files: Record<string, string | number> = { ...FILES };
    delete files["sys/class/powercap/intel-rapl:0/energy_uj"];
    delete files["sys/class/powercap/intel-rapl-mmio:0/energy_uj"];
    const processor = openProcessor({ roots: machine().write(files), nowMs: () => at(0) });
    processor.sample();
    expect(processor.sample()).toMatchObject({ watts: null, energyMillijoules: null });
  });

  it("tells busy share and memory where there is no /proc at all", () => {
    const processor = openProcessor({ roots: machine(), nowMs: () => at(0) });
    const sample = processor.sample();
    expect(sample.memoryTotalBytes).toBeGreaterThan(0);
    expect(sample.celsius).toBeNull();
  });
});
