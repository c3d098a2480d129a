import { describe, expect, it } from "vitest";

import { meterContract } from "../../../worlds/meters/meter-contract.ts";
import { movedClock, openDescribed } from "../../../worlds/meters/open-described.ts";
import { powerProfile } from "../../../worlds/meters/power-profile.ts";
import { shellyRounded, startShellyDevice } from "../../../worlds/meters/shelly-device.ts";
import type { ShellyDevice, ShellyOptions } from "../../../worlds/meters/shelly-device.ts";

const PASSWORD = "a long password";

interface Given {
  readonly table?: object;
  readonly device?: Partial<ShellyOptions>;
}

async function world({ table = {}, device: options = {} }: Given = {}) {
  const time = movedClock();
  const profile = powerProfile([{ fromMs: time.startMs - 60_000, watts: 123 }], time.nowMs);
  const device = await startShellyDevice({ profile, ...options });
  const meter = await openDescribed(
    { kind: "shelly", id: "plug-desk", url: device.url, ...table },
    time.needs,
  );
  const close = async () => {
    await meter.close();
    await device.close();
  };
  return { ...time, profile, device, meter, close };
}

async function contractWorld(given: Given, stepMillijoules: number) {
  const { device, profile, ...rest } = await world(given);
  return {
    ...rest,
    trueMillijoules: () => profile.millijoules(),
    stepMillijoules,
    breakIt: () => {
      device.fault = "hang-up";
    },
    mend: () => {
      device.fault = null;
    },
    secrets: [PASSWORD, Buffer.from(`admin:${PASSWORD}`).toString("base64")],
  };
}

async function faultOf(given: Given, spoil: (device: ShellyDevice) => void) {
  const { meter, device, close } = await world(given);
  try {
    spoil(device);
    return await meter.read().then(
      () => "read",
      (error: unknown) => (error as { code: string }).code,
    );
  } finally {
    await close();
  }
}

const withPassword: Given = { table: { password: PASSWORD }, device: { password: PASSWORD } };

describe("a Shelly plug of the second generation", () => {
  meterContract(() => contractWorld(withPassword, 3_600));

  it("gives the register as the plug rounds it, its power, its make and serial", async () => {
    const { meter, profile, close } = await world();
    const { register, watts } = await meter.read();
    expect(register?.millijoules).toBe(shellyRounded(profile.millijoules()));
    expect(watts).toBe(123);
    expect(meter.identity).toMatchObject({
      kind: "smart-plug",
      tier: "B",
      boundary: "wall",
      makeModel: "Shelly SNPL-00112EU",
      serial: "AABBCCDDEEFF",
    });
    await close();
  });

  it("logs in once and keeps the challenge, with a new count each time", async () => {
    const { meter, device, pass, close } = await world(withPassword);
    for (let index = 0; index < 12; index += 1) {
      pass(1_000);
      await meter.read();
    }
    // Info, the challenge, then one request a reading.
    expect(device.requests).toHaveLength(1 + 1 + 12);
    const counts = device.requests.map(({ authorization }) => /nc=(\d+)/.exec(authorization)?.[1]);
    expect(new Set(counts.filter(Boolean)).size).toBe(12);
    expect(JSON.stringify(device.requests)).not.toContain(PASSWORD);
    await close();
  });

  it("answers a new challenge after the plug forgot the old one", async () => {
    const { meter, device, close } = await world(withPassword);
    await meter.read();
    device.forgetNonce();
    await expect(meter.read()).resolves.toMatchObject({ watts: 123 });
    await close();
  });

  it("shows a register that was set to zero as it is", async () => {
    const { meter, device, pass, close } = await world();
    await meter.read();
    pass(60_000);
    device.reset();
    pass(1_000);
    expect((await meter.read()).register?.millijoules).toBe(shellyRounded(123_000));
    await close();
  });

  it.each([
    ["a wrong password", "METERS_LOGIN"],
    ["no password where one is asked for", "METERS_LOGIN"],
  ])("refuses %s", async (what, code) => {
    const table = what.startsWith("no") ? {} : { password: "another" };
    expect(await faultOf({ table, device: { password: PASSWORD } }, () => undefined)).toBe(code);
  });

  it.each([
    ["silent", "METERS_TIMEOUT"],
    ["slow", "METERS_TIMEOUT"],
    ["truncated", "METERS_ANSWER"],
    ["garbage", "METERS_ANSWER"],
    ["endless", "METERS_ANSWER"],
    ["hang-up", "METERS_UNREACHABLE"],
    ["busy", "METERS_NO_VALUE"],
  ] as const)("faults where the plug is %s", async (fault, code) => {
    const spoil = (device: ShellyDevice) => {
      device.fault = fault;
    };
    expect(await faultOf({}, spoil)).toBe(code);
  });

  it("says that a component is not there", async () => {
    expect(await faultOf({ table: { channel: 3 } }, () => undefined)).toBe("METERS_NO_ENTITY");
  });

  it("waits longer after each failure, without asking, and tells for how long", async () => {
    const { meter, device, pass, close } = await world();
    device.fault = "hang-up";
    await expect(meter.read()).rejects.toMatchObject({ code: "METERS_UNREACHABLE" });
    const asked = device.requests.length;
    const facts = { facts: { askedAgainInMs: 1_000 } };
    await expect(meter.read()).rejects.toMatchObject({ code: "METERS_UNREACHABLE", ...facts });
    expect(device.requests).toHaveLength(asked);
    pass(1_000);
    await expect(meter.read()).rejects.toMatchObject({ code: "METERS_UNREACHABLE" });
    expect(device.requests.length).toBeGreaterThan(asked);
    await expect(meter.read()).rejects.toMatchObject({ facts: { askedAgainInMs: 2_000 } });
    await close();
  });

  it("reads a power meter and a three-phase meter", async () => {
    for (const component of ["pm1", "em"] as const) {
      const { meter, profile, close } = await world({
        table: { component },
        device: { component },
      });
      const { register, watts } = await meter.read();
      expect(register?.millijoules).toBe(shellyRounded(profile.millijoules()));
      expect(watts).toBe(123);
      await close();
    }
  });
});

const first: Given = {
  table: { component: "gen1-meter", password: PASSWORD },
  device: { generation: 1, password: PASSWORD },
};

describe("a Shelly plug of the first generation", () => {
  meterContract(() => contractWorld(first, 60_000));

  it("counts watt minutes", async () => {
    const { meter, close } = await world(first);
    const { register } = await meter.read();
    expect(register?.millijoules).toBe(123 * 60_000);
    expect(meter.identity).toMatchObject({ makeModel: "Shelly SHPLG-S", serial: "AABBCCDDEEFF" });
    await close();
  });

  it("says that a meter is not there", async () => {
    const table = { component: "gen1-emeter" };
    const given = { table, device: { generation: 1 } } as const;
    expect(await faultOf(given, () => undefined)).toBe("METERS_NO_ENTITY");
  });
});
