import { describe, expect, it } from "vitest";

import type { Status } from "../../../../src-main/contract/control-api/index.ts";
import { whyNotEarning } from "../../../../src-renderer/text/why-not-earning.ts";
import { SAMPLE_RESULT, SAMPLE_STATUS, statusWith } from "../../processes/cli/sample-status.ts";

const voided = { ...SAMPLE_RESULT, outcome: "voided" as const, code: "LEARNING_BATCH_MISMATCH" };
const paused: Status = { ...SAMPLE_STATUS, mine: { ...SAMPLE_STATUS.mine, state: "paused" } };

describe("whyNotEarning", () => {
  it("has nothing to say while work is under way and the last unit was paid", () => {
    expect(whyNotEarning({ ...SAMPLE_STATUS, lastResult: SAMPLE_RESULT })).toBeNull();
    expect(whyNotEarning({ ...statusWith(null), jobsOpen: 1 })).toBeNull();
  });

  it("names the first cause: a fault before a pause before a unit without pay", () => {
    const failed = { ...paused.mine, state: "failed" as const, code: "STORE_DISK_FULL" };
    const all = { ...paused, lastResult: voided };
    expect(whyNotEarning({ ...all, mine: failed })?.code).toBe("STORE_DISK_FULL");
    expect(whyNotEarning(all)?.title).toBe("Not earning: paused by you");
    expect(whyNotEarning({ ...SAMPLE_STATUS, lastResult: voided })?.code).toBe(voided.code);
  });

  it("says what holds work where its owner wants it", () => {
    const reason = "Waiting: 84 °C on GPU 0, resumes at 75 °C";
    const mine = { ...paused.mine, code: "ENERGY_PROTECTION_HEAT", reason };
    const said = whyNotEarning({ ...paused, mine });
    expect(said?.title).toBe(`Not earning: ${reason}.`);
    expect(said?.code).toBe("ENERGY_PROTECTION_HEAT");
  });

  it("says why a unit was declined", () => {
    const mine = { ...statusWith(null).mine, state: "idle" as const, code: "MINER_ENERGY_TIER" };
    const said = whyNotEarning({ ...statusWith(null), mine });
    expect(said).toMatchObject({ tone: "attention", code: "MINER_ENERGY_TIER" });
  });

  it("says that there is no job only where none is open", () => {
    const idle = { ...statusWith(null), jobsOpen: 0 };
    expect(whyNotEarning(idle)?.title).toBe("Not earning: there is no job");
  });
});
