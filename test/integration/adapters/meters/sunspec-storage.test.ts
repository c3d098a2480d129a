import { describe, expect, it } from "vitest";

import { meterContract } from "../../../worlds/meters/meter-contract.ts";
import { movedClock, openDescribed } from "../../../worlds/meters/open-described.ts";
import { powerProfile } from "../../../worlds/meters/power-profile.ts";
import type { PowerProfile } from "../../../worlds/meters/power-profile.ts";
import { startSunspecDevice } from "../../../worlds/meters/sunspec-device.ts";
import { commonModel, inverterModel } from "../../../worlds/meters/sunspec-models.ts";
import type { SunspecModel } from "../../../worlds/meters/sunspec-models.ts";
import {
  STATUS,
  basicStoreModel,
  batteryModel,
  capacityModel,
  inputsModel,
  portsModel,
} from "../../../worlds/meters/sunspec-stores.ts";
import type { ShownPort } from "../../../worlds/meters/sunspec-stores.ts";

const WATT_HOUR = 3_600_000;

interface Flows {
  readonly given: PowerProfile;
  readonly taken: PowerProfile;
  readonly nowMs: () => number;
}

type Models = (flows: Flows) => readonly SunspecModel[];

const BOTH: Models = ({ given, taken }) => [
  commonModel(),
  portsModel([
    { type: 0, injected: taken, absorbed: null },
    { type: 1, injected: given, absorbed: taken },
  ]),
  capacityModel(55, 10_000),
];

async function world({ models = BOTH, table = {} }: { models?: Models; table?: object } = {}) {
  const time = movedClock();
  const { startMs, nowMs } = time;
  const given = powerProfile([{ fromMs: startMs - 3_600_000, watts: 900 }], nowMs);
  const taken = powerProfile([{ fromMs: startMs - 3_600_000, watts: 400 }], nowMs);
  const device = await startSunspecDevice({ models: models({ given, taken, nowMs }) });
  const { host, port } = device;
  const meter = await openDescribed(
    { kind: "sunspec", id: "store", role: "storage", host, port, ...table },
    time.needs,
  );
  const close = async () => {
    await meter.close();
    await device.close();
  };
  return { ...time, given, taken, device, meter, close };
}

/** What one reading says, or the code of its fault. */
async function read(models: Models, table: object = {}) {
  const { meter, close } = await world({ models, table });
  try {
    const { register, watts, store } = await meter.read();
    return { millijoules: register?.millijoules ?? null, watts, store };
  } catch (error) {
    return (error as { code: string }).code;
  } finally {
    await close();
  }
}

const battery = (watts: number, status?: number): Models => {
  const shown = status === undefined ? {} : { status };
  return () => [batteryModel({ percent: 62.5, watts: () => watts, ...shown })];
};

describe("a SunSpec store with counted DC ports (714)", () => {
  const contract = (table: object, isTaken: boolean) => async () => {
    const { device, given, taken, ...rest } = await world({ table });
    return {
      ...rest,
      trueMillijoules: () => (isTaken ? taken : given).millijoules(),
      stepMillijoules: WATT_HOUR / 10,
      breakIt: () => {
        device.fault = "hang-up";
      },
      mend: () => {
        device.fault = null;
      },
      secrets: [],
    };
  };
  meterContract(contract({}, false));
  meterContract(contract({ direction: "to" }, true));

  it("counts each way by its own register, and leaves the panels' ports out", async () => {
    expect(await read(BOTH)).toEqual({
      millijoules: 900 * WATT_HOUR,
      watts: 500,
      store: { share: 0.55, status: null },
    });
    expect(await read(BOTH, { direction: "to" })).toMatchObject({
      millijoules: 400 * WATT_HOUR,
      watts: 0,
    });
  });

  it("says what a full store holds, where its owner does not", async () => {
    const { meter, close } = await world();
    await meter.read();
    expect(meter.identity).toMatchObject({ role: "storage", capacityWattHours: 10_000 });
    await close();
    const stated = await world({ table: { capacity_wh: 7_000 } });
    await stated.meter.read();
    expect(stated.meter.identity.capacityWattHours).toBe(7_000);
    await stated.close();
  });

  it("adds the ports of several stores, in as many requests as it takes", async () => {
    const many: Models = ({ given, taken }) => {
      const port: ShownPort = { type: 1, injected: given, absorbed: taken };
      return [portsModel([port, port, port, port, port, { ...port, type: 0 }])];
    };
    expect(await read(many)).toMatchObject({ millijoules: 4_500 * WATT_HOUR, watts: 2_500 });
  });

  it("tells no energy where one store does not count, only its power", async () => {
    const silent: Models = ({ given, taken }) => [
      portsModel([
        { type: 1, injected: given, absorbed: taken },
        { type: 1, injected: given, absorbed: null },
      ]),
    ];
    const table = { direction: "to", positive: "charging" };
    expect(await read(silent, table)).toMatchObject({ millijoules: null, watts: 1_400 });
  });

  it("passes over ports without a store to the battery's own model", async () => {
    const panels: Models = ({ given }) => [
      portsModel([{ type: 0, injected: given, absorbed: null }]),
      batteryModel({ percent: 40, status: STATUS.discharging, watts: () => -1_200 }),
    ];
    expect(await read(panels)).toMatchObject({ millijoules: null, watts: 1_200 });
    expect(await read(panels, { model: 714 })).toBe("METERS_NO_MODEL");
  });
});

