import { describe, expect, it } from "vitest";

import type { EnergyTier } from "../../../../../src-main/ports/meter.ts";
import { identityOver } from "../../../../../src-main/processes/daemon/energy/identity-over.ts";
import { PLUG } from "../../../../worlds/energy-day.ts";

const since = (
  [
    [0, "B"],
    [100, "E"],
    [200, "B"],
  ] as const
).map(([fromMs, tier]: readonly [number, EnergyTier]) => {
  return { fromMs, identity: { ...PLUG, tier } };
});

describe("processes/daemon/energy/identity-over", () => {
  it("is no better than the weakest meter that stood there in the time", () => {
    const tierOver = (fromMs: number, toMs: number) => identityOver(PLUG, since, fromMs, toMs).tier;
    expect([tierOver(0, 100), tierOver(0, 101)]).toEqual(["B", "E"]);
    expect([tierOver(150, 160), tierOver(199, 500), tierOver(200, 500)]).toEqual(["E", "E", "B"]);
    expect(identityOver(PLUG, [], 0, 1)).toEqual(PLUG);
  });
});
