import { describe, expect, it } from "vitest";

import { mineStateSchema } from "../../../src-main/contract/control-api/status.ts";
import {
  isRunning,
  WORK_STATES,
  workStateIn,
  workWord,
} from "../../../src-main/shell/work-words.ts";

describe("work words", () => {
  it("know every state that a daemon can name", () => {
    for (const state of mineStateSchema.options) {
      expect(workStateIn({ mine: { state } })).toBe(state);
      expect(isRunning(state)).toBe(true);
    }
    expect(WORK_STATES).toHaveLength(mineStateSchema.options.length + 2);
  });

  it("have a word of their own for each", () => {
    expect(new Set(WORK_STATES.map(workWord)).size).toBe(WORK_STATES.length);
  });

  it("take nothing from a status that names no state", () => {
    for (const status of [{}, { mine: null }, { mine: {} }, { mine: { state: "dancing" } }]) {
      expect(workStateIn(status)).toBeNull();
    }
    expect([isRunning("stopped"), isRunning("starting")]).toEqual([false, false]);
  });
});
