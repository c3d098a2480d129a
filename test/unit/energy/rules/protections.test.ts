import { describe, expect, it } from "vitest";

import {
  forgive,
  FRESH_PROTECTIONS,
  protectionReason,
  stepProtections,
  unprotectedDevices,
} from "../../../../src-main/energy/rules/protections.ts";
import { STANDARD_PROTECTIONS } from "../../../../src-main/energy/rules/rule.ts";
import type { ProtectionLimits } from "../../../../src-main/energy/rules/rule.ts";
import type { SignalsNow } from "../../../../src-main/energy/rules/signals.ts";
import { signalsWith } from "../../../worlds/rule-world.ts";

/** Goes from second to second; answers the code of the reason at each. */
class Guard {
  #state = FRESH_PROTECTIONS;
  readonly #limits: ProtectionLimits;

  constructor(limits: Partial<ProtectionLimits> = {}) {
    this.#limits = { ...STANDARD_PROTECTIONS, ...limits };
  }

  at(seconds: number, known: Partial<SignalsNow>) {
    const signals = signalsWith(known);
    this.#state = stepProtections(this.#state, this.#limits, signals, seconds * 1_000);
    return protectionReason(this.#state, this.#limits, signals);
  }

  heat(seconds: number, celsius: number | null) {
    return this.at(seconds, { devices: [{ id: "gpu-0", celsius, fan: null, watts: null }] });
  }

  start(known: Partial<SignalsNow>) {
    this.#state = forgive(this.#state, this.#limits, signalsWith(known));
  }

  get unprotected() {
    return unprotectedDevices(this.#state);
  }
}

describe("stepProtections", () => {
  it("waits at 83 °C until it has 75 °C again and 120 s have passed", () => {
    const guard = new Guard();
    expect(guard.heat(0, 82.9)).toBeNull();
    expect(guard.heat(1, 83)?.code).toBe("ENERGY_PROTECTION_HEAT");
    expect(guard.heat(60, 74)?.sentence).toBe(
      "Waiting: 74 °C on GPU 0, resumes 120 s after it was too hot",
    );
    expect(guard.heat(130, 76)?.code).toBe("ENERGY_PROTECTION_HEAT");
    expect(guard.heat(131, 75)).toBeNull();
    expect(guard.heat(132, 82)).toBeNull();
  });

  it("goes by the place that is closest to its limit, and says what it shows", () => {
    const guard = new Guard();
    const card = { id: "gpu-0", celsius: 70, fan: null, watts: null };
    const junction = (seconds: number, celsius: number) => {
      const place = { place: "junction" as const, celsius, counted: celsius - 20 };
      return guard.at(seconds, { devices: [{ ...card, guard: place }] });
    };
    expect(junction(0, 102)).toBeNull();
    expect(junction(1, 104)).toMatchObject({
      code: "ENERGY_PROTECTION_HEAT",
      facts: { device: "gpu-0", celsius: 104 },
      sentence: "Waiting: 104 °C (junction) on GPU 0, resumes at 95 °C",
    });
    expect(junction(140, 95)).toBeNull();
    expect(junction(141, 110)?.sentence).toBe(
      "Stopped: GPU 0 reached 110 °C and has 110 °C (junction); start it again once it has 95 °C",
    );
  });

  it("stops at 90 °C until its owner starts it, and not before it has cooled down", () => {
    const guard = new Guard();
    expect(guard.heat(0, 91)?.code).toBe("ENERGY_PROTECTION_STOPPED");
    expect(guard.heat(3_600, 40)?.sentence).toContain("start it again once it has 75 °C");
    guard.heat(3_601, 80);
    guard.start({});
    expect(guard.heat(3_602, 60)?.code).toBe("ENERGY_PROTECTION_STOPPED");
    guard.start({});
    expect(guard.heat(3_603, 60)).toBeNull();
  });

  it("waits for a device that fell silent, and not for one that never told", () => {
    const guard = new Guard();
    guard.heat(0, 60);
    expect(guard.heat(29, null)).toBeNull();
    expect(guard.heat(31, null)?.code).toBe("ENERGY_PROTECTION_SENSOR");
    expect(guard.heat(100, 80)?.code).toBe("ENERGY_PROTECTION_SENSOR");
    expect(guard.heat(152, 80)).toBeNull();
    const mute = new Guard();
    expect(mute.heat(0, null)).toBeNull();
    expect(mute.heat(600, null)).toBeNull();
    expect(mute.unprotected).toEqual(["gpu-0"]);
  });

  it("keeps a hot device waiting while it tells nothing or is gone", () => {
    const guard = new Guard();
    guard.heat(0, 85);
    expect(guard.heat(300, null)?.code).toBe("ENERGY_PROTECTION_HEAT");
    expect(guard.at(600, {})?.code).toBe("ENERGY_PROTECTION_HEAT");
  });

  it("waits after 5 failures in a row until its owner starts it, and counts anew", () => {
    const guard = new Guard();
    expect(guard.at(0, { failures: 4 })).toBeNull();
    expect(guard.at(1, { failures: 5 })?.code).toBe("ENERGY_PROTECTION_FAILURES");
    guard.start({ failures: 5 });
    expect(guard.at(2, { failures: 9 })).toBeNull();
    expect(guard.at(3, { failures: 10 })?.code).toBe("ENERGY_PROTECTION_FAILURES");
    expect(guard.at(4, { failures: 0 })).toBeNull();
    expect(guard.at(5, { failures: 5 })?.code).toBe("ENERGY_PROTECTION_FAILURES");
  });

  it("keeps the watts of the machine, waits longer each time, and waits without any", () => {
    const guard = new Guard({ totalWatts: 500 });
    expect(guard.at(0, { watts: 450 })).toBeNull();
    expect(guard.at(1, { watts: 501 })?.sentence).toBe(
      "Waiting: 501 W of at most 500 W, resumes at 450 W",
    );
    expect(guard.at(60, { watts: 80 })?.code).toBe("ENERGY_PROTECTION_WATTS");
    expect(guard.at(122, { watts: 80 })).toBeNull();
    expect(guard.at(123, { watts: 600 })?.code).toBe("ENERGY_PROTECTION_WATTS");
    expect(guard.at(300, { watts: 80 })?.code).toBe("ENERGY_PROTECTION_WATTS");
    expect(guard.at(364, { watts: 80 })).toBeNull();
    const blind = new Guard({ totalWatts: 500 });
    expect(blind.at(0, {})?.sentence).toContain("the limit of 500 W cannot be kept");
    expect(new Guard().at(0, {})).toBeNull();
  });

  it("is only ever tightened by tighter limits", () => {
    const tight = new Guard({ pauseCelsius: 70, resumeCelsius: 60 });
    expect(tight.heat(0, 71)?.sentence).toBe("Waiting: 71 °C on GPU 0, resumes at 60 °C");
  });
});
