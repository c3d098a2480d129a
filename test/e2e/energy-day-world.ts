/**
 * A day that passes in a minute: a practice network with a real node, a real miner and its child
 * processes, the program's own counting, anchoring and reports, and simulated meters on loopback (a
 * Shelly plug, a SunSpec inverter), all by one clock that the test moves. Only the clock is driven;
 * every record, file, socket and process is real.
 */

import { join } from "node:path";
import { openEnergyDatabase } from "../../src-main/adapters/disk/index.ts";
import { systemClock } from "../../src-main/adapters/host/index.ts";
import { nativeSha256 } from "../../src-main/adapters/native-crypto/index.ts";
import { openMeter } from "../../src-main/adapters/meters/index.ts";
import { mergedRow } from "../../src-main/energy/index.ts";
import { addressOfSecretKey } from "../../src-main/crypto/index.ts";
import { genesisHash } from "../../src-main/ledger/index.ts";
import type { Payload } from "../../src-main/ledger/index.ts";
import type { UnitStatus } from "../../src-main/miner/index.ts";
import type { Clock } from "../../src-main/ports/clock.ts";
import type { EnergyStore, SignalKind } from "../../src-main/ports/energy-store.ts";
import type { Meter } from "../../src-main/ports/meter.ts";
import {
  recordCost,
  signAccountRecord,
  SPEND_LANE,
} from "../../src-main/processes/account-record.ts";
import { EnergyCount } from "../../src-main/processes/daemon/energy/energy-count.ts";
import { UnitEnergies } from "../../src-main/processes/daemon/energy/unit-energy.ts";
import * as reporting from "../../src-main/processes/daemon/reports/open-energy-reports.ts";

import { OwnUnitMeter } from "../../src-main/processes/daemon/reports/unit-energy-meter.ts";
import { genesisOf, openWorld } from "../integration/miner/practice-world.ts";
import type { World } from "../integration/miner/practice-world.ts";
import { makeSmallJob } from "../integration/miner/small-job.ts";
import type { SmallJob } from "../integration/miner/small-job.ts";
import { described } from "../worlds/meters/open-described.ts";
import { powerProfile, sunnyDay } from "../worlds/meters/power-profile.ts";
import type { PowerStep } from "../worlds/meters/power-profile.ts";
import { startShellyDevice } from "../worlds/meters/shelly-device.ts";
import { startSunspecDevice } from "../worlds/meters/sunspec-device.ts";
import { commonModel, inverterModel } from "../worlds/meters/sunspec-models.ts";
import { keptLog } from "../worlds/node-parts.ts";

export const DAY_START = Date.UTC(2026, 5, 20);
export const DAY_END = DAY_START + 86_400_000;
const HOUR_MS = 3_600_000;

/** Meters are read every ten seconds of the day; both want to be read each five to fifteen. */
const READ_MS = 10_000;

/** While the job runs, the day passes this much faster than the test. */
const JOB_SPEED = 20;

const B = 4;

/** Watts behind the plug by hour: a machine that idles at night and works by day. */
export const LOAD: readonly PowerStep[] = Array.from({ length: 26 }, (_, hour) => ({
  fromMs: DAY_START + hour * HOUR_MS,
  watts: hour >= 8 && hour < 20 ? 320 + 7 * hour : 90 + hour,
}));

/** A roof of one kilowatt, in June. */
export const SUN = sunnyDay(DAY_START, 780);

/** The meters as the settings name them. */
const PLUG_TABLE = { kind: "shelly", id: "plug-desk", nameplate_watts: 3_680 };
const ROOF_TABLE = { kind: "sunspec", id: "roof", nameplate_watts: 1_000, technology: "solar" };

/** A clock that stands, or runs at a speed; timers wait in real time. */
class DrivenClock implements Clock {
  #atMs = DAY_START;
  #speed = 0;
  #realMs = performance.now();

