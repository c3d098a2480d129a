/**
 * A SunSpec device whose answers were right until something on the way broke them: bytes flipped,
 * cut off, doubled or swapped in a frame of any place of the talk, and registers of any content.
 */

import { connect, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Meter } from "../../../../src-main/ports/meter.ts";
import { movedClock, openDescribed } from "../../../worlds/meters/open-described.ts";
import { powerProfile } from "../../../worlds/meters/power-profile.ts";
import { startSunspecDevice } from "../../../worlds/meters/sunspec-device.ts";
import type { SunspecDevice } from "../../../worlds/meters/sunspec-device.ts";
import { commonModel, inverterModel } from "../../../worlds/meters/sunspec-models.ts";
import type { SunspecModel } from "../../../worlds/meters/sunspec-models.ts";
import {
  STATUS,
  basicStoreModel,
  batteryModel,
  capacityModel,
  portsModel,
} from "../../../worlds/meters/sunspec-stores.ts";

/** What becomes of one answer. */
interface Harm {
  readonly answer: number;
  readonly how: "flip" | "cut" | "double" | "add" | "none";
  readonly place: number;
  readonly byte: number;
}

let harm: Harm = { answer: -1, how: "none", place: 0, byte: 0 };
let answers = 0;
let device: SunspecDevice;
let way: Server;
/** Registers that stand in for the models' own. */
let content: readonly number[] | null = null;

const own = (model: SunspecModel): SunspecModel => ({
  id: model.id,
  registers: () => model.registers().map((word, at) => content?.[at] ?? word),
});

beforeAll(async () => {
  const { nowMs, startMs } = movedClock();
  const steady = (watts: number) => powerProfile([{ fromMs: startMs - 3_600_000, watts }], nowMs);
  const [given, taken] = [steady(900), steady(400)];
  const models = [
    commonModel(),
    inverterModel({ profile: given, startWattHours: 5 }),
    basicStoreModel({ percent: 50, status: STATUS.holding }),
    capacityModel(55, 10_000),
    portsModel([
      { type: 1, injected: given, absorbed: taken },
      { type: 0, injected: given, absorbed: null },
    ]),
    batteryModel({ percent: 40, status: STATUS.charging, watts: () => 700 }),
  ];
  device = await startSunspecDevice({ models: models.map(own) });
  way = createServer((near) => carry(near, connect(device.port, device.host)));
  await new Promise<void>((resolve) => way.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  way.close();
  await device.close();
});

/** Passes on what is asked, and what is answered with the harm of its turn. */
function carry(near: Socket, far: Socket): void {
  for (const [one, other] of [
    [near, far],
    [far, near],
  ]) {
    one.on("error", () => other.destroy());
    one.on("close", () => other.destroy());
  }
  near.on("data", (bytes) => far.write(bytes));
  far.on("data", (bytes) => {
    answers += 1;
    near.write(answers - 1 === harm.answer ? harmed(bytes, harm) : bytes);
  });
}

function harmed(bytes: Buffer, { how, place, byte }: Harm): Buffer {
  const at = place % bytes.length;
  const copy = Buffer.from(bytes);
  if (how === "flip") copy[at] ^= byte | 1;
  if (how === "cut") return copy.subarray(0, at);
  if (how === "double") return Buffer.concat([copy, copy]);
  if (how === "add") return Buffer.concat([copy, Buffer.from([byte, byte, byte])]);
  return copy;
}

const TABLES = [
  { role: "generation" },
  { role: "storage" },
  { role: "storage", direction: "to" },
  { role: "storage", model: 802 },
  { role: "storage", model: 802, direction: "to", positive: "charging" },
  { role: "storage", register: "produced" },
];

/** What is cut off is waited for so long; what is right is there much sooner. */
const SHORT_MS = 60;

async function readingOf(table: object, requestMs = SHORT_MS) {
  const { needs } = movedClock();
  answers = 0;
  const port = (way.address() as AddressInfo).port;
  const where = { kind: "sunspec", id: "any", host: "127.0.0.1", port };
  const meter = await openDescribed({ ...where, ...table }, { ...needs, requestMs });
  try {
    return await checkedReading(meter);
  } finally {
    await meter.close();
  }
}

/** A reading that is possible, or the code of a meter's fault; anything else fails the test. */
async function checkedReading(meter: Meter): Promise<"read" | string> {
  try {
    const { register, watts, store } = await meter.read();
    expect(register !== null || watts !== null).toBe(true);
    if (watts !== null) expect(Number.isFinite(watts) && watts >= 0).toBe(true);
    if (register !== null) expect(Number.isSafeInteger(register.millijoules)).toBe(true);
    const share = store?.share ?? 0;
    expect(share >= 0 && share <= 1).toBe(true);
    const { capacityWattHours = 1 } = meter.identity;
    expect(Number.isSafeInteger(capacityWattHours) && capacityWattHours >= 1).toBe(true);
    return "read";
  } catch (error) {
    const { code } = error as { code?: string };
    expect(code).toMatch(/^METERS_/);
    return code ?? "";
  }
}

describe("a SunSpec device on a line that breaks", () => {
  it("reads what is right, so that what follows can fail", async () => {
    harm = { answer: -1, how: "none", place: 0, byte: 0 };
    for (const table of TABLES) expect(await readingOf(table, 3_000)).toBe("read");
  });

  it("gives a possible reading or a fault, whichever of its frames is broken", async () => {
    const seen = new Set<string>();
    const any = fc.record({
      answer: fc.nat({ max: 14 }),
      how: fc.constantFrom<Harm["how"]>("flip", "flip", "flip", "cut", "double", "add"),
      place: fc.nat({ max: 260 }),
      byte: fc.nat({ max: 255 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...TABLES), any, async (table, given) => {
        harm = given;
        seen.add(await readingOf(table));
      }),
      { numRuns: 250 },
    );
    harm = { answer: -1, how: "none", place: 0, byte: 0 };
    expect(seen).toContain("read");
    expect(seen.size).toBeGreaterThan(1);
  }, 60_000);

  it("gives a possible reading or a fault, whatever its registers hold", async () => {
    const word = fc.oneof(fc.nat(0xffff), fc.constantFrom(0, 1, 0x7fff, 0x8000, 0xfffe, 0xffff));
    const words = fc.array(word, { minLength: 1, maxLength: 70 });
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...TABLES), words, async (table, given) => {
        content = given;
        seen.add(await readingOf(table));
      }),
      { numRuns: 150 },
    );
    content = null;
    expect(seen).toContain("read");
    expect(seen.size).toBeGreaterThan(1);
  }, 60_000);
});
