import { describe, expect, it } from "vitest";

import type { LimitsOfDevice } from "../../../../src-main/contract/control-api/limits.ts";
import {
  heatWords,
  offWords,
  wattsStep,
  wattsWords,
} from "../../../../src-renderer/text/limit-words.ts";
import { limitsOf } from "../../../worlds/device-limits.ts";

const LIMITS = limitsOf("gpu-0", { watts: { own: null, most: 250 } });

describe("limits in words", () => {
  it("say at which heat a device pauses and resumes, while it is chosen and afterwards", () => {
    expect(heatWords(LIMITS, null)).toBe("Standard: pauses at 83 °C, resumes at 75 °C.");
    expect(heatWords(LIMITS, 78)).toBe("Pauses at 78 °C, resumes at 70 °C.");
    const cool = { ...LIMITS, celsius: { ...LIMITS.celsius, own: 78, pause: 78, resume: 70 } };
    expect(heatWords(cool, null)).toBe("Pauses at 78 °C, resumes at 70 °C.");
    expect(heatWords(cool, 83)).toBe("Standard: pauses at 83 °C, resumes at 75 °C.");
    const tight = { ...LIMITS, celsius: { ...LIMITS.celsius, resumeMost: 60 } };
    expect(heatWords(tight, 80)).toBe("Pauses at 80 °C, resumes at 60 °C.");
  });

  it("say how many watts a device takes at most, and how that is kept", () => {
    expect(wattsWords(LIMITS, null)).toBe("No limit of its own.");
    expect(wattsWords(LIMITS, 250)).toBe("No limit of its own.");
    expect(wattsWords(LIMITS, 180)).toBe("Takes 180 W at most, as a mean while it works.");
    const own = { ...LIMITS, watts: { own: 180, most: 250 }, inUse: false };
    expect(wattsWords(own, null)).toBe(
      "Takes 180 W at most, as a mean while it works. Counts once it works.",
    );
    const sentence = "Capped at 180 W by GPU 0's own limit (by duty cycle: 62 % of the time)";
    const capped = { ...LIMITS, cap: { sentence } as LimitsOfDevice["cap"] };
    expect(wattsWords(capped, null)).toBe(`${sentence}.`);
    expect(offWords({ ...LIMITS, device: "cpu" })).toContain("no work runs on it until");
    expect(offWords(LIMITS)).toContain("runs on the processor after the next start");
    expect(offWords({ ...LIMITS, trains: false })).toContain("another device was chosen");
    expect([wattsStep(16), wattsStep(250), wattsStep(700)]).toEqual([1, 5, 10]);
  });
});
