import { describe, expect, it } from "vitest";

import { METRICS, metricsText } from "../../../src-main/api/metrics.ts";

/** Every name with its type, as a scraper reads them. */
const typesIn = (text: string) =>
  Object.fromEntries(
    [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type]),
  );
const samplesIn = (text: string) => text.split("\n").filter((line) => /^[a-z]/.test(line));

describe("metricsText", () => {
  it("declares every metric and gives no value that nobody measured", async () => {
    const text = await metricsText({});
    const kinds = Object.entries(METRICS).map(([name, { kind }]) => [name, kind]);
    expect(typesIn(text)).toEqual(Object.fromEntries(kinds));
    expect(samplesIn(text)).toEqual([]);
  });

  it("names counters and units as Prometheus asks", () => {
    for (const [name, { kind, help }] of Object.entries(METRICS)) {
      expect(name).toMatch(/^miner_[a-z]+(_[a-z]+)*$/);
      expect(name.endsWith("_total")).toBe(kind === "counter");
      expect(help).toMatch(/\.$/);
    }
  });

  it("writes values with their labels, zero included", async () => {
    const text = await metricsText({
      miner_work_units_total: [
        { labels: { result: "paid" }, value: 3 },
        { labels: { result: "voided" }, value: 0 },
      ],
      miner_device_temperature_celsius: [{ labels: { sensor: 'a"b\\c\nd' }, value: 41.5 }],
    });
    expect(samplesIn(text)).toEqual([
      'miner_work_units_total{result="paid"} 3',
      'miner_work_units_total{result="voided"} 0',
      'miner_device_temperature_celsius{sensor="a\\"b\\\\c\\nd"} 41.5',
    ]);
  });

  it("begins anew with each scrape: nothing of the last one stays", async () => {
    await metricsText({ miner_state: [{ labels: { state: "idle" }, value: 1 }] });
    expect(samplesIn(await metricsText({}))).toEqual([]);
  });
});