describe("a hybrid inverter, whose AC register holds the battery's energy too", () => {
  /** 900 W come out of the panels and 400 W go into the battery; the AC side shows another sum. */
  const hybrid: Models = ({ given, taken }) => [
    commonModel(),
    inverterModel({ profile: given, startWattHours: 77_000 }),
    inputsModel([
      { name: "MPPT 1", profile: given },
      { name: "StCha 3", profile: taken },
      { name: "StDisCha 4", profile: given },
    ]),
    basicStoreModel({ percent: 50 }),
  ];
  const panels = { role: "generation" };

  it("is read by its inputs (160): the panels' alone, and each way of the store", async () => {
    expect(await read(hybrid, panels)).toMatchObject({ millijoules: 900 * WATT_HOUR, watts: 900 });
    const taken = { millijoules: 400 * WATT_HOUR, watts: 400, store: { share: 0.5 } };
    expect(await read(hybrid, { direction: "to" })).toMatchObject(taken);
    expect(await read(hybrid)).toMatchObject({ millijoules: 900 * WATT_HOUR, watts: 900 });
    // Whoever names a model gets it.
    const named = await read(hybrid, { ...panels, model: 103 });
    expect(named).toMatchObject({ millijoules: 77_900 * WATT_HOUR });
  });

  it("is read by its ports (714) where it has them", async () => {
    expect(await read(BOTH, panels)).toMatchObject({ millijoules: 400 * WATT_HOUR, watts: 400 });
  });

  it("is read at its AC side where no store hangs on the inputs", async () => {
    const roof: Models = ({ given, taken }) => [
      inverterModel({ profile: given, startWattHours: 5 }),
      inputsModel([{ name: "MPPT 1", profile: taken }]),
    ];
    expect(await read(roof, panels)).toMatchObject({ millijoules: 905 * WATT_HOUR });
    expect(await read(roof, { ...panels, model: 160 })).toMatchObject({
      millijoules: 400 * WATT_HOUR,
    });
  });
});

describe("a SunSpec battery (802)", () => {
  it.each([
    ["discharging, positive", 700, STATUS.discharging, {}, [700, 0]],
    ["discharging, negative", -700, STATUS.discharging, {}, [700, 0]],
    ["charging, positive", 700, STATUS.charging, {}, [0, 700]],
    ["charging, negative", -700, STATUS.charging, {}, [0, 700]],
    ["at rest", 0, STATUS.holding, {}, [0, 0]],
    ["as its owner says", 700, STATUS.holding, { positive: "discharging" }, [700, 0]],
    ["as its owner says, the other way", 700, undefined, { positive: "charging" }, [0, 700]],
  ])("tells which way its power flows: %s", async (_what, watts, status, table, [from, to]) => {
    const models = battery(watts, status);
    expect(await read(models, table)).toMatchObject({ millijoules: null, watts: from });
    expect(await read(models, { direction: "to", ...table })).toMatchObject({ watts: to });
  });

  it("tells no power whose way nobody knows", async () => {
    expect(await read(battery(700))).toBe("METERS_NO_VALUE");
    expect(await read(battery(700, STATUS.holding))).toBe("METERS_NO_VALUE");
    expect(await read(battery(-327_680, STATUS.charging))).toBe("METERS_NO_VALUE");
  });

  it("tells how full it is and what it does", async () => {
    const told = await read(battery(700, STATUS.charging));
    expect(told).toMatchObject({ store: { share: 0.625, status: "charging" } });
  });
});

describe("how full a SunSpec store is", () => {
  const beside = (model: SunspecModel): Models => {
    return ({ given, taken }) => [
      portsModel([{ type: 1, injected: given, absorbed: taken }]),
      model,
    ];
  };

  it.each([
    ["124", basicStoreModel({ percent: 81.25, status: STATUS.full }), 0.8125, "full"],
    ["124 without a status", basicStoreModel({ percent: 8 }), 0.08, null],
    ["124 without the point", basicStoreModel({ percent: null, status: 3 }), null, "discharging"],
    ["124 above a whole", basicStoreModel({ percent: 101, status: 9 }), null, null],
    ["713", capacityModel(55.5, 5_000), 0.555, null],
    ["a draft of 713", capacityModel(55, 5_000, true), 0.55, null],
    ["713 without the point", capacityModel(null, 5_000), null, null],
  ] as const)("is read of model %s", async (_what, model, share, status) => {
    expect(await read(beside(model))).toMatchObject({ store: { share, status } });
  });

  it("is not said by a device that has no such model, nor of a panel", async () => {
    const bare: Models = ({ given, taken }) => [
      portsModel([{ type: 1, injected: given, absorbed: taken }]),
    ];
    expect(await read(bare)).not.toHaveProperty("store.share");
    const roof: Models = ({ given }) => [
      inverterModel({ profile: given, startWattHours: 5 }),
      basicStoreModel({ percent: 50 }),
    ];
    expect(await read(roof, { role: "generation" })).toMatchObject({ store: undefined });
  });

  it("comes beside the register of an inverter that serves the store alone", async () => {
    const coupled: Models = ({ given }) => [
      inverterModel({ profile: given, startWattHours: 5 }),
      basicStoreModel({ percent: 50, status: STATUS.discharging }),
    ];
    expect(await read(coupled)).toBe("METERS_NO_MODEL");
    expect(await read(coupled, { register: "produced" })).toMatchObject({
      millijoules: 905 * WATT_HOUR,
      watts: 900,
      store: { share: 0.5, status: "discharging" },
    });
  });

  it("costs no energy where its model fails", async () => {
    let length = 24;
    const { registers } = basicStoreModel({ percent: 50 });
    const model = {
      id: 124,
      registers,
      get length() {
        return length;
      },
    };
    const { meter, close } = await world({ models: beside(model) });
    expect((await meter.read()).store?.share).toBe(0.5);
    length = 23;
    expect(await meter.read()).toMatchObject({
      register: { millijoules: 900 * WATT_HOUR },
      store: { share: null, status: null },
    });
    await close();
  });
});
