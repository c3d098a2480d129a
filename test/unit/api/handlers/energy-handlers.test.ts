import { describe, expect, it } from "vitest";

import { energyHandlers } from "../../../../src-main/api/index.ts";

describe("calls about energy", () => {
  it("are refused where nobody counts it", async () => {
    const handlers = energyHandlers(null);
    const span = { fromMs: 0, toMs: 3_600_000, step: 3_600 } as const;
    const answers = await Promise.all([
      handlers["energy.now"]({}),
      handlers["energy.hours"](span),
      handlers["energy.units"]({ limit: 1 }),
      handlers["energy.sources"]({}),
      handlers["energy.signals"]({}),
    ]);
    for (const answer of answers) {
      expect(answer).toMatchObject({ ok: false, rejection: { code: "ENERGY_OFF" } });
    }
  });
});
