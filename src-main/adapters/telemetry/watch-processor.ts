/**
 * Decides what is read of the processor each second: busy share from /proc/stat, temperature and
 * fan from its sensor chip, mean clock, package watts from powercap where this account may read
 * them, and whether heat or a quota slowed it. Elsewhere than on Linux what Node knows.
 */

import { cpus, freemem, totalmem } from "node:os";
import { join } from "node:path";

import { NOTHING_TOLD } from "../../ports/device-telemetry.ts";
import type { ThrottleReason, WatchedDevice } from "../../ports/device-telemetry.ts";
import { EnergyDifference } from "./counter-power.ts";
import { HwmonChip, hwmonChips } from "./hwmon-chip.ts";
import { KeptFile, namesIn, numberOf, textOf } from "./kept-file.ts";
import type { WatchRoots } from "./watch-roots.ts";

/** Drivers of processors' own sensors, and the label of the whole package's temperature. */
const PROCESSOR_CHIPS: Readonly<Record<string, readonly string[]>> = {
  coretemp: ["Package id 0", "Physical id 0"],
  k10temp: ["Tctl", "Tdie"],
  zenpower: ["Tctl", "Tdie"],
  cpu_thermal: [],
};

/** Cores whose clock is read: their mean says enough, and each read may wake a core. */
const CLOCKS_MAX = 8;

/** The processor as a watched device. */
export function watchProcessor(roots: WatchRoots, nowMs: () => number): WatchedDevice {
  const { system, processes } = roots;
  const busy = busyShare(processes);
  const memory = memoryUse(processes);
  const chips = hwmonChips(join(system, "class/hwmon"));
  const own = chips.find(({ driver }) => Object.hasOwn(PROCESSOR_CHIPS, driver));
  const chip = own === undefined ? null : new HwmonChip(own.path);
  const labels = own === undefined ? [] : PROCESSOR_CHIPS[own.driver];
  const clock = meanClock(system);
  const packages = packageEnergy(system);
  const throttle = slowedBy(system);
  return {
    id: "cpu",
    name: cpus()[0]?.model.trim() ?? "processor",
    source: "cpu",
    sample() {
      const atMs = nowMs();
      const { watts, millijoules } = packages.take(atMs);
      return {
        atMs,
        ...NOTHING_TOLD,
        ...memory(),
        utilisation: busy(),
        celsius: chip?.celsius(...labels) ?? chip?.celsius() ?? null,
        fan: chip?.fan() ?? null,
        clockMhz: clock.read(),
        watts,
        limitWatts: packages.limitWatts,
        energyMillijoules: millijoules,
        throttle: throttle.read(),
      };
    },
    close() {
      chip?.close();
      for (const part of [clock, packages, throttle]) part.close();
    },
  };
}

/** Share of the time since the reading before in which the processor was not idle. */
function busyShare(processes: string): () => number | null {
  const file = new KeptFile(join(processes, "stat"));
  let last: { readonly all: number; readonly idle: number } | null = null;
  return () => {
    const now = timesOfStat(file.text()) ?? timesOfNode();
    const before = last;
    last = now;
    if (before === null || now.all <= before.all) return null;
    const idle = (now.idle - before.idle) / (now.all - before.all);
    return Math.min(1, Math.max(0, 1 - idle));
  };
}

/** @source proc(5): user nice system idle iowait irq softirq steal guest guest_nice */
function timesOfStat(text: string | null) {
  const fields = /^cpu +([\d ]+)/
    .exec(text ?? "")?.[1]
    ?.trim()
    .split(/ +/)
    .map(Number);
  if (fields === undefined || fields.length < 5) return null;
  // Guest time is part of user time already.
  const all = fields.slice(0, 8).reduce((sum, value) => sum + value, 0);
  return { all, idle: fields[3] + fields[4] };
}

function timesOfNode() {
  let all = 0;
  let idle = 0;
  for (const { times } of cpus()) {
    all += times.user + times.nice + times.sys + times.idle + times.irq;
    idle += times.idle;
  }
  return { all, idle };
}

