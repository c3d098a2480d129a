import { describe, expect, it } from "vitest";

import { STANDARD_PROTECTIONS } from "../../../../src-main/energy/rules/rule.ts";
import { parseConfig } from "../../../../src-main/processes/config/parse-config.ts";

const protectionOf = (text: string) => {
  const config = parseConfig(`[protection]\n${text}\n`);
  return config.ok ? config.value.protection : config.rejection.code;
};

describe("[protection]", () => {
  it("has the standards, and lets them be tightened", () => {
    expect(protectionOf("")).toEqual(STANDARD_PROTECTIONS);
    expect(protectionOf("pause_celsius = 70\nhold_s = 600\ntotal_watts = 500")).toEqual({
      ...STANDARD_PROTECTIONS,
      pauseCelsius: 70,
      resumeCelsius: 69,
      holdMs: 600_000,
      totalWatts: 500,
    });
  });

  it("lets the tighter of two limits hold", () => {
    expect(protectionOf("stop_celsius = 60")).toMatchObject({
      pauseCelsius: 60,
      resumeCelsius: 59,
      stopCelsius: 60,
    });
  });

  it("refuses every loosening", () => {
    const looser = ["pause_celsius = 84", "resume_celsius = 76", "stop_celsius = 91"];
    for (const line of [...looser, "hold_s = 119", "failures = 6", "failures = 0"]) {
      expect(protectionOf(line), line).toBe("PROCESSES_CONFIG_VALUE");
    }
  });

  it("knows time zones by their names", () => {
    const zone = (name: string) => parseConfig(`[owner]\ntime_zone = "${name}"\n`);
    expect(zone("Europe/Berlin")).toMatchObject({
      value: { owner: { timeZone: "Europe/Berlin" } },
    });
    expect(zone("Mars/Base").ok).toBe(false);
  });
});
