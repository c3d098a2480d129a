import { describe, expect, it } from "vitest";

import { meterContract } from "../../../worlds/meters/meter-contract.ts";
import { movedClock, openDescribed } from "../../../worlds/meters/open-described.ts";
import { powerProfile } from "../../../worlds/meters/power-profile.ts";
import { startTasmotaDevice } from "../../../worlds/meters/tasmota-device.ts";
import type { TasmotaOptions } from "../../../worlds/meters/tasmota-device.ts";

const WATT_HOUR = 3_600_000;
const PASSWORD = "a long password";

async function world(table: object = {}, options: Partial<TasmotaOptions> = {}) {
  const time = movedClock();
  const profile = powerProfile([{ fromMs: time.startMs - 3_600_000, watts: 600 }], time.nowMs);
  const device = await startTasmotaDevice({ profile, ...options });
  const meter = await openDescribed(
    { kind: "tasmota", id: "plug-rack", url: device.url, ...table },
    time.needs,
  );
  const close = async () => {
    await meter.close();
    await device.close();
  };
  return { ...time, profile, device, meter, close };
}

const codeOf = async (table: object, options: Partial<TasmotaOptions>) => {
  const { meter, close } = await world(table, options);
  try {
    return await meter.read().then(
      () => "read",
      (error: unknown) => (error as { code: string }).code,
    );
  } finally {
    await close();
  }
};

describe("a Tasmota plug", () => {
  meterContract(async () => {
    const { device, profile, ...rest } = await world(
      { password: PASSWORD },
      { password: PASSWORD },
    );
    return {
      ...rest,
      trueMillijoules: () => profile.millijoules(),
      stepMillijoules: WATT_HOUR,
      breakIt: () => {
        device.fault = "truncated";
      },
      mend: () => {
        device.fault = null;
      },
      secrets: [PASSWORD, encodeURIComponent(PASSWORD), "a+long+password"],
    };
  });

  it.each(["number", "list", "status-8"] as const)("reads figures as %s", async (shape) => {
    const { meter, close } = await world({}, { shape });
    expect(await meter.read()).toMatchObject({
      register: { millijoules: 600 * WATT_HOUR },
      watts: 600,
    });
    await close();
  });

  it("reads one of several sockets, and what is given back", async () => {
    const one = await world({ channel: 1 }, { shape: "list" });
    expect((await one.meter.read()).register?.millijoules).toBe(300 * WATT_HOUR);
    await one.close();
    const back = await world({ returned: true });
    expect(await back.meter.read()).toMatchObject({
      register: { millijoules: 500 * WATT_HOUR },
      watts: null,
    });
    await back.close();
  });

  it.each([
    ["a wrong password", { password: "x" }, { password: PASSWORD }, "METERS_LOGIN"],
    [
      "one refused by a warning",
      {},
      { password: PASSWORD, refusesByWarning: true },
      "METERS_LOGIN",
    ],
    ["no sensor of energy", {}, { shape: "no-energy" }, "METERS_NO_ENTITY"],
    ["a figure that is a text", {}, { shape: "text" }, "METERS_NO_ENTITY"],
    ["a socket that is not there", { channel: 7 }, { shape: "list" }, "METERS_NO_ENTITY"],
  ] as const)("refuses %s", async (_what, table, options, code) => {
    expect(await codeOf(table, options)).toBe(code);
  });
});