  nowMs(): number {
    return Math.floor(this.#atMs + (performance.now() - this.#realMs) * this.#speed);
  }

  after(delayMs: number, action: () => void): () => void {
    return systemClock.after(delayMs, action);
  }

  /** Stands there from now on, or runs on from there. */
  set(atMs: number, speed = 0): void {
    this.#atMs = atMs;
    this.#speed = speed;
    this.#realMs = performance.now();
  }
}

type EnergyReportParts = reporting.EnergyReportParts;

const secret = (seed: number) => new Uint8Array(32).fill(seed);
export const WORKER_SECRET = secret(5);
export const OWNER_SECRET = secret(3);

/** What the daemon's reports are opened with. */
function reportParts(
  job: SmallJob,
  needs: Pick<EnergyReportParts, "clock" | "log" | "node"> & { readonly store: EnergyStore },
): EnergyReportParts {
  const genesis = genesisOf(job);
  const worker = { secret: WORKER_SECRET, address: addressOfSecretKey(WORKER_SECRET) };
  const founding = { genesis, genesisHash: genesisHash(nativeSha256, genesis), keys: { worker } };
  return {
    ...needs,
    hasher: nativeSha256,
    founding: founding as unknown as EnergyReportParts["founding"],
    settings: {
      zone: "DE",
      location: { latitude: 52.52, longitude: 13.405 },
      attributes: "retained",
      residualMilligrams: null,
    },
    folder: join(job.folder, "energy-reports"),
    datasets: () => undefined,
    chipOf: () => ({ name: "a processor", chipClass: "cpu" }),
  };
}

/** The whole world of one day. */
export async function openEnergyDay() {
  const clock = new DrivenClock();
  const nowMs = () => clock.nowMs();
  const job = makeSmallJob(360, 12, { fullReplayPermille: 0, energyTier: B });
  const plug = await startShellyDevice({ profile: powerProfile(LOAD, nowMs) });
  const inverter = { profile: powerProfile(SUN, nowMs), energyScale: 0, startWattHours: 5_000 };
  const roof = await startSunspecDevice({ models: [commonModel(), inverterModel(inverter)] });
  const store = openEnergyDatabase(join(job.folder, "energy"), { merge: mergedRow });
  const { log, lines } = keptLog();
  const states = () => "synchronised" as const;
  const count = new EnergyCount({ store, log, nowMs, runningMs: nowMs, clock: states });
  const needs = { clock, requestMs: 2_000 };
  const meters = await Promise.all([
    openMeter(described({ ...PLUG_TABLE, url: plug.url }), needs),
    openMeter(described({ ...ROOF_TABLE, host: roof.host, port: roof.port }), needs),
  ]);
  for (const meter of meters) count.open(meter);
  const units = new UnitEnergies({
    store,
    identities: () => count.identities(),
    sumAt: (source, atMs) => count.sumAt(source, atMs),
    newest: (source) => count.newest(source),
    device: "cpu",
    nowMs,
    priceAt: () => null,
    currency: null,
  });
  const own = new OwnUnitMeter(clock);
  own.bind(store, "cpu", () =>
    count.identities().map((identity) => ({ identity, counted: count.newest(identity.id) })),
  );
  const world = await openWorld(job, undefined, { clock, energy: own });
  const parts = reportParts(job, { clock, log, store, node: world.node });
  const { genesis, genesisHash: hash } = parts.founding;
  const reports = reporting.openEnergyReports(parts);
  const close = async () => {
    await reports.stop();
    await world.close();
    for (const meter of meters) await meter.close();
    await plug.close();
    await roof.close();
    await store.close();
    job.remove();
  };
  return {
    clock,
    job,
    world,
    store,
    count,
    units,
    meters,
    reports,
    parts,
    genesis,
    hash,
    lines,
    close,
  };
}

export type EnergyDay = Awaited<ReturnType<typeof openEnergyDay>>;

async function readAll({ meters, count }: EnergyDay): Promise<void> {
  await Promise.all(meters.map(async (meter: Meter) => count.take(meter, await meter.read())));
}

/** Lets the day pass, meters read all along. */
export async function passUntil(day: EnergyDay, untilMs: number): Promise<void> {
  const { clock } = day;
  for (let atMs = clock.nowMs(); atMs <= untilMs; atMs += READ_MS) {
    clock.set(atMs);
    await readAll(day);
  }
  clock.set(untilMs);
}

/** Trains a unit that demands tier B, meters read all along; answers it once it is paid. */
export async function workAtUnit(day: EnergyDay): Promise<UnitStatus> {
  const { clock, world, units } = day;
  clock.set(clock.nowMs(), JOB_SPEED);
  world.miner.start();
  const unlisten = world.miner.onStatus(() => units.look(world.miner.status().units));
  let over = false;
  const watching = (async () => {
    while (!over) {
      await readAll(day);
      units.look(world.miner.status().units);
      units.settle();
    }
  })();
  try {
    await world.submit();
    return await world.until(({ phase, payments }) => phase === "paid" && payments.length > 2);
  } finally {
    over = true;
    await watching;
    unlisten();
    clock.set(Math.ceil(clock.nowMs() / READ_MS) * READ_MS);
  }
}

/** Sends a record of an account and answers its slot and what became of it. */
export async function send(
  { world, clock, genesis }: EnergyDay,
  accountSecret: Uint8Array,
  payload: Payload,
): Promise<{ readonly slot: number; readonly code: string }> {
  const { node } = world as World;
  const account = addressOfSecretKey(accountSecret);
  const nonce = node.nextNonce(account, SPEND_LANE);
  const { maxFeeBase } = recordCost(node.prices(), account, payload, nonce);
  const moment = { nonce, nowMs: clock.nowMs(), maxFeeBase };
  const key = { account, secret: accountSecret };
  const sent = await node.submit(signAccountRecord(nativeSha256, genesis, key, payload, moment));
  if (!sent.ok) throw new Error(sent.rejection.code);
  return { slot: Number(sent.value.slot), code: sent.value.outcome.code };
}

/** An hourly signal of the grid over the day. */
export function putSignals(store: EnergyStore): void {
  const put = (kind: SignalKind, value: (hour: number) => number): void => {
    const rows = Array.from({ length: 24 }, (_, hour) => ({
      kind,
      zone: "DE",
      startMs: DAY_START + hour * HOUR_MS,
      endMs: DAY_START + (hour + 1) * HOUR_MS,
      value: value(hour),
      source: "electricitymaps",
      estimated: false,
      forecast: false,
    }));
    store.putSignals(rows);
  };
  put("carbon-average", (hour) => 300_000 + 1_003 * hour);
  put("carbon-residual", (hour) => 520_000 + 7 * hour);
  put("carbon-free-share", (hour) => 450_000 + 1_230 * hour);
}
