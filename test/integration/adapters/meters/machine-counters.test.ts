import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { discoverMeters } from "../../../../src-main/adapters/meters/index.ts";
import type { MeterNeeds } from "../../../../src-main/adapters/meters/index.ts";
import { meterContract } from "../../../worlds/meters/meter-contract.ts";
import { movedClock, openDescribed } from "../../../worlds/meters/open-described.ts";
import { powerProfile } from "../../../worlds/meters/power-profile.ts";
import { fileTree, writeDomain } from "../../../worlds/meters/sysfs.ts";
import type { FileTree } from "../../../worlds/meters/sysfs.ts";

const SOCKET = "run/vivian-meter/energy.sock";
const HELPER = join(import.meta.dirname, "../../../../packaging/meter-helper/vivian-meter.mjs");

/** A world whose files are written anew each time the simulated clock moves. */
async function filesWorld(table: object, show: (tree: FileTree, microjoules: number) => void) {
  const tree = fileTree();
  const time = movedClock();
  const profile = powerProfile([{ fromMs: time.startMs - 10_000, watts: 90 }], time.nowMs);
  const write = (): void => show(tree, profile.millijoules() * 1_000);
  write();
  const meter = await openDescribed(table, { ...time.needs, root: tree.root });
  return {
    ...time,
    pass(ms: number) {
      // As a kernel, in steps in which no register begins anew twice.
      for (let left = ms; left > 0; left -= 100_000) time.pass(Math.min(left, 100_000));
      write();
    },
    meter,
    trueMillijoules: () => profile.millijoules(),
    stepMillijoules: 1,
    breakIt: () => tree.remove("sys/class"),
    mend: write,
    secrets: [],
    close: async () => {
      await meter.close();
      tree.close();
    },
  };
}

describe("RAPL as a meter", () => {
  meterContract(() =>
    filesWorld({ kind: "rapl", id: "rapl-packages", device: "cpu" }, (tree, microjoules) => {
      const half = microjoules / 2;
      writeDomain(tree, "intel-rapl:0", { name: "package-0", microjoules: half });
      writeDomain(tree, "intel-rapl:1", { name: "package-1", microjoules: half });
      writeDomain(tree, "intel-rapl:0:0", { name: "core", microjoules });
      writeDomain(tree, "intel-rapl:2", { name: "psys", microjoules: microjoules * 3 });
      writeDomain(tree, "intel-rapl-mmio:0", { name: "package-0", microjoules: half });
    }),
  );
});

describe("hwmon as a meter", () => {
  meterContract(() =>
    filesWorld({ kind: "hwmon", id: "arc", chip: "xe" }, (tree, microjoules) => {
      tree.write("sys/class/hwmon/hwmon3/name", "xe");
      tree.write("sys/class/hwmon/hwmon3/energy1_input", microjoules);
      tree.write("sys/class/hwmon/hwmon3/energy2_input", microjoules * 2);
    }),
  );
  meterContract(async () => {
    const world = await filesWorld({ kind: "hwmon", id: "radeon", chip: "amdgpu" }, (tree) => {
      tree.write("sys/class/hwmon/hwmon0/name", "amdgpu");
      tree.write("sys/class/hwmon/hwmon0/power1_average", 90_000_000);
    });
    return { ...world, trueMillijoules: () => null };
  });
});

describe("meters of this machine", () => {
  let tree: FileTree;
  let needs: MeterNeeds;
  beforeEach(() => {
    tree = fileTree();
    needs = { ...movedClock().needs, root: tree.root, platform: "linux" };
  });
  afterEach(() => tree.close());

  it("are those that are there, with a reading or the reason against it", async () => {
    expect(await discoverMeters(needs)).toEqual([]);
    writeDomain(tree, "intel-rapl:0", { name: "package-0", microjoules: 1 });
    tree.write("sys/class/hwmon/hwmon0/name", "coretemp");
    tree.write("sys/class/hwmon/hwmon1/name", "amdgpu");
    tree.write("sys/class/hwmon/hwmon1/power1_input", 45_500_000);
    tree.link("sys/class/hwmon/hwmon1/device", "sys/devices/pci0000:00/0000:03:00.0");
    tree.write("sys/class/hwmon/hwmon2/name", "i915");
    tree.write("sys/class/hwmon/hwmon2/energy1_input", "no number");
    const found = await discoverMeters(needs);
    const told = found.map(({ description, pci, reading, fault }) => {
      return [description.id, pci, reading?.watts ?? reading?.register?.millijoules, fault?.code];
    });
    expect(told).toEqual([
      ["rapl-packages", null, 0, undefined],
      ["hwmon-amdgpu-0000:03:00.0", "0000:03:00.0", 45.5, undefined],
      ["hwmon-i915", null, undefined, "METERS_COUNTER"],
    ]);
  });

  it.each([
    ["amdgpu", "power1_average", { watts: 45.5 }],
    ["xe", "energy1_input", { register: { millijoules: 45_500 } }],
  ])("leave a card that sleeps asleep, also at their opening: %s", async (chip, file, shown) => {
    tree.write("sys/class/hwmon/hwmon0/name", chip);
    tree.write(`sys/class/hwmon/hwmon0/${file}`, 45_500_000);
    tree.write("sys/class/hwmon/hwmon0/device/power/runtime_status", "suspended");
    const read: string[] = [];
    const numberInFile = (path: string): number => {
      read.push(path);
      return 45_500_000;
    };
    const meter = await openDescribed(
      { kind: "hwmon", id: "card", chip },
      { ...needs, numberInFile },
    );
    await expect(meter.read()).rejects.toMatchObject({ code: "METERS_NO_VALUE" });
    expect(read).toEqual([]);
    tree.write("sys/class/hwmon/hwmon0/device/power/runtime_status", "active");
    expect(await meter.read()).toMatchObject(shown);
    expect(read).not.toEqual([]);
    await meter.close();
  });

  it("are none of Linux' on another system", async () => {
    writeDomain(tree, "intel-rapl:0", { name: "package-0", microjoules: 1 });
    expect(await discoverMeters({ ...needs, platform: "freebsd" })).toEqual([]);
  });
});

