import { describe, expect, it } from "vitest";

import { openMeter } from "../../../../src-main/adapters/meters/index.ts";
import { described } from "../../../worlds/meters/open-described.ts";

const table = { kind: "tdp-model", id: "tpu", device: "tpu-0", nameplate_watts: 200 };
const clock = { nowMs: () => 5 };

const wattsAt = async (share: number | null) => {
  const utilisation = (device: string | null) => (device === "tpu-0" ? share : 1);
  const meter = await openMeter(described(table), { clock, utilisation });
  return (await meter.read()).watts;
};

describe("adapters/meters/tdp-model", () => {
  it("goes from a tenth of the nameplate to all of it, and not beyond", async () => {
    expect([await wattsAt(0), await wattsAt(0.5), await wattsAt(1), await wattsAt(1.7)]).toEqual([
      20, 110, 200, 200,
    ]);
  });

  it("is a model with a band of a half", async () => {
    const meter = await openMeter(described(table), { clock });
    expect(meter.identity).toMatchObject({ tier: "D", uncertaintyPercent: 50, device: "tpu-0" });
    expect(meter.identity.nameplateWatts).toBe(200);
  });

  it("makes nothing up where nobody knows how busy the device is", async () => {
    await expect(wattsAt(null)).rejects.toMatchObject({ code: "METERS_NO_VALUE" });
    await expect(wattsAt(NaN)).rejects.toMatchObject({ code: "METERS_NO_VALUE" });
    const meter = await openMeter(described(table), { clock });
    await expect(meter.read()).rejects.toMatchObject({ code: "METERS_NO_VALUE" });
  });
});
