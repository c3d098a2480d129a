import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";

import { openTelemetryStore } from "../../../src-main/adapters/disk/index.ts";
import { openProcessor } from "../../../src-main/adapters/telemetry/index.ts";
import { telemetryHandlers } from "../../../src-main/api/index.ts";
import { checkResult } from "../../../src-main/contract/control-api/index.ts";
import { systemClock } from "../../../src-main/adapters/host/index.ts";
import type { WatchedDevice } from "../../../src-main/ports/device-telemetry.ts";
import { CardLimits } from "../../../src-main/processes/daemon/rules/card-limits.ts";
import { changedLimitsFile } from "../../../src-main/processes/daemon/rules/changed-limits.ts";
import { fileCard } from "../../../src-main/processes/daemon/rules/limited-cards.ts";
import { DriverReader } from "../../../src-main/processes/daemon/telemetry/driver-reader.ts";
import { openTelemetry } from "../../../src-main/processes/daemon/telemetry/open-telemetry.ts";
import { Telemetry } from "../../../src-main/processes/daemon/telemetry/telemetry.ts";
import { forkModule } from "../../../src-main/processes/fork-child.ts";
import { SystemFolder } from "../../worlds/system-folder.ts";
import { MovedClock, NotedLog } from "../../worlds/moved-clock.ts";

/** 0.5 % of a core in each second. */
const COST_MAX_US = 5_000;
const SECONDS = 1_200;
const START = 1_700_000_000_000;

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const openOn = (clock: MovedClock) => {
  const folder = mkdtempSync(join(tmpdir(), "vivian-telemetry-"));
  folders.push(folder);
  const { store } = openTelemetryStore(join(folder, "telemetry"));
  const telemetry = new Telemetry({ clock, log: new NotedLog(), store });
  // Eight devices with all files of a processor: more than most machines have.
  const processor = openProcessor();
  const ids = Array.from({ length: 8 }, (_, index) => ({ ...processor, id: `cpu-${index}` }));
  telemetry.watch(ids);
  return telemetry;
};

describe("watching", () => {
  it("costs at most 0.5 % of a core, storing included", async () => {
    const clock = new MovedClock(START);
    const telemetry = openOn(clock);
    const before = process.cpuUsage();
    for (let second = 0; second < SECONDS; second += 1) {
      clock.pass(1_000);
      // Lets the store's own thread and its answers in, as a daemon does between two seconds.
      if (second % 30 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await telemetry.close();
    const { user, system } = process.cpuUsage(before);
    const each = (user + system) / SECONDS;
    process.stderr.write(`a second of 8 devices: ${(each / 1_000).toFixed(3)} ms of a core\n`);
    expect(each).toBeLessThan(COST_MAX_US);
  });

  it("answers the calls in the published shape, and refuses what it does not know", async () => {
    const clock = new MovedClock(START);
    const telemetry = openOn(clock);
    clock.pass(90_000);
    const handlers = telemetryHandlers(telemetry);
    const now = await handlers["telemetry.now"]({});
    expect(now.ok && checkResult("telemetry.now", now.value)).toMatchObject({ ok: true });
    const span = { fromMs: START, toMs: START + 90_000, points: 30 };
    const asked = { device: "cpu-0", field: "memoryUsedBytes", ...span } as const;
    const series = await handlers["telemetry.series"](asked);
    expect(series.ok && checkResult("telemetry.series", series.value)).toMatchObject({ ok: true });
    expect(series.ok && series.value.points.length).toBeGreaterThan(10);
    const codeOf = async (params: Partial<typeof asked>) => {
      const answer = await handlers["telemetry.series"]({ ...asked, ...params });
      return answer.ok ? null : answer.rejection.code;
    };
    expect(await codeOf({ device: "gpu-7" as "cpu-0" })).toBe("TELEMETRY_DEVICE");
    expect(await codeOf({ toMs: START })).toBe("TELEMETRY_SPAN");
    await telemetry.close();
  });

  it("reads a driver's files by a process of its own", async () => {
    const machine = new SystemFolder().write({
      "sys/class/drm/card0/device/vendor": "0x1002",
      "sys/class/drm/card0/device/uevent": "DRIVER=amdgpu\nPCI_SLOT_NAME=0000:03:00.0",
      "sys/class/drm/card0/device/gpu_busy_percent": 42,
      "sys/class/drm/card0/device/hwmon/hwmon3/power1_cap": 263_000_000,
      "sys/class/drm/card0/device/hwmon/hwmon3/power1_cap_min": 100_000_000,
      "sys/class/drm/card0/device/hwmon/hwmon3/power1_cap_max": 303_000_000,
    });
    folders.push(machine.root);
    const path = new URL("../../../src-main/processes/telemetry-reader.ts", import.meta.url);
    const found: { devices: readonly WatchedDevice[] } = { devices: [] };
    const reader = new DriverReader({
      fork: () => forkModule(fileURLToPath(path)),
      clock: systemClock,
      log: new NotedLog(),
      ids: [["0000:03:00.0", "gpu-0"]],
      roots: { system: machine.system, processes: machine.processes },
      onDevices: (devices) => (found.devices = devices),
    });
    try {
      const busy = () => found.devices.find(({ id }) => id === "gpu-0")?.sample().utilisation;
      await expect.poll(busy, { timeout: 20_000 }).toBe(0.42);
      // Its own limit of power is set there too, within what was found, and put back.
      const [device] = found.devices;
      const { powerLimit } = device;
      if (powerLimit === undefined) throw new Error("no limit of power is shown");
      const card = fileCard(device, powerLimit, (wish) => reader.limit(device.id, wish));
      const kept = changedLimitsFile(join(machine.root, "power-limits.json"));
      const cards = new CardLimits({ kept, log: new NotedLog() });
      await cards.take([card]);
      const now = () => Number(readFileSync(powerLimit.file, "utf8"));
      cards.want(new Map([["gpu-0", 150.5]]));
      await expect.poll(now, { timeout: 20_000 }).toBe(150_000_000);
      expect(kept.read()).toMatchObject([{ foundWatts: 263, setWatts: 150 }]);
      await cards.close();
      expect([now(), kept.read()]).toEqual([263_000_000, []]);
    } finally {
      reader.close();
    }
  });

  it("begins anew beside a store that was unreadable, and says so", async () => {
    const folder = join(mkdtempSync(join(tmpdir(), "vivian-telemetry-")), "telemetry");
    folders.push(join(folder, ".."));
    mkdirSync(folder);
    writeFileSync(join(folder, "data.mdb"), "x".repeat(20_000));
    const log = new NotedLog();
    const stops: { readonly stop: () => Promise<void> }[] = [];
    const telemetry = openTelemetry({ folder, log, others: [], ids: [] }, stops as never);
    expect(log.warnings[0].facts?.["code"]).toBe("TELEMETRY_DAMAGED");
    expect(telemetry.latestSamples().map(({ id }) => id)).toContain("cpu");
    for (const { stop } of stops) await stop();
  });
});
