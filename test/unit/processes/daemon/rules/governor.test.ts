import { describe, expect, it } from "vitest";

import { checkResult } from "../../../../../src-main/contract/control-api/index.ts";
import { STANDARD_PROTECTIONS } from "../../../../../src-main/energy/rules/index.ts";
import type { DeviceLimits, SignalsNow } from "../../../../../src-main/energy/rules/index.ts";
import { CapKeeper } from "../../../../../src-main/processes/daemon/rules/cap-keeper.ts";
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

/** Caps of a card that nothing measures, with a nameplate of so many watts. */
const capKeeper = (limits: {
  readonly own: readonly DeviceLimits[];
  readonly watts: number | null;
}) =>
  new CapKeeper({
    limits: () => limits.own,
    training: "gpu-0",
    sourceOf: () => ({
      source: null,
      counted: null,
      readEveryMs: 1_000,
      nameplateWatts: limits.watts,
      isWhole: false,
    }),
    unit: () => null,
    pace: () => undefined,
    cards: { want: () => undefined, of: () => ({ limitWatts: null, needs: null }) },
  });

const open = (...tables: readonly object[]) => {
  const world = { hours: 0, known: {} as Partial<SignalsNow> };
  const held: { hold: Hold | null; owner: OwnerActs | null; cap: string | null } = {
    hold: null,
    owner: null,
    cap: null,
  };
  const limits = { own: [] as DeviceLimits[], watts: null as number | null };
  const caps = capKeeper(limits);
  const log = new NotedLog();
  const governor = new Governor({
    settings: {
      rules: rulesOf(...tables),
      get limits() {
        return { ...STANDARD_PROTECTIONS, own: limits.own };
      },
    },
    caps,
    signals: { now: () => signalsWith(world.known) },
    mining: {
      hold: (hold) => (held.hold = hold),
      onOwner: (owner) => (held.owner = owner),
      tellCap: (cap) => (held.cap = cap),
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
  return { governor, at, held, log, world, limits };
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

  it("says how a cap is kept, and holds work where it cannot be", () => {
    const { at, governor, held, limits } = open({ name: "quiet", then: "cap", cap_watts: 150 });
    limits.watts = 300;
    expect(at(0, {})).toBeNull();
    const words = "Capped at 150 W by rule 'quiet' (by duty cycle: 21 % of the time, by the ";
    expect(held.cap?.slice(0, words.length)).toBe(words);
    expect(checkResult("rules.state", governor.state())).toMatchObject({ ok: true });
    expect(governor.state()).toMatchObject({ work: "run", caps: [{ rule: "quiet", watts: 150 }] });
    limits.watts = 2_000;
    expect(at(0.01, {})).toMatchObject({
      code: "ENERGY_CAP_LOW",
      facts: { device: "gpu-0", watts: 150 },
    });
    expect([held.cap, governor.state().work]).toEqual([null, "pause"]);
    limits.watts = null;
    expect(at(0.02, {})?.code).toBe("ENERGY_CAP_BLIND");
    // Its owner's start does not end what cannot be kept.
    held.owner?.started();
    expect(held.hold?.code).toBe("ENERGY_CAP_BLIND");
  });

  it("holds work while the device that trains is switched off, below protections alone", () => {
    const { at, held, limits } = open({ name: "never", then: "pause" });
    limits.own = [{ device: "gpu-0", pauseCelsius: null, watts: null, on: false }];
    expect(at(0, {})).toMatchObject({ code: "ENERGY_DEVICE_OFF", facts: { device: "gpu-0" } });
    held.owner?.started();
    expect(held.hold?.code).toBe("ENERGY_DEVICE_OFF");
    expect(at(0.01, gpu(84))?.code).toBe("ENERGY_PROTECTION_HEAT");
    limits.own = [{ device: "cpu", pauseCelsius: null, watts: null, on: false }];
    expect(open().at(0, {})).toBeNull();
  });

  it("leaves a device alone at its own limit of heat, which can only be tighter", () => {
    const { at, limits } = open();
    limits.own = [{ device: "gpu-0", pauseCelsius: 70, watts: null, on: true }];
    expect(at(0, gpu(70))?.sentence).toBe("Waiting: 70 °C on GPU 0, resumes at 62 °C");
    expect(at(1, gpu(63))?.code).toBe("ENERGY_PROTECTION_HEAT");
    expect(at(2, gpu(62))).toBeNull();
    limits.own = [{ device: "gpu-0", pauseCelsius: 89, watts: null, on: true }];
    expect(at(3, gpu(83))?.sentence).toContain("resumes at 75 °C");
  });
});

describe("a limit of watts", () => {
  it("holds work by its code where none are measured", () => {
    const held: { hold: Hold | null } = { hold: null };
    const governor = new Governor({
      settings: { rules: [], limits: { ...STANDARD_PROTECTIONS, totalWatts: 300 } },
      caps: capKeeper({ own: [], watts: null }),
      signals: { now: () => signalsWith({}) },
      mining: {
        hold: (hold) => (held.hold = hold),
        onOwner: () => undefined,
        tellCap: () => undefined,
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
