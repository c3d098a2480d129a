import { describe, expect, it } from "vitest";

import { stateSentence, statusLines } from "../../../../src-main/processes/cli/status-lines.ts";
import { SAMPLE_STATUS, statusWith } from "./sample-status.ts";

describe("stateSentence", () => {
  it("says what to do when nothing is to do", () => {
    const status = statusWith(null);
    const idle = { ...status, mine: { ...status.mine, state: "idle" } } as const;
    expect(stateSentence(idle)).toContain("vivian job submit digits-cnn");
  });

  it("says why work is held and what ends it, with a unit in hand too", () => {
    const reason = "Waiting: 84 °C on GPU 0, resumes at 75 °C";
    const mine = { ...SAMPLE_STATUS.mine, state: "paused", reason } as const;
    expect(stateSentence({ ...SAMPLE_STATUS, mine })).toBe(`${reason}.`);
  });

  it("says of a declined unit why, and does not say that it stopped", () => {
    const status = statusWith(null);
    const facts = { demanded: "B", here: "D" };
    const mine = { ...status.mine, state: "idle", code: "MINER_ENERGY_TIER", facts } as const;
    const sentence = stateSentence({ ...status, mine });
    expect(sentence).toMatch(/^Idle; the newest unit was declined: The job demands/);
  });

  it("says why it stopped and what would mend it", () => {
    const mine = { ...SAMPLE_STATUS.mine, state: "failed", code: "STORE_DISK_FULL" } as const;
    const sentence = stateSentence({ ...SAMPLE_STATUS, mine: { ...mine, facts: {} } });
    expect(sentence).toMatch(/^Stopped: /);
  });
});

describe("statusLines", () => {
  it("marks a network without value and gives every number its unit", () => {
    const text = statusLines(SAMPLE_STATUS, 71_000).join("\n");
    expect(text).toContain("practice (practice, no value)");
    expect(text).toContain("12.40 VIV");
    expect(text).toContain("10 482 slots in 12 commits");
    expect(text).toContain("for 1 min 10 s, process 4242");
  });
});
