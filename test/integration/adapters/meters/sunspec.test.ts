import { generateKeyPairSync, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { describe, expect, it } from "vitest";

import { meterContract } from "../../../worlds/meters/meter-contract.ts";
import { movedClock, openDescribed } from "../../../worlds/meters/open-described.ts";
import { powerProfile } from "../../../worlds/meters/power-profile.ts";
import type { PowerProfile } from "../../../worlds/meters/power-profile.ts";
import { startSunspecDevice } from "../../../worlds/meters/sunspec-device.ts";
import type { SunspecDevice, SunspecOptions } from "../../../worlds/meters/sunspec-device.ts";
import {
  commonModel,
  derModel,
  floatInverterModel,
  floatMeterModel,
  inverterModel,
  meterModel,
  secureMeterModel,
} from "../../../worlds/meters/sunspec-models.ts";
import type { SunspecModel } from "../../../worlds/meters/sunspec-models.ts";

const WATT_HOUR = 3_600_000;

interface Flows {
  readonly sun: PowerProfile;
  readonly bought: PowerProfile;
  readonly nowMs: () => number;
}

type Models = (flows: Flows) => readonly SunspecModel[];

const inverter: Models = ({ sun }) => [
  commonModel(),
  inverterModel({ profile: sun, energyScale: -1, startWattHours: 5_000 }),
];

interface Given {
  readonly models?: Models;
  readonly table?: object;
  readonly device?: Partial<SunspecOptions>;
}

async function world({ models = inverter, table = {}, device: options = {} }: Given = {}) {
  const time = movedClock();
  const { startMs, nowMs } = time;
  const sun = powerProfile([{ fromMs: startMs - 3_600_000, watts: 3_000 }], nowMs);
  const bought = powerProfile([{ fromMs: startMs - 3_600_000, watts: 700 }], nowMs);
  const device = await startSunspecDevice({ models: models({ sun, bought, nowMs }), ...options });
  const { host, port } = device;
  const meter = await openDescribed(
    { kind: "sunspec", id: "roof", host, port, ...table },
    time.needs,
  );
  const close = async () => {
    await meter.close();
    await device.close();
  };
  return { ...time, sun, bought, device, meter, close };
}

async function contractWorld(given: Given, stepMillijoules: number, isBought = false) {
  const { device, sun, bought, ...rest } = await world(given);
  return {
    ...rest,
    trueMillijoules: () => (isBought ? bought : sun).millijoules(),
    stepMillijoules,
    breakIt: () => {
      device.fault = "hang-up";
    },
    mend: () => {
      device.fault = null;
    },
    secrets: [],
  };
}

async function codeOf(given: Given, spoil: (device: SunspecDevice) => void = () => undefined) {
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

describe("a SunSpec inverter", () => {
  meterContract(() => contractWorld({}, WATT_HOUR / 10));

  it("gives energy by its scale, where it wraps, its power, its make and serial", async () => {
    const { meter, close } = await world();
    const { register, watts } = await meter.read();
    expect(register).toEqual({
      millijoules: 8_000 * WATT_HOUR,
      wrapsAtMillijoules: (2 ** 32 * WATT_HOUR) / 10,
      epoch: null,
    });
    expect(watts).toBe(3_000);
    expect(meter.identity).toMatchObject({
      kind: "sunspec-meter",
      tier: "B",
      role: "generation",
      makeModel: "Simulated SIM-5000",
      serial: "SN-1",
    });
    await close();
  });

  it.each([0, 40_000, 50_000])("finds the map at %i", async (base) => {
    const { meter, close } = await world({ device: { base } });
    expect((await meter.read()).watts).toBe(3_000);
    await close();
  });

  it("walks the models once, then asks once a reading", async () => {
    const { meter, device, pass, close } = await world();
    await meter.read();
    const { requests } = device;
    for (let index = 0; index < 3; index += 1) {
      pass(5_000);
      await meter.read();
    }
    expect(device.requests - requests).toBe(3);
    expect(device.connections()).toBe(1);
    await close();
  });

  it("shares one connection among the meters of a device that bears only one", async () => {
    const { meter, device, needs, close } = await world({ device: { connectionsMax: 1 } });
    const { host, port } = device;
    const other = await openDescribed({ kind: "sunspec", id: "roof-2", host, port }, needs);
    const [left, right] = await Promise.all([meter.read(), other.read()]);
    expect(left.register).toEqual(right.register);
    await meter.close();
    await expect(other.read()).resolves.toMatchObject({ watts: 3_000 });
    await other.close();
    await close();
  });

  it("connects anew, unnoticed, where the device closed a quiet connection", async () => {
    const { meter, device, close } = await world();
    await meter.read();
    device.hangUp();
    await expect(meter.read()).resolves.toMatchObject({ watts: 3_000 });
    await close();
  });

  it("passes an accumulator that wrapped on as it is", async () => {
    const nearWrap = 2 ** 32 / 10 - 3_100;
    const models: Models = ({ sun }) => [
      inverterModel({ profile: sun, energyScale: -1, startWattHours: nearWrap }),
    ];
    const { meter, pass, close } = await world({ models });
    const before = await meter.read();
    pass(600_000);
    const after = await meter.read();
    const { wrapsAtMillijoules } = after.register!;
    expect(after.register!.millijoules).toBeLessThan(before.register!.millijoules);
    const flowed = after.register!.millijoules + wrapsAtMillijoules! - before.register!.millijoules;
    expect(flowed).toBe(500 * WATT_HOUR);
    await close();
  });

  it.each([
    ["silent", "METERS_TIMEOUT"],
    ["truncated", "METERS_TIMEOUT"],
    ["garbage", "METERS_ANSWER"],
    ["other-transaction", "METERS_ANSWER"],
    ["short", "METERS_ANSWER"],
    ["long", "METERS_ANSWER"],
    ["hang-up", "METERS_UNREACHABLE"],
    ["busy", "METERS_EXCEPTION"],
    ["odd-exception", "METERS_ANSWER"],
  ] as const)("faults where the device is %s", async (fault, code) => {
    const spoil = (device: SunspecDevice) => {
      device.fault = fault;
    };
    expect(await codeOf({}, spoil)).toBe(code);
  });

  it("faults where the device is slower than a request may be, and recovers", async () => {
    const { meter, device, pass, close } = await world();
    await meter.read();
    device.delayMs = 400;
    await expect(meter.read()).rejects.toMatchObject({ code: "METERS_TIMEOUT" });
    device.delayMs = 0;
    pass(60_000);
    await expect(meter.read()).resolves.toMatchObject({ watts: 3_000 });
    await close();
  });

  it.each([
    ["without the mark", { device: { marked: false } }, "METERS_NOT_SUNSPEC"],
    ["under another unit", { table: { unit: 9 } }, "METERS_EXCEPTION"],
    ["with a list that has no end", { device: { ended: false } }, "METERS_ANSWER"],
    ["without the wanted model", { table: { model: 203 } }, "METERS_NO_MODEL"],
    ["without such a register", { table: { role: "grid" } }, "METERS_NO_MODEL"],
  ])("refuses a device %s", async (_what, given, code) => {
    expect(await codeOf(given)).toBe(code);
  });

  it.each([
    ["too long", 61],
    ["too short", 40],
  ])("refuses a map in which a model's stated length is %s", async (_what, length) => {
    const models: Models = ({ sun, bought }) => [
      { ...inverterModel({ profile: sun }), length },
      meterModel({ bought: { profile: bought }, sold: { profile: sun } }),
    ];
    expect(await codeOf({ models })).toBe("METERS_ANSWER");
  });

  it("has no value while the accumulator is 0, which means not implemented", async () => {
    const models: Models = ({ nowMs }) => [inverterModel({ profile: powerProfile([], nowMs) })];
    expect(await codeOf({ models })).toBe("METERS_NO_VALUE");
  });

  it("says that nobody listens", async () => {
    const { meter, device, close } = await world();
    await device.close();
    await expect(meter.read()).rejects.toMatchObject({ code: "METERS_UNREACHABLE" });
    await close();
  });
});

describe("a SunSpec inverter in floats", () => {
  const models: Models = ({ sun }) => [
    commonModel(),
    floatInverterModel({ profile: sun, startWattHours: 5_000 }),
  ];
  meterContract(() => contractWorld({ models }, WATT_HOUR));
});

describe("a SunSpec inverter of model 701", () => {
  const models: Models = ({ sun, bought }) => [
    commonModel(),
    derModel({ profile: sun, energyScale: -1 }, { profile: bought }),
  ];
  meterContract(() => contractWorld({ models }, WATT_HOUR / 10));

  it("has a register of what it takes in as well", async () => {
    const { meter, close } = await world({ models, table: { register: "absorbed" } });
    expect((await meter.read()).register?.millijoules).toBe(700 * WATT_HOUR);
    await close();
  });
});

describe("a SunSpec meter", () => {
  const flows = ({ sun, bought }: Flows) => ({
    bought: { profile: bought, energyScale: -1 },
    sold: { profile: sun },
  });
  const integers: Models = (given) => [commonModel(), meterModel(flows(given))];
  const floats: Models = (given) => [commonModel(), floatMeterModel(flows(given))];

  meterContract(() =>
    contractWorld({ models: integers, table: { role: "grid" } }, WATT_HOUR, true),
  );

  it.each([
    ["integers", integers],
    ["floats", floats],
  ] as const)("counts both ways apart, in %s", async (_form, models) => {
    const read = async (table: object) => {
      const { meter, close } = await world({ models, table: { role: "grid", ...table } });
      const reading = await meter.read();
      await close();
      return { millijoules: reading.register?.millijoules, watts: reading.watts };
    };
    expect(await read({})).toEqual({ millijoules: 700 * WATT_HOUR, watts: null });
    expect(await read({ direction: "to", positive: "bought" })).toEqual({
      millijoules: 3_000 * WATT_HOUR,
      watts: 2_300,
    });
  });

  it("is a revenue meter where its owner says so", async () => {
    const table = { role: "grid", revenue_grade: true, calibration: "MID 2026" };
    const { meter, close } = await world({ models: integers, table });
    expect(meter.identity).toMatchObject({
      kind: "revenue-meter",
      tier: "A",
      calibration: "MID 2026",
      direction: "from",
    });
    await close();
  });
});

/** SEC1, uncompressed, as a meter's label would show it. */
function publicHex(key: KeyObject): string {
  const { x, y } = key.export({ format: "jwk" }) as { x: string; y: string };
  return `04${[x, y].map((one) => Buffer.from(one, "base64url").toString("hex")).join("")}`;
}

describe("a SunSpec meter that signs", () => {
  const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const other = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const public_key = publicHex(pair.publicKey);
  const ieee = { dsaEncoding: "ieee-p1363" } as const;
  const signed = (bytes: Uint8Array) => sign("sha256", bytes, { key: pair.privateKey, ...ieee });

  const models =
    (signer: (bytes: Uint8Array) => Uint8Array, algorithm: 0 | 1 | 2 = 2): Models =>
    ({ sun, bought, nowMs }) => [
      commonModel(),
      secureMeterModel({
        bought: { profile: bought, energyScale: -1 },
        sold: { profile: sun },
        nowMs,
        algorithm,
        sign: signer,
      }),
    ];
  const table = { role: "grid", public_key };

  meterContract(() => contractWorld({ models: models(signed), table }, WATT_HOUR / 10, true));

  it("is checked with its key", async () => {
    const { meter, close } = await world({ models: models(signed), table });
    const { signature } = await meter.read();
    expect(signature).toMatchObject({ algorithm: "ECC-256", checked: true });
    expect(meter.identity.meterSigned).toBe(true);
    await close();
  });

  it("may leave the two registers of the head out of what it signs", async () => {
    const withoutHead = models((bytes) => signed(bytes.subarray(4)));
    expect(await codeOf({ models: withoutHead, table })).toBe("read");
  });

  it("is passed on unchecked without a key", async () => {
    const { meter, close } = await world({ models: models(signed), table: { role: "grid" } });
    expect((await meter.read()).signature).toMatchObject({ checked: false });
    expect(meter.identity.meterSigned).toBe(false);
    await close();
  });

  const forged = (bytes: Uint8Array) => {
    const changed = Uint8Array.from(bytes);
    changed[39] ^= 1;
    return signed(changed);
  };
  it.each([
    ["another's signature", models((bytes) => sign("sha256", bytes, other.privateKey))],
    ["a signature over another reading", models(forged)],
    ["no signature", models(() => new Uint8Array(), 0)],
    ["a code that only a shared key checks", models(() => new Uint8Array(8), 1)],
  ])("refuses %s where a key is configured", async (_what, given) => {
    expect(await codeOf({ models: given, table })).toBe("METERS_SIGNATURE");
  });

  it("refuses a recording: the same reading again, or an older one", async () => {
    const time = { frozenMs: 0 };
    const frozen: Models = (flows) => {
      const [, model] = models(signed)({ ...flows, nowMs: () => time.frozenMs });
      let recorded: readonly number[] | null = null;
      return [{ ...model, registers: () => (recorded ??= model.registers()) }];
    };
    time.frozenMs = Date.UTC(2026, 0, 1);
    const { meter, close } = await world({ models: frozen, table });
    await meter.read();
    await expect(meter.read()).rejects.toMatchObject({ code: "METERS_NO_VALUE" });
    await close();

    const backwards = { nowMs: Date.UTC(2026, 0, 1) };
    const older: Models = (flows) =>
      models(signed)({ ...flows, nowMs: () => (backwards.nowMs -= 1_000) });
    const second = await world({ models: older, table });
    await second.meter.read();
    await expect(second.meter.read()).rejects.toMatchObject({ code: "METERS_SIGNATURE" });
    await second.close();
  });
});
