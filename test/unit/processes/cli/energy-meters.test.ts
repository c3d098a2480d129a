import { describe, expect, it } from "vitest";

import type { MeterState } from "../../../../src-main/contract/control-api/index.ts";
import { besideLines } from "../../../../src-main/processes/cli/energy-meters.ts";

const PLUG: MeterState = {
  id: "plug-desk",
  role: "load",
  kind: "smart-plug",
  tier: "B",
  boundary: "wall",
  device: null,
  makeModel: null,
  uncertaintyPercent: 2,
  configured: true,
  state: "reading",
  code: null,
  facts: {},
  retryMs: null,
  lastMs: 0,
  watts: 250,
};

describe("processes/cli/energy-meters", () => {
  it("shows a meter of the daemon's own settings, with its watts or what it lacks", () => {
    const [first, second] = besideLines(PLUG);
    expect(first).toBe(
      "plug-desk  smart-plug, tier B: what is used (wall), in the daemon's own settings",
    );
    expect(second).toBe("     250.0 W");
    const failed = { ...PLUG, state: "failed", code: "METERS_UNREACHABLE", watts: null } as const;
    expect(besideLines(failed)[1]).toBe("     no reading [METERS_UNREACHABLE]");
    expect(besideLines({ ...PLUG, state: "late", watts: null })[1]).toBe("     late");
  });
});
