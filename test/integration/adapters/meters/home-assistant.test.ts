import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startHomeAssistant } from "../../../worlds/meters/home-assistant.ts";
import type { HomeAssistantOptions, SensorState } from "../../../worlds/meters/home-assistant.ts";
import { meterContract } from "../../../worlds/meters/meter-contract.ts";
import { movedClock, openDescribed } from "../../../worlds/meters/open-described.ts";
import { powerProfile } from "../../../worlds/meters/power-profile.ts";

const TOKEN = "a.long-lived.token";
const WATT_HOUR = 3_600_000;

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "vivian-token-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function tokenFile(text: string, mode = 0o600): string {
  const path = join(folder, `token-${mode}-${text.length}`);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

interface Given {
  readonly table?: object;
  readonly sensor?: Partial<SensorState>;
  readonly server?: Partial<HomeAssistantOptions>;
  /** How far the server's clock is ahead of ours. */
  readonly aheadMs?: number;
}

async function world({ table = {}, sensor = {}, server = {}, aheadMs = 0 }: Given = {}) {
  const time = movedClock();
  const profile = powerProfile([{ fromMs: time.startMs - 3_600_000, watts: 250 }], time.nowMs);
  const serverMs = () => time.nowMs() + aheadMs;
  const device = await startHomeAssistant({
    token: TOKEN,
    nowMs: serverMs,
    sensors: () => ({
      "sensor.desk": {
        state: (profile.millijoules() / WATT_HOUR / 1_000).toFixed(4),
        unit: "kWh",
        deviceClass: "energy",
        stateClass: "total_increasing",
        reportedMs: serverMs(),
        ...sensor,
      },
    }),
    ...server,
  });
  const described = {
    kind: "home-assistant",
    id: "ha-desk",
    url: device.url,
    entity: "sensor.desk",
    ...("token_file" in table ? {} : { token: TOKEN }),
    ...table,
  };
  const meter = await openDescribed(described, time.needs);
  const close = async () => {
    await meter.close();
    await device.close();
  };
  return { ...time, profile, device, meter, close };
}

const codeOf = async (given: Given) => {
  const { meter, close } = await world(given);
  try {
    return await meter.read().then(
      () => "read",
      (error: unknown) => (error as { code: string }).code,
    );
  } finally {
    await close();
  }
};

describe("a sensor of Home Assistant", () => {
  meterContract(async () => {
    const { device, profile, ...rest } = await world();
    return {
      ...rest,
      trueMillijoules: () => profile.millijoules(),
      stepMillijoules: WATT_HOUR / 10,
      breakIt: () => {
        device.fault = "busy";
      },
      mend: () => {
        device.fault = null;
      },
      secrets: [TOKEN],
    };
  });

  it.each([
    ["kWh", "1.5", 1_500 * WATT_HOUR],
    ["Wh", "1500", 1_500 * WATT_HOUR],
    ["MWh", "0.0015", 1_500 * WATT_HOUR],
    ["MJ", "5.4", 1_500 * WATT_HOUR],
  ])("counts in %s", async (unit, state, millijoules) => {
    const { meter, close } = await world({ sensor: { unit, state } });
    expect(await meter.read()).toMatchObject({ register: { millijoules }, watts: null });
    await close();
  });

  it.each([
    ["W", "120.5", 120.5],
    ["kW", "1.2", 1_200],
  ])("gives watts of a sensor of power in %s", async (unit, state, watts) => {
    const sensor = { unit, state, stateClass: "measurement" };
    const { meter, close } = await world({ sensor });
    expect(await meter.read()).toMatchObject({ register: null, watts });
    await close();
  });

  it.each([true, false])("takes a value's age from the server's clock", async (tellsReported) => {
    const { startMs } = movedClock();
    const aheadMs = 3_600_000;
    const reportedMs = startMs + aheadMs - 40_000;
    const { meter, nowMs, close } = await world({
      aheadMs,
      sensor: { reportedMs },
      server: { tellsReported },
    });
    expect((await meter.read()).atMs).toBe(nowMs() - 40_000);
    await close();
  });

  it("tells when its register was last reset", async () => {
    const { meter, close } = await world({ sensor: { lastReset: "2026-01-01T00:00:00" } });
    expect((await meter.read()).register?.epoch).toBe("2026-01-01T00:00:00");
    await close();
  });

  it("takes the token from a file", async () => {
    expect(await codeOf({ table: { token_file: tokenFile(`${TOKEN}\n`) } })).toBe("read");
  });

  const old = { unit: "W", state: "1", stateClass: "measurement", reportedMs: 0 };
  it.each([
    ["a wrong token", { table: { token: "another" } }, "METERS_LOGIN"],
    ["an entity that is not there", { table: { entity: "sensor.no" } }, "METERS_NO_ENTITY"],
    ["unavailable", { sensor: { state: "unavailable" } }, "METERS_NO_VALUE"],
    ["unknown", { sensor: { state: "unknown" } }, "METERS_NO_VALUE"],
    ["power from long ago", { sensor: old }, "METERS_NO_VALUE"],
    ["a text", { sensor: { state: "12,5" } }, "METERS_ANSWER"],
    ["a number below zero", { sensor: { state: "-1" } }, "METERS_ANSWER"],
    ["a number beyond any register", { sensor: { state: "1e12" } }, "METERS_ANSWER"],
    ["degrees", { sensor: { unit: "°C" } }, "METERS_UNIT"],
    ["no unit", { sensor: { unit: null } }, "METERS_UNIT"],
    ["energy that is no register", { sensor: { stateClass: "measurement" } }, "METERS_UNIT"],
  ])("refuses %s", async (_what, given, code) => {
    expect(await codeOf(given)).toBe(code);
  });

  it("refuses a token file that others may read, is missing, empty or too long", async () => {
    const files = [
      tokenFile("open", 0o644),
      join(folder, "gone"),
      tokenFile(""),
      tokenFile("x".repeat(5_000)),
    ];
    for (const token_file of files) {
      expect(await codeOf({ table: { token_file } })).toBe("METERS_SECRET");
    }
  });
});