function memoryUse(processes: string) {
  const file = new KeptFile(join(processes, "meminfo"));
  return () => {
    const text = file.text() ?? "";
    const total = /^MemTotal: +(\d+) kB$/m.exec(text)?.[1];
    const free = /^MemAvailable: +(\d+) kB$/m.exec(text)?.[1];
    const totalBytes = total === undefined ? totalmem() : Number(total) * 1_024;
    const freeBytes = free === undefined ? freemem() : Number(free) * 1_024;
    return { memoryTotalBytes: totalBytes, memoryUsedBytes: Math.max(0, totalBytes - freeBytes) };
  };
}

function meanClock(system: string) {
  const folder = join(system, "devices/system/cpu");
  const files = namesIn(folder)
    .filter((name) => /^cpu\d+$/.test(name))
    .map((name) => join(folder, name, "cpufreq/scaling_cur_freq"))
    .filter((path) => numberOf(textOf(path)) !== null)
    .slice(0, CLOCKS_MAX)
    .map((path) => new KeptFile(path));
  return {
    read(): number | null {
      const known = files.map((file) => file.number()).filter((value) => value !== null);
      if (known.length === 0) return null;
      return known.reduce((sum, value) => sum + value, 0) / known.length / 1_000;
    },
    close: () => files.forEach((file) => file.close()),
  };
}

/** The packages of powercap, each once; parts of a package are within it. */
function packageEnergy(system: string) {
  const folder = join(system, "class/powercap");
  const byName = new Map<string, string>();
  for (const zone of namesIn(folder).filter((name) => /^intel-rapl:\d+$/.test(name))) {
    const name = textOf(join(folder, zone, "name")) ?? "";
    const readable = numberOf(textOf(join(folder, zone, "energy_uj"))) !== null;
    if (name.startsWith("package") && readable && !byName.has(name)) {
      byName.set(name, join(folder, zone));
    }
  }
  const zones = [...byName.values()].map((path) => ({
    file: new KeptFile(join(path, "energy_uj")),
    counted: new EnergyDifference(numberOf(textOf(join(path, "max_energy_range_uj")))),
    limit: numberOf(textOf(join(path, "constraint_0_power_limit_uw"))),
  }));
  const limits = zones.map(({ limit }) => limit).filter((limit) => limit !== null && limit > 0);
  return {
    limitWatts:
      zones.length === 0 || limits.length < zones.length
        ? null
        : limits.reduce((sum: number, limit) => sum + (limit ?? 0), 0) / 1e6,
    take(atMs: number) {
      let watts: number | null = zones.length === 0 ? null : 0;
      let millijoules: number | null = zones.length === 0 ? null : 0;
      for (const { file, counted } of zones) {
        const microjoules = file.number();
        const taken = microjoules === null ? null : counted.take(microjoules, atMs);
        const more = taken?.watts ?? null;
        watts = watts === null || more === null ? null : watts + more;
        millijoules =
          millijoules === null || taken === null ? null : millijoules + taken.millijoules;
      }
      return { watts, millijoules };
    },
    close: () => zones.forEach(({ file }) => file.close()),
  };
}

/** What grew since the reading before: time slowed by heat, and by the quota of its group. */
function slowedBy(system: string) {
  const heat = new KeptFile(
    join(system, "devices/system/cpu/cpu0/thermal_throttle/package_throttle_total_time_ms"),
  );
  const quota = new KeptFile(join(system, "fs/cgroup/cpu.stat"));
  const grew = () => {
    let last: number | null = null;
    return (now: number | null) => {
      const more = now !== null && last !== null && now > last;
      last = now;
      return more;
    };
  };
  const [heatGrew, quotaGrew] = [grew(), grew()];
  return {
    read(): ThrottleReason[] {
      const quotaUs = /^throttled_usec (\d+)$/m.exec(quota.text() ?? "")?.[1];
      const reasons: ThrottleReason[] = [];
      if (heatGrew(heat.number())) reasons.push("heat");
      if (quotaGrew(quotaUs === undefined ? null : Number(quotaUs))) reasons.push("setting");
      return reasons;
    },
    close: () => [heat, quota].forEach((file) => file.close()),
  };
}
