/**
 * What the daemon reports of meters as the settings name them, checked as it checks a report of
 * anybody: real meters, counting, store, node and reports; only the clock is moved.
 */

import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";

import { openEnergyDatabase } from "../../../src-main/adapters/disk/index.ts";
import { nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import { openMeter } from "../../../src-main/adapters/meters/index.ts";
import { addressOfSecretKey } from "../../../src-main/crypto/index.ts";
import { mergedRow } from "../../../src-main/energy/index.ts";
import { canonicalText } from "../../../src-main/energy/report/index.ts";
import { genesisHash } from "../../../src-main/ledger/index.ts";
import { parseConfig } from "../../../src-main/processes/config/parse-config.ts";
import { EnergyCount } from "../../../src-main/processes/daemon/energy/energy-count.ts";
import * as reporting from "../../../src-main/processes/daemon/reports/open-energy-reports.ts";
import { keptLog } from "../../worlds/node-parts.ts";
import { genesisOf, openWorld } from "../miner/practice-world.ts";
import { makeSmallJob } from "../miner/small-job.ts";

const DAY = Date.UTC(2026, 5, 20);
const HOUR = 3_600_000;
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

const plant = (id: string, watts: number, more = "") => `
[[meters]]
id = "${id}"
kind = "declared"
watts = ${watts}
role = "generation"
nameplate_watts = 1000
${more}`;
const SOLAR = 'technology = "solar"';
const MACHINE = '[[meters]]\nid = "desk"\nkind = "declared"\nwatts = 200\n';

/** Codes that the daemon's check says of its own report of an hour in Berlin, and its sources. */
async function checkedHour(text: string, fromMs: number) {
  const config = parseConfig(MACHINE + text);
  if (!config.ok) throw new Error(JSON.stringify(config.rejection));
  const job = makeSmallJob(24, 6);
  const world = await openWorld(job);
  const store = openEnergyDatabase(join(job.folder, "energy"), { merge: mergedRow });
  ends.push(
    () => Promise.resolve(job.remove()),
    world.close,
    () => store.close(),
  );
  const { log } = keptLog();
  let atMs = fromMs;
  const clock = { nowMs: () => atMs, after: () => () => undefined };
  const state = () => "synchronised" as const;
  const { nowMs } = clock;
  const count = new EnergyCount({ store, log, nowMs, runningMs: nowMs, clock: state });
  const meters = await Promise.all(config.value.meters.map((one) => openMeter(one, { clock })));
  for (const meter of meters) count.open(meter);
  for (; atMs <= fromMs + HOUR; atMs += 10_000) {
    for (const meter of meters) count.take(meter, await meter.read());
  }
  count.write();
  const genesis = genesisOf(job);
  const secret = new Uint8Array(32).fill(5);
  const worker = { secret, address: addressOfSecretKey(secret) };
  const founding = { genesis, genesisHash: genesisHash(nativeSha256, genesis), keys: { worker } };
  const reports = reporting.openEnergyReports({
    hasher: nativeSha256,
    clock,
    log,
    node: world.node,
    founding: founding as unknown as reporting.EnergyReportParts["founding"],
    store,
    settings: {
      zone: "DE",
      location: { latitude: 52.52, longitude: 13.405 },
      attributes: "retained",
      residualMilligrams: null,
    },
    datasets: () => undefined,
    folder: join(job.folder, "reports"),
    chipOf: () => ({ name: "a processor", chipClass: "cpu" }),
  });
  const made = await reports.make({ fromMs, toMs: fromMs + HOUR, stepSeconds: 3_600 });
  if (!made.ok) throw new Error(JSON.stringify(made.rejection));
  const { report } = made.value;
  const { contradictions } = reports.check(canonicalText(report));
  const all = contradictions.map(({ code }) => code);
  const codes = all.filter((code) => /SUN|NAMEPLATE|STORAGE/.test(code));
  return { codes, report };
}

describe("a report of the daemon about its own plant", () => {
  it("is named where the sun shines at night, with one roof or two", async () => {
    const { codes, report } = await checkedHour(plant("roof", 400, SOLAR), DAY);
    expect(codes).toEqual(["ENERGY_SUN_NIGHT"]);
    const roof = report.sources.find(({ id }) => id === "roof");
    expect(roof).toMatchObject({ nameplate_w: 1_000, technology: "solar" });
    const two = plant("roof", 400, SOLAR) + plant("barn", 100, SOLAR);
    expect((await checkedHour(two, DAY)).codes).toEqual(["ENERGY_SUN_NIGHT"]);
  }, 30_000);

  it("may generate at night by water or wind, and by day from the sun", async () => {
    const wind = plant("mill", 400, 'technology = "wind"') + plant("roof", 0, SOLAR);
    expect((await checkedHour(wind, DAY)).codes).toEqual([]);
    expect((await checkedHour(plant("roof", 400, SOLAR), DAY + 11 * HOUR)).codes).toEqual([]);
  }, 30_000);

  it("is named where panels shine at night beside a mill that may", async () => {
    const wind = plant("mill", 400, 'technology = "wind"');
    const { codes, report } = await checkedHour(wind + plant("roof", 300, SOLAR), DAY);
    expect(codes).toEqual(["ENERGY_SUN_NIGHT"]);
    expect(report.intervals[0].own_parts).toEqual([
      { id: "mill", wh: 400 },
      { id: "roof", wh: 300 },
    ]);
  }, 30_000);

  it("says what a battery took, and counts none of the grid's as its own", async () => {
    const store = (direction: string, watts: number) => `
[[meters]]
id = "store-${direction}"
kind = "declared"
watts = ${watts}
role = "storage"
direction = "${direction}"
capacity_wh = 5000
`;
    const text = plant("mill", 100, "") + store("to", 300) + store("from", 60);
    const { codes, report } = await checkedHour(text, DAY);
    expect(codes).toEqual([]);
    expect(report.storage).toEqual({ begin_own_wh: 0, begin_other_wh: 0, capacity_wh: 5_000 });
    expect(report.intervals[0]).toMatchObject({
      own_wh: 0,
      storage_wh: 20,
      store: { in_wh: 300, own_in_wh: 100, out_wh: 60 },
    });
    const ways = report.sources.map(({ id, direction }) => [id, direction]);
    expect(ways).toContainEqual(["store-from", "from"]);
    expect(ways).toContainEqual(["store-to", "to"]);
  }, 30_000);

  it("counts nothing beyond the nameplate", async () => {
    const { report } = await checkedHour(plant("roof", 5_000, SOLAR), DAY + 11 * HOUR);
    expect(report.intervals[0].own_wh).toBe(0);
  }, 30_000);
});
