import { describe, expect, it } from "vitest";

import type { MineStatus, UnitPhase } from "../../../../src-main/contract/control-api/index.ts";
import {
  progressOf,
  roughly,
  stateSentence,
  turnWords,
} from "../../../../src-renderer/text/state-sentence.ts";
import { SAMPLE_STATUS, SAMPLE_UNIT } from "../../processes/cli/sample-status.ts";

const mine = (change: Partial<MineStatus>): MineStatus => ({ ...SAMPLE_STATUS.mine, ...change });
const inPhase = (phase: UnitPhase) => mine({ unit: { ...SAMPLE_UNIT, phase } });
const PHASES = ["assigned", "training", "sealed", "revealed", "challenged", "verifying"] as const;
const ENDS = ["accepted", "paid", "disputed", "voided"] as const;

describe("stateSentence", () => {
  it("says an estimate with about, and only while training", () => {
    expect(stateSentence(mine({})).text).toBe(
      "Training “digits-cnn”, step 1 293 of 2 812, about 37 s left.",
    );
    for (const phase of [...PHASES, ...ENDS].filter((one) => one !== "training")) {
      expect(stateSentence(inPhase(phase)).text).not.toMatch(/about \d/);
    }
  });

  it("has a sentence of its own for each phase, with the job's name and a full stop", () => {
    const said = [...PHASES, ...ENDS].map((phase) => stateSentence(inPhase(phase)).text);
    expect(new Set(said).size).toBe(said.length - 1); // drawn and being checked say the same
    for (const text of said) expect(text).toMatch(/“digits-cnn”.*\.$/);
  });

  it("states paid flatly, and has the colour of what is certain for that alone", () => {
    for (const phase of [...PHASES, ...ENDS]) {
      expect(stateSentence(inPhase(phase)).tone === "certain").toBe(phase === "paid");
    }
  });

  it("says of a pause why, until when, and where the work stands", () => {
    const { text, small } = stateSentence(mine({ state: "paused" }));
    expect(text).toBe(
      "Paused by you, until you press Start. “digits-cnn” keeps its place at step 1 293 of 2 812.",
    );
    expect(small).toBe("");
    const sealed = { ...SAMPLE_UNIT, phase: "sealed" as const };
    expect(stateSentence(mine({ state: "paused", unit: sealed })).text).not.toContain("keeps");
  });

  it("says of a hold what holds it and what ends it", () => {
    const reason = "Waiting: 84 °C on GPU 0, resumes at 75 °C";
    const held = { state: "paused", code: "ENERGY_PROTECTION_HEAT", reason, unit: null } as const;
    const { text, small } = stateSentence(mine(held));
    expect(text).toBe(`${reason}.`);
    expect(small).toContain("ENERGY_PROTECTION_HEAT");
  });

  it("says of a unit that was declined why, and that the miner waits for another", () => {
    const facts = { demanded: "B", here: "D" };
    const declined = { state: "idle", code: "MINER_ENERGY_TIER", facts, unit: null } as const;
    const { tone, text, small } = stateSentence(mine(declined));
    expect(tone).toBe("attention");
    expect(text).toMatch(/^Waiting for work; the newest unit was declined. The job demands/);
    expect(small).toMatch(/MINER_ENERGY_TIER: .*B/);
  });

  it("says of a fault what happened, what is safe, what to do, the facts and the code", () => {
    const facts = { folder: "/data" };
    const failed = stateSentence(mine({ state: "failed", code: "STORE_DISK_FULL", facts }));
    expect(failed.tone).toBe("fault");
    expect(failed.text).toMatch(/^Stopped: The disk is full/);
    for (const part of ["Safe", "STORE_DISK_FULL", "folder /data"]) {
      expect(failed.small.toLowerCase()).toContain(part.toLowerCase());
    }
  });

  it("says that it waits, and why", () => {
    expect(stateSentence(mine({ state: "idle", unit: null })).text).toBe(
      "Waiting for work: no job is assigned to this machine.",
    );
  });
});

describe("turnWords", () => {
  it("stays the same while only figures move", () => {
    const early = turnWords(mine({ unit: { ...SAMPLE_UNIT, step: 1 } }));
    expect(early).toBe("training");
    expect(turnWords(mine({ unit: { ...SAMPLE_UNIT, step: 2_000 } }))).toBe(early);
    expect(turnWords(mine({ unit: { ...SAMPLE_UNIT, phase: "paid" } }))).toBe("paid");
  });

  it("says a stop whatever is in hand", () => {
    expect(turnWords(mine({ state: "paused", unit: SAMPLE_UNIT }))).toBe("paused");
    expect(turnWords(mine({ state: "failed", unit: null }))).toBe("stopped by a fault");
    expect(turnWords(mine({ state: "idle", unit: null }))).toBe("waiting for work");
  });
});

describe("progressOf", () => {
  it("leaves the guess out where there is none", () => {
    expect(progressOf({ ...SAMPLE_UNIT, trainLeftMs: null })).toBe("step 1 293 of 2 812");
  });
});

describe("roughly", () => {
  it("is in whole seconds, never none", () => {
    expect(roughly(0)).toBe("1 s");
    expect(roughly(9_400)).toBe("9 s");
    expect(roughly(36_800)).toBe("37 s");
  });
});
