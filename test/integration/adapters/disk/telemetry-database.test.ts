import { fork } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";

import { openTelemetryStore } from "../../../../src-main/adapters/disk/telemetry-database.ts";
import {
  TELEMETRY_DEVICES_MAX,
  TELEMETRY_FIELDS,
  TELEMETRY_LEVELS,
} from "../../../../src-main/ports/telemetry-store.ts";
import type { TelemetryRow, TelemetryStore } from "../../../../src-main/ports/telemetry-store.ts";

const MIB = 1_048_576;
const YEAR_MS = 365.25 * 86_400_000;
const NOW = 1_700_000_000_000;

const folders: string[] = [];
const stores: TelemetryStore[] = [];
const newFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), "vivian-telemetry-"));
  folders.push(folder);
  return join(folder, "telemetry");
};
const openStore = (folder: string) => {
  const opened = openTelemetryStore(folder);
  stores.push(opened.store);
  return opened;
};
afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const rowOf = (device: string, level: number, row: number, value = row % 97): TelemetryRow => ({
  device,
  level,
  row,
  figures: TELEMETRY_FIELDS.map(() => {
    return { samples: 10, mean: value, least: value - 1, greatest: value + 1 };
  }),
});

/** What a device writes in a span, minute by minute, as the daemon does. */
async function fill(store: TelemetryStore, device: string, fromMs: number, toMs: number) {
  let rows: TelemetryRow[] = [];
  for (const [level, { stepMs, rows: kept }] of TELEMETRY_LEVELS.entries()) {
    // Rows that later ones take the place of twice over add nothing to the size.
    const first = Math.max(Math.floor(fromMs / stepMs), Math.floor(toMs / stepMs) - 2 * kept);
    for (let row = first; row < Math.floor(toMs / stepMs); row += 1) {
      rows.push(rowOf(device, level, row));
      if (rows.length < 2_000) continue;
      await store.add(rows);
      rows = [];
    }
  }
  await store.add(rows);
}

describe("openTelemetryStore", () => {
  it("takes at most 50 MB for a year of a device, and no more for the years after it", async () => {
    const folder = newFolder();
    const { store } = openStore(folder);
    await fill(store, "gpu-0", NOW - YEAR_MS, NOW);
    const first = statSync(join(folder, "data.mdb")).size;
    expect(first).toBeLessThan(50 * MIB);
    const { stepMs, rows } = TELEMETRY_LEVELS[2];
    const newest = Math.floor(NOW / stepMs);
    expect(store.read("gpu-0", 2, "watts", newest - rows, newest)).toHaveLength(
      newest - Math.floor((NOW - YEAR_MS) / stepMs),
    );
    expect(store.read("gpu-0", 0, "watts", 0, Math.floor(NOW / 10_000))).toHaveLength(17_280);
    await fill(store, "gpu-0", NOW, NOW + 6 * YEAR_MS);
    const full = statSync(join(folder, "data.mdb")).size;
    await fill(store, "gpu-0", NOW + 6 * YEAR_MS, NOW + 7 * YEAR_MS);
    const later = statSync(join(folder, "data.mdb")).size;
    const sizes = [first, full, later].map((bytes) => (bytes / MIB).toFixed(1));
    process.stderr.write(`telemetry of a device: ${sizes.join(", ")} MiB after 1, 7, 8 years\n`);
    expect(full).toBeLessThan(2 * 50 * MIB);
    expect(later - full).toBeLessThan(MIB);
  }, 120_000);

  it("joins a row of the same time, and gives the newest where the ring came round", async () => {
    const { store } = openStore(newFolder());
    const { rows } = TELEMETRY_LEVELS[0];
    const row = 170_000_000;
    await store.add([rowOf("cpu", 0, row, 10)]);
    await store.add([rowOf("cpu", 0, row, 30)]);
    expect(store.read("cpu", 0, "watts", row, row + 1)).toEqual([
      { row, samples: 20, mean: 20, least: 9, greatest: 31 },
    ]);
    // The clock ran ahead and came back: the place is the present's again.
    await store.add([rowOf("cpu", 0, row + rows, 50)]);
    expect(store.read("cpu", 0, "watts", row, row + 1)).toEqual([]);
    await store.add([rowOf("cpu", 0, row, 70)]);
    expect(store.read("cpu", 0, "watts", row, row + 1)).toMatchObject([{ mean: 70, samples: 10 }]);
    expect(store.read("gpu-9", 0, "watts", 0, 10)).toEqual([]);
  });

  it("reads a span over the end of the ring by time, gaps left out", async () => {
    const { store } = openStore(newFolder());
    const { rows } = TELEMETRY_LEVELS[1];
    const end = rows * 700;
    const numbers = [end - 3, end - 1, end, end + 4];
    await store.add(numbers.map((row) => rowOf("cpu", 1, row)));
    const read = store.read("cpu", 1, "celsius", end - 3, end + 5);
    expect(read.map(({ row }) => row)).toEqual(numbers);
  });

  it("keeps what it said to keep when the process is killed", async () => {
    const folder = newFolder();
    const child = fork(fileURLToPath(new URL("./telemetry-child.ts", import.meta.url)), [folder], {
      execArgv: [],
    });
    const kept = await new Promise<number>((resolve, fail) => {
      child.once("error", fail);
      child.on("message", (row) => {
        if (Number(row) < 1_000_200) return;
        child.kill("SIGKILL");
        child.once("exit", () => resolve(Number(row)));
      });
    });
    const { store, putAside } = openStore(folder);
    expect(putAside).toBeNull();
    const read = store.read("cpu", 0, "watts", 1_000_000, kept + 1);
    expect(read).toHaveLength(kept + 1 - 1_000_000);
    expect(read.every(({ samples, mean, row }) => samples === 10 && mean === row % 97)).toBe(true);
  });

  it("puts an unreadable store aside, whole, and begins a new one", async () => {
    const folder = newFolder();
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "data.mdb"), "x".repeat(20_000));
    const { store, putAside } = openStore(folder);
    expect(putAside).toBe(`${folder}.damaged-1`);
    expect(existsSync(join(`${folder}.damaged-1`, "data.mdb"))).toBe(true);
    await store.add([rowOf("cpu", 0, 5)]);
    expect(store.read("cpu", 0, "watts", 5, 6)).toHaveLength(1);
  });

  it("keeps no more devices than it has room for", async () => {
    const { store } = openStore(newFolder());
    const names = Array.from({ length: TELEMETRY_DEVICES_MAX + 1 }, (_, index) => `gpu-${index}`);
    await store.add([...names, "x".repeat(65)].map((name) => rowOf(name, 0, 7)));
    expect(store.devices()).toHaveLength(TELEMETRY_DEVICES_MAX);
    expect(store.read(`gpu-${TELEMETRY_DEVICES_MAX}`, 0, "watts", 7, 8)).toEqual([]);
  });
});
