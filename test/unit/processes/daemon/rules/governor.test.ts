import { describe, expect, it } from "vitest";

import { checkResult } from "../../../../../src-main/contract/control-api/index.ts";
import { STANDARD_PROTECTIONS } from "../../../../../src-main/energy/rules/index.ts";
import type { SignalsNow } from "../../../../../src-main/energy/rules/index.ts";
import { Governor } from "../../../../../src-main/processes/daemon/rules/governor.ts";
import type {
  Hold,
  OwnerActs,
} from "../../../../../src-main/processes/daemon/rules/held-mining.ts";
import { NotedLog } from "../../../../worlds/moved-clock.ts";
import {
  HOUR_MS,
  hourly,
  MONDAY,
  rulesOf,
  signalsWith,
  utcTime,
} from "../../../../worlds/rule-world.ts";

const open = (...tables: readonly object[]) => {
  const world = { hours: 0, known: {} as Partial<SignalsNow> };
  const held: { hold: Hold | null; owner: OwnerActs | null } = { hold: null, owner: null };
  const log = new NotedLog();
  const governor = new Governor({
    settings: { rules: rulesOf(...tables), limits: STANDARD_PROTECTIONS },
    signals: { now: () => signalsWith(world.known) },
    mining: {
      hold: (hold) => (held.hold = hold),
      onOwner: (owner) => (held.owner = owner),
      wanted: () => true,
    },
    log,
    localTime: utcTime,
    nowMs: () => MONDAY + world.hours * HOUR_MS,
    runMs: () => world.hours * HOUR_MS,
  });
  const at = (hours: number, known: Partial<SignalsNow>) => {
    world.hours = hours;
    world.known = known;
    governor.tick();
    return held.hold;
  };
  return { governor, at, held, log, world };
};

const gpu = (celsius: number | null) => ({
  devices: [{ id: "gpu-0", celsius, fan: null, watts: null }],
});

describe("Governor", () => {
  it("holds work with the code, the rule and a sentence, and lets it go", () => {
    const { at } = open({ name: "night", then: "pause", price_above: [0.2, 0.15] });
    const prices = hourly([0.31, 0.31, 0.1], 20);
    expect(at(20.5, { price: 0.31, prices, currency: "EUR" })).toEqual({
      code: "ENERGY_RULE_PAUSED",
      facts: { rule: "night" },
      sentence: "Paused by rule 'night': price 0.31 > 0.2 EUR/kWh, about until 22:00",
    });
    expect(at(22, { price: 0.1 })).toBeNull();
  });

  it("tells each protection by its code", () => {
    const { at } = open();
    expect(at(0, gpu(84))).toMatchObject({
      code: "ENERGY_PROTECTION_HEAT",
      sentence: "Waiting: 84 °C on GPU 0, resumes at 75 °C",
    });
    expect(at(0.5, gpu(91))?.code).toBe("ENERGY_PROTECTION_STOPPED");
    expect(open().at(0, { failures: 5 })?.code).toBe("ENERGY_PROTECTION_FAILURES");
    const silent = open();
    silent.at(0, gpu(60));
    expect(silent.at(0.1, gpu(null))?.code).toBe("ENERGY_PROTECTION_SENSOR");
  });

  it("gives way to the owner's start against rules, not against protections", () => {
    const { at, held } = open({ name: "never", then: "pause" });
    at(0, {});
    held.owner?.started();
    expect(held.hold).toBeNull();
    expect(at(0.5, gpu(85))?.code).toBe("ENERGY_PROTECTION_HEAT");
    held.owner?.started();
    expect(held.hold?.code).toBe("ENERGY_PROTECTION_HEAT");
  });

  it("says what changed once, not each second", () => {
    const { at, log } = open();
    for (let second = 0; second < 60; second += 1) at(second / 3_600, gpu(84 + (second % 3)));
    expect(log.warnings).toHaveLength(1);
    at(1, gpu(60));
    at(2, gpu(84));
    expect(log.warnings).toHaveLength(2);
  });

  it("answers its calls in the published shape, with figures and expected effect", () => {
    const { at, governor } = open(
      { name: "early", then: "run", cheapest_hours: 2, before: "07:00" },
      { name: "quiet", then: "cap", cap_watts: 150, fan_above: 0.7 },
    );
    const prices = hourly([0.4, 0.4, 0.4, 0.1, 0.1, 0.4, 0.4]);
    at(0.5, { prices, price: 0.4, workWatts: 400, currency: "EUR", ...gpu(60) });
    const preview = governor.preview();
    expect(checkResult("rules.preview", preview)).toMatchObject({ ok: true });
    expect(preview.rules[0]).toMatchObject({
      name: "early",
      asks: "pause",
      decides: true,
      because: "not in the 2 cheapest hours before 07:00, next from 03:00",
    });
    expect(preview.rules[0].effect).toMatch(/^about 2 h of work, about 0.80 kWh in other hours/);
    expect(preview.rules[1]).toMatchObject({ holds: null, asks: "cap" });
    const state = governor.state();
    expect(checkResult("rules.state", state)).toMatchObject({ ok: true });
    expect(state).toMatchObject({ work: "pause", rule: "early", code: "ENERGY_RULE_PAUSED" });
    expect(state.sentence).toContain("about until 03:00");
  });

  it("says that a cap is not in force and what it needs", () => {
    const { at, governor } = open({ name: "quiet", then: "cap", cap_watts: 150 });
    expect(at(0, {})).toBeNull();
    expect(governor.state()).toMatchObject({ work: "run", capWatts: 150 });
    expect(governor.state().capNeeds).toContain("nvidia-smi -pl");
  });
});

describe("a limit of watts", () => {
  it("holds work by its code where none are measured", () => {
    const held: { hold: Hold | null } = { hold: null };
    const governor = new Governor({
      settings: { rules: [], limits: { ...STANDARD_PROTECTIONS, totalWatts: 300 } },
      signals: { now: () => signalsWith({}) },
      mining: {
        hold: (hold) => (held.hold = hold),
        onOwner: () => undefined,
        wanted: () => true,
      },
      log: new NotedLog(),
      localTime: utcTime,
      nowMs: () => MONDAY,
      runMs: () => 0,
    });
    governor.tick();
    expect(held.hold?.code).toBe("ENERGY_PROTECTION_WATTS");
  });
});
