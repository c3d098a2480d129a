import { describe, expect, it } from "vitest";

import {
  DECLINED_LOOK_MS,
  DECLINED_TRIES_MAX,
  DECLINED_WAIT_MS_MAX,
} from "../../../../src-main/miner/limits.ts";
import { DeclinedUnits, declinedWaitMs } from "../../../../src-main/miner/unit/declined-units.ts";

/** A clock of looks: `pass` lets them come one after the other. */
function world() {
  let nowMs = 1_000_000;
  let waiting: { readonly atMs: number; readonly action: () => void } | undefined;
  const clock = {
    nowMs: () => nowMs,
    after: (delayMs: number, action: () => void) => {
      waiting = { atMs: nowMs + delayMs, action };
      return () => (waiting = undefined);
    },
  };
  const state = { may: "no" as "yes" | "no" | "never" };
  const taken: number[] = [];
  const units = new DeclinedUnits({
    clock,
    mayGoOn: () => state.may,
    takeUp: () => taken.push(nowMs - 1_000_000),
  });
  const pass = (ms: number): void => {
    const untilMs = nowMs + ms;
    while (waiting !== undefined && waiting.atMs <= untilMs) {
      const { atMs, action } = waiting;
      waiting = undefined;
      nowMs = atMs;
      action();
    }
    nowMs = untilMs;
  };
  return { units, state, taken, pass, isWaiting: () => waiting !== undefined };
}

const MINUTE = 60_000;

describe("miner/unit/declined-units", () => {
  it("takes a unit up at the first look after its reason is gone, and looks no more", () => {
    const { units, state, taken, pass, isWaiting } = world();
    units.add("a");
    pass(30 * MINUTE);
    expect(taken).toEqual([]);
    state.may = "yes";
    pass(DECLINED_LOOK_MS);
    expect(taken).toEqual([30 * MINUTE + DECLINED_LOOK_MS]);
    expect(isWaiting()).toBe(false);
  });

  it("waits twice as long after each try, at most an hour, and gives up after some", () => {
    const { units, state, taken, pass, isWaiting } = world();
    state.may = "yes";
    for (let tries = 0; tries <= DECLINED_TRIES_MAX + 2; tries += 1) {
      units.add("a");
      pass(2 * DECLINED_WAIT_MS_MAX);
    }
    expect(taken).toHaveLength(DECLINED_TRIES_MAX);
    expect(isWaiting()).toBe(false);
    const waits = Array.from({ length: 10 }, (_, tries) => declinedWaitMs(tries));
    expect(waits.slice(0, 3)).toEqual([30_000, 60_000, 120_000]);
    expect(waits.at(-1)).toBe(DECLINED_WAIT_MS_MAX);
    const gaps = taken.map((at, tries) => at - tries * 2 * DECLINED_WAIT_MS_MAX);
    expect(gaps).toEqual(waits);
  });

  it("forgets a unit that the ledger has closed, and all at the end", () => {
    const { units, state, taken, pass, isWaiting } = world();
    units.add("a");
    state.may = "never";
    pass(DECLINED_LOOK_MS);
    expect(isWaiting()).toBe(false);
    state.may = "yes";
    units.add("b");
    units.stop();
    pass(5 * MINUTE);
    expect(taken).toEqual([]);
  });
});