/** As root's files are to others. */
function closedFile(path: string): number {
  throw Object.assign(new Error(`${path}: permission denied`), { code: "EACCES" });
}

/** The meter of a machine whose counters are root's. */
function openHelperMeter(tree: FileTree, needs: MeterNeeds) {
  writeDomain(tree, "intel-rapl:9", { name: "package-9", microjoules: 0 });
  const table = { kind: "rapl", id: "rapl-packages" };
  return openDescribed(table, { ...needs, numberInFile: closedFile });
}

describe("the unit that passes root's counters on", () => {
  it("is what is missing where the counters are root's", async () => {
    const tree = fileTree();
    const needs = { ...movedClock().needs, root: tree.root };
    await expect(openHelperMeter(tree, needs)).rejects.toMatchObject({ code: "METERS_PERMISSION" });
    tree.write("sys/class/hwmon/hwmon0/name", "amd_energy");
    tree.write("sys/class/hwmon/hwmon0/energy17_label", "Esocket0");
    tree.write("sys/class/hwmon/hwmon0/energy17_input", 1);
    const table = { kind: "hwmon", id: "epyc", chip: "amd_energy" };
    const opened = openDescribed(table, { ...needs, numberInFile: closedFile });
    await expect(opened).rejects.toMatchObject({ code: "METERS_PERMISSION" });
    tree.close();
  });

  it("passes no psys on, and an absent counter is absent", async () => {
    const tree = fileTree();
    const needs = { ...movedClock().needs, root: tree.root };
    const psys = openDescribed({ kind: "rapl", id: "rapl-psys", domain: "psys" }, needs);
    await expect(psys).rejects.toMatchObject({ code: "METERS_ABSENT" });
    tree.close();
  });

  it("tells each package once and counts on where one begins anew", async () => {
    const tree = fileTree();
    writeDomain(tree, "intel-rapl:0", {
      name: "package-0",
      microjoules: 900_000,
      range: 1_000_000,
    });
    writeDomain(tree, "intel-rapl:1", { name: "psys", microjoules: 5 });
    writeDomain(tree, "intel-rapl-mmio:0", { name: "package-0", microjoules: 900_000 });
    const socket = join(tree.root, SOCKET);
    mkdirSync(dirname(socket), { recursive: true });
    const folder = join(tree.root, "sys/class/powercap");
    const helper = spawn(process.execPath, [HELPER, socket, folder], { stdio: "ignore" });
    try {
      await expect.poll(() => existsSync(socket), { timeout: 5_000 }).toBe(true);
      const needs = { ...movedClock().needs, root: tree.root, requestMs: 2_000 };
      const meter = await openHelperMeter(tree, needs);
      const first = await meter.read();
      expect(first.register).toMatchObject({ millijoules: 0, wrapsAtMillijoules: null });
      writeDomain(tree, "intel-rapl:0", {
        name: "package-0",
        microjoules: 100_000,
        range: 1_000_000,
      });
      await expect
        .poll(async () => (await meter.read()).register?.millijoules, { timeout: 5_000 })
        .toBe(200);
      expect((await meter.read()).register?.epoch).toBe(first.register?.epoch);
    } finally {
      helper.kill();
      await once(helper, "exit");
      tree.close();
    }
  });

  it.each([
    ["something else", "hello\n", "METERS_ANSWER"],
    ["another schema", '{"schema":"other/1","since":"x","packages":[]}\n', "METERS_ANSWER"],
    ["without end", "x".repeat(10_000), "METERS_ANSWER"],
    ["nothing", null, "METERS_TIMEOUT"],
  ])("is not believed where it says %s", async (_what, said, code) => {
    const tree = fileTree();
    const path = join(tree.root, SOCKET);
    mkdirSync(dirname(path), { recursive: true });
    const server = createServer((socket) => {
      socket.on("error", () => socket.destroy());
      if (said !== null) socket.end(said);
    });
    server.listen(path);
    await once(server, "listening");
    const needs = { ...movedClock().needs, root: tree.root };
    const meter = await openHelperMeter(tree, needs);
    await expect(meter.read()).rejects.toMatchObject({ code });
    server.close();
    tree.close();
  });
});
