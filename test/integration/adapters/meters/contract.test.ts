/** The contract of meters itself: the simplest ones keep it, and each way to break it is caught. */

import { describe, expect, it } from "vitest";

import { Fault } from "../../../../src-main/contract/outcome.ts";
import type { Meter, MeterReading } from "../../../../src-main/ports/meter.ts";
import { METER_CONTRACT, meterContract } from "../../../worlds/meters/meter-contract.ts";
import type { MeterWorld } from "../../../worlds/meters/meter-contract.ts";
import { movedClock, openDescribed } from "../../../worlds/meters/open-described.ts";
import { powerProfile } from "../../../worlds/meters/power-profile.ts";

const SECRET = "geheim";

async function plainWorld(table: object): Promise<MeterWorld> {
  const time = movedClock();
  const meter = await openDescribed(table, { ...time.needs, utilisation: () => 0.5 });
  return {
    ...time,
    meter,
    trueMillijoules: () => null,
    stepMillijoules: 0,
    breakIt: null,
    mend: () => undefined,
    secrets: [],
    close: () => meter.close(),
  };
}

describe("declared watts", () => {
  meterContract(() => plainWorld({ kind: "declared", id: "rack", watts: 80 }));
});

describe("a modelled device", () => {
  meterContract(() => plainWorld({ kind: "tdp-model", id: "tpu", nameplate_watts: 200 }));
});

/** A meter that keeps the contract, and one thing about it that does not. */
function spoiltWorld(spoil: (world: Spoilable) => void): MeterWorld {
  const time = movedClock();
  const profile = powerProfile([{ fromMs: time.startMs, watts: 50 }], time.nowMs);
  let broken = false;
  const world: Spoilable = {
    identity: {
      id: "plug",
      role: "load",
      kind: "smart-plug",
      tier: "B",
      boundary: "wall",
      device: null,
      makeModel: null,
      serial: null,
      calibration: null,
      uncertaintyPercent: 1,
      meterSigned: false,
    },
    reading: () => ({
      atMs: time.nowMs(),
      register: { millijoules: profile.millijoules(), wrapsAtMillijoules: null, epoch: null },
      watts: 50,
      signature: null,
    }),
    fault: () => new Fault("METERS_TIMEOUT", "gone"),
  };
  spoil(world);
  const meter: Meter = {
    get identity() {
      return world.identity;
    },
    readEveryMs: 1_000,
    read: () => (broken ? Promise.reject(world.fault()) : Promise.resolve(world.reading())),
    close: () => Promise.resolve(),
  };
  return {
    ...time,
    meter,
    trueMillijoules: () => profile.millijoules(),
    stepMillijoules: 0,
    breakIt: () => {
      broken = true;
    },
    mend: () => {
      broken = false;
    },
    secrets: [SECRET],
    close: () => Promise.resolve(),
  };
}

interface Spoilable {
  identity: Meter["identity"];
  reading: () => MeterReading;
  fault: () => Error;
}

/** Facts of the contract that a spoilt meter breaks. */
async function broken(spoil: (world: Spoilable) => void): Promise<readonly string[]> {
  const facts: string[] = [];
  for (const { fact, holds } of METER_CONTRACT) {
    await holds(spoiltWorld(spoil)).catch(() => facts.push(fact.split(" ")[0]));
  }
  return facts;
}

const changed = (part: (reading: MeterReading) => Partial<MeterReading>) => (world: Spoilable) => {
  const { reading } = world;
  world.reading = () => ({ ...reading(), ...part(reading()) });
};

const register = (part: (millijoules: number) => object) =>
  changed(({ register: one }) => ({ register: { ...one!, ...part(one!.millijoules) } }));

describe("the contract of meters", () => {
  it("is kept by a meter that is right", async () => {
    expect(await broken(() => undefined)).toEqual([]);
  });

  it.each([
    ["counts everything twice", register((one) => ({ millijoules: one * 2 })), "counts"],
    ["stands still", register(() => ({ millijoules: 7 })), "counts"],
    ["gives halves", register((one) => ({ millijoules: one + 0.5 })), "reads"],
    ["is below zero", register(() => ({ millijoules: -1 })), "reads"],
    ["is beyond its wrap", register((one) => ({ wrapsAtMillijoules: one })), "reads"],
    ["says nothing", changed(() => ({ register: null, watts: null })), "reads"],
    ["gives watts that are none", changed(() => ({ watts: NaN })), "reads"],
    ["tells the future", changed(({ atMs }) => ({ atMs: atMs + 1 })), "reads"],
  ])("is broken by one that %s", async (_what, spoil, fact) => {
    expect(await broken(spoil)).toContain(fact);
  });

  it("is broken by a name too long, a secret told, and a failure without a code", async () => {
    const named = (part: Partial<Meter["identity"]>) => (world: Spoilable) => {
      world.identity = { ...world.identity, ...part };
    };
    expect(await broken(named({ id: "x".repeat(65) }))).toContain("says");
    expect(await broken(named({ uncertaintyPercent: 0 }))).toContain("says");
    expect(await broken(named({ makeModel: SECRET }))).toContain("tells");
    const failing = (fault: () => Error) => (world: Spoilable) => {
      world.fault = fault;
    };
    expect(await broken(failing(() => new Error("gone")))).toContain("faults");
    const telling = () => new Fault("METERS_LOGIN", "no", { url: `http://${SECRET}@h` });
    expect(await broken(failing(telling))).toContain("faults");
  });
});
