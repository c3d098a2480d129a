import { describe, expect, it } from "vitest";

import {
  appleMillijoules,
  powermetricsWatts,
} from "../../../../src-main/adapters/meters/apple-energy.ts";
import type { AppleChannel } from "../../../../src-main/adapters/meters/apple-energy.ts";
import { powermetricsFault } from "../../../../src-main/adapters/meters/apple.ts";

const channel = (name: string, value: bigint, unit = "mJ"): AppleChannel => ({ name, unit, value });

/** As `powermetrics` writes it; made from its public description, not recorded. */
const TEXT = [
  "**** Processor usage ****",
  "E-Cluster Power: 31 mW",
  "CPU Power: 1234 mW",
  "GPU Power: 56 mW",
  "ANE Power: 0 mW",
  "Combined Power (CPU + GPU + ANE): 1290 mW",
  "",
].join("\n");

describe("adapters/meters/apple-energy", () => {
  it("adds up whole parts of one die or two, and no cores within them", () => {
    const channels = [
      channel("PCPU0", 7n),
      channel("CPU Energy", 100n),
      channel("GPU Energy", 5_999_999n, "nJ"),
      channel("ANE", 3_000n, "uJ"),
      channel("DRAM", 1_000n),
    ];
    expect(appleMillijoules(channels, ["cpu"])).toBe(100);
    expect(appleMillijoules(channels, ["gpu"])).toBe(5);
    expect(appleMillijoules(channels, ["cpu", "gpu", "ane"])).toBe(108);
    const ultra = [channel("DIE_0_CPU Energy", 1n), channel("DIE_1_CPU Energy", 2n)];
    expect(appleMillijoules(ultra, ["cpu"])).toBe(3);
    expect(appleMillijoules(ultra, ["gpu"])).toBeNull();
  });

  it("refuses a unit that it does not know, and what cannot be energy", () => {
    const wrong = [channel("CPU Energy", 1n, "events"), channel("CPU Energy", -1n)];
    for (const one of wrong) {
      const read = () => appleMillijoules([one], ["cpu"]);
      expect(read).toThrow(expect.objectContaining({ code: "METERS_ANSWER" }));
    }
  });

  it("reads the text of powermetrics, and misses what is not there", () => {
    expect(powermetricsWatts(TEXT, ["cpu", "gpu", "ane"])).toBe(1.29);
    expect(powermetricsWatts(TEXT.replaceAll("\n", "\r\n"), ["gpu"])).toBe(0.056);
    const without = TEXT.replace("GPU Power: 56 mW\n", "");
    const read = () => powermetricsWatts(without, ["gpu"]);
    expect(read).toThrow(expect.objectContaining({ code: "METERS_ANSWER" }));
  });

  it.each([
    [{ code: 1 }, "powermetrics must be invoked as the superuser", "METERS_PERMISSION"],
    [{ code: "ENOENT" }, "", "METERS_ABSENT"],
    [{ killed: true }, "", "METERS_TIMEOUT"],
    [{ code: 1 }, "unexpected", "METERS_COUNTER"],
  ])("says why a run failed: %j %s", (error, stderr, code) => {
    expect(powermetricsFault(error, stderr)).toMatchObject({ code });
  });
});
