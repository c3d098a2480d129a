import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { METER_KINDS, checkMeterDescription } from "../../../../src-main/adapters/meters/index.ts";

const checked = (table: unknown) => {
  const outcome = checkMeterDescription(table);
  return outcome.ok ? outcome.value : outcome.rejection;
};

/** The least that each kind needs. */
const LEAST: Readonly<Record<string, object>> = {
  shelly: { url: "http://192.168.1.20/" },
  tasmota: { url: "http://192.168.1.21" },
  "home-assistant": { url: "http://ha.local:8123", entity: "sensor.desk", token: "t" },
  sunspec: { host: "192.168.1.30" },
  rapl: {},
  hwmon: { chip: "amdgpu" },
  "windows-emi": {},
  ioreport: {},
  powermetrics: {},
  declared: { watts: 40 },
  "tdp-model": { nameplate_watts: 200 },
};

describe("adapters/meters/describe", () => {
  it.each(METER_KINDS)("takes %s with the least that it needs, and no key too many", (kind) => {
    const table = { kind, id: "desk", ...LEAST[kind] };
    expect(checked(table)).toMatchObject({ kind, id: "desk", role: expect.any(String) });
    expect(checked({ ...table, colour: "red" })).toMatchObject({
      code: "METERS_DESCRIPTION",
      facts: { meter: "desk", field: "colour" },
    });
    expect(checked({ ...table, id: "no spaces" })).toMatchObject({ facts: { field: "id" } });
  });

  it("gives a two-way source a direction, and no other one", () => {
    const sunspec = { kind: "sunspec", id: "grid", host: "h" };
    expect(checked({ ...sunspec, role: "grid" })).toMatchObject({
      direction: "from",
      register: "bought",
      boundary: "site-meter",
    });
    const sold = { ...sunspec, role: "grid", direction: "to" };
    expect(checked(sold)).toMatchObject({ direction: "to", register: "sold" });
    const wrong = { ...sunspec, role: "generation", direction: "to" };
    expect(checked(wrong)).toMatchObject({ facts: { field: "direction" } });
  });

  it.each([
    ["url", { kind: "shelly", url: "http://h?x=1" }],
    ["url", { kind: "tasmota", url: "h" }],
    ["password", { kind: "shelly", url: "http://h", password: "a", password_file: "b" }],
    ["entity", { kind: "home-assistant", url: "http://h", entity: "../config", token: "t" }],
    ["token", { kind: "home-assistant", url: "http://h", entity: "sensor.a" }],
    ["host", { kind: "sunspec", host: "h/../x" }],
    ["unit", { kind: "sunspec", host: "h", unit: 256 }],
    ["port", { kind: "sunspec", host: "h", port: 1.5 }],
    ["watts", { kind: "declared" }],
    ["watts", { kind: "declared", watts: 5, watts_by_hour: new Array(24).fill(1) }],
    ["watts_by_hour", { kind: "declared", watts_by_hour: [1, 2] }],
    ["idle_watts", { kind: "tdp-model", nameplate_watts: 10, idle_watts: 20 }],
    ["uncertainty_percent", { kind: "declared", watts: 5, uncertainty_percent: 0 }],
    ["boundary", { kind: "declared", watts: 5, boundary: "cellar" }],
    ["nameplate_watts", { kind: "declared", watts: 5, nameplate_watts: 0 }],
    ["nameplate_watts", { kind: "declared", watts: 5, nameplate_watts: 1e9 + 1 }],
    ["nameplate_watts", { kind: "tdp-model", nameplate_watts: 1e6 }],
    ["technology", { kind: "sunspec", host: "h", technology: "coal" }],
    ["technology", { kind: "declared", watts: 5, technology: "solar" }],
    ["kind", { kind: "kettle" }],
  ])("names the key %s of %j", (field, table) => {
    expect(checked({ id: "x", ...table })).toMatchObject({
      code: "METERS_DESCRIPTION",
      facts: { meter: "x", field },
    });
  });

  it.each(METER_KINDS)("takes a nameplate of %s, and what generates", (kind) => {
    const table = { kind, id: "desk", ...LEAST[kind], nameplate_watts: 3_680 };
    const plate = { nameplateWatts: 3_680 };
    expect(checked(table)).toMatchObject(plate);
    const roof = checked({ ...table, role: "generation", technology: "solar" });
    expect(roof).toMatchObject({ technology: "solar", ...plate });
  });

  it("takes or refuses anything, and throws at nothing", () => {
    const table = fc.dictionary(
      fc.constantFrom("kind", "id", "url", "host", "role", "unit", "watts", "__proto__", "chip"),
      fc.oneof(fc.constantFrom(...METER_KINDS), fc.string(), fc.double(), fc.jsonValue()),
    );
    fc.assert(
      fc.property(fc.oneof(table, fc.jsonValue()), (any) => {
        const outcome = checkMeterDescription(any);
        if (!outcome.ok) expect(outcome.rejection.code).toBe("METERS_DESCRIPTION");
      }),
    );
  });
});
