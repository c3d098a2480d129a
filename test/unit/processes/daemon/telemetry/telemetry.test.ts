import { describe, expect, it } from "vitest";

import { NOTHING_TOLD } from "../../../../../src-main/ports/device-telemetry.ts";
import { Fault } from "../../../../../src-main/contract/outcome.ts";
import type { DeviceSample } from "../../../../../src-main/ports/device-telemetry.ts";
import type {
  TelemetryRow,
  TelemetryStore,
} from "../../../../../src-main/ports/telemetry-store.ts";
import { Telemetry } from "../../../../../src-main/processes/daemon/telemetry/telemetry.ts";
import { MovedClock, NotedLog } from "../../../../worlds/moved-clock.ts";

const START = 1_700_000_000_000;

class KeptRows implements TelemetryStore {
  readonly rows: TelemetryRow[] = [];
  refusing = false;
  closed = false;

  devices() {
    return [...new Set(this.rows.map(({ device }) => device))];
  }

  add(rows: readonly TelemetryRow[]): Promise<void> {
    if (this.refusing) return Promise.reject(new Fault("STORE_DISK_FULL", "full"));
    this.rows.push(...rows);
    return Promise.resolve();
  }

  read: TelemetryStore["read"] = () => [];

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

const deviceWith = (clock: MovedClock, say: () => Partial<DeviceSample>) => ({
  id: "gpu-0",
  name: "a card",
  source: "amdgpu",
  sample: () => ({ atMs: clock.nowMs(), ...NOTHING_TOLD, ...say() }),
  close: () => undefined,
});

const open = (say: () => Partial<DeviceSample>) => {
  const clock = new MovedClock(START);
  const store = new KeptRows();
  const log = new NotedLog();
  const telemetry = new Telemetry({ clock, log, store });
  telemetry.watch([deviceWith(clock, say)]);
  return { clock, store, log, telemetry };
};

describe("Telemetry", () => {
  it("takes one sample each second and answers the last hour from memory", () => {
    let celsius = 40;
    const { clock, telemetry } = open(() => ({ celsius: (celsius += 1), watts: null }));
    clock.pass(60_000);
    expect(telemetry.latestSamples()).toMatchObject([{ id: "gpu-0", sample: { celsius: 100 } }]);
    const span = { fromMs: START, toMs: START + 60_000, points: 512 };
    const { stepMs, points } = telemetry.series("gpu-0", "celsius", span);
    expect(stepMs).toBe(1_000);
    expect(points).toHaveLength(60);
    expect(points[0]).toMatchObject({ atMs: START, mean: 41 });
    expect(telemetry.series("gpu-0", "watts", span).points).toEqual([]);
  });

  it("writes rows once a minute, shows those that wait, and ends with open ones", async () => {
    const { clock, store, telemetry } = open(() => ({ watts: 100 }));
    clock.pass(59_000);
    expect(store.rows).toEqual([]);
    const span = { fromMs: START, toMs: START + 60_000, points: 6 };
    expect(telemetry.series("gpu-0", "watts", span).points.length).toBeGreaterThan(2);
    clock.pass(5_000);
    const written = store.rows.length;
    expect(written).toBeGreaterThan(4);
    await telemetry.close();
    expect(store.rows.length).toBeGreaterThan(written);
    expect(store.closed).toBe(true);
    const seconds = store.rows
      .filter(({ level }) => level === 0)
      .reduce((sum, { figures }) => sum + (figures[6]?.samples ?? 0), 0);
    expect(seconds).toBe(64);
  });

  it("is not confused by a clock that is set back or ahead", async () => {
    const { clock, store, telemetry } = open(() => ({ watts: 100 }));
    clock.pass(30_000);
    clock.jump(-3_600_000);
    clock.pass(30_000);
    clock.jump(86_400_000);
    clock.pass(30_000);
    await telemetry.close();
    const counted = store.rows
      .filter(({ level }) => level === 2)
      .reduce((sum, { figures }) => sum + (figures[6]?.samples ?? 0), 0);
    expect(counted).toBeGreaterThanOrEqual(88);
    expect(counted).toBeLessThanOrEqual(92);
  });

  it("says once that the disk refuses, and goes on watching", async () => {
    const { clock, store, log, telemetry } = open(() => ({ celsius: 50 }));
    store.refusing = true;
    for (let minute = 0; minute < 4; minute += 1) {
      clock.pass(60_000);
      await Promise.resolve();
      await Promise.resolve();
    }
    expect(log.warnings.map(({ facts }) => facts?.["code"])).toEqual(["STORE_DISK_FULL"]);
    expect(telemetry.latestSamples()[0].sample?.celsius).toBe(50);
  });

  it("knows devices that it watches or kept, and keeps a ring over a new reader", () => {
    const { clock, telemetry } = open(() => ({ celsius: 50 }));
    clock.pass(5_000);
    telemetry.watch([deviceWith(clock, () => ({ celsius: 60 }))]);
    clock.pass(5_000);
    const span = { fromMs: START, toMs: START + 10_000, points: 100 };
    const points = telemetry.series("gpu-0", "celsius", span).points;
    expect(points.map(({ mean }) => mean)).toEqual([...Array(5).fill(50), ...Array(5).fill(60)]);
    expect(telemetry.knows("gpu-0")).toBe(true);
    expect(telemetry.knows("gpu-1")).toBe(false);
  });
});
