/**
 * Decides how energy is counted in the daemon: meters of the settings and those found here, a model
 * where there is none, one store, one account. It begins beside the rest and never holds it up.
 */

import { uptime } from "node:os";
import { join } from "node:path";

import { openEnergyDatabase } from "../../../adapters/disk/index.ts";
import { systemClock } from "../../../adapters/host/index.ts";
import { discoverMeters, openMeter } from "../../../adapters/meters/index.ts";
import type { MeterDescription, MeterNeeds } from "../../../adapters/meters/index.ts";
import { rejectionOf } from "../../../api/index.ts";
import type { EnergyNeeds, Readings } from "../../../api/index.ts";
import { mergedRow, priceAt } from "../../../energy/index.ts";
import type { UnitStatus } from "../../../miner/index.ts";
import { ENERGY_DAYS_KEPT } from "../../../ports/energy-store.ts";
import type { EnergyStore } from "../../../ports/energy-store.ts";
import type { Log } from "../../../ports/log.ts";
import type { Meter } from "../../../ports/meter.ts";
import type { EnergySettings } from "../../config/energy-keys.ts";
import { CERTIFICATES_FOLDER, CertificateShelf } from "../reports/kept-certificates.ts";
import type { StopStep } from "../stopping.ts";
import type { CountedLoad } from "../rules/cap-sources.ts";
import { ClockWatch } from "./clock-state.ts";
import { EnergyBook } from "./energy-book.ts";
import { EnergyCount } from "./energy-count.ts";
import { energyMetrics } from "./energy-metrics.ts";
import { hourOfWeek } from "./hour-of-week.ts";
import { MeterWatch } from "./meter-watch.ts";
import type { WatchedMeter } from "./meter-watch.ts";
import { openSignals } from "./open-signals.ts";
import { processorLoad } from "./processor-load.ts";
import { holdsProcessor, processorModel } from "./processor-model.ts";
import type { Signals } from "./signals.ts";
import { UnitEnergies } from "./unit-energy.ts";

/** What energy is counted with. */
export interface EnergyParts {
  readonly folder: string;
  readonly settings: EnergySettings;
  readonly meters: readonly MeterDescription[];
  /** The owner's time zone; empty for the system's. */
  readonly timeZone: string;
  readonly log: Log;
  /** Id of the device that trains. */
  readonly device: string;
  /** Id of the card at a place on the bus; null where nothing is there. */
  readonly deviceAt: (pci: string) => string | null;
  readonly units: () => readonly UnitStatus[];
  readonly jobName: (job: string) => string;
  readonly valueNote: string;
}

/** Energy as the rest of the daemon sees it. */
export interface Energy {
  /** null: energy is not counted. */
  readonly store: EnergyStore | null;
  readonly answers: EnergyNeeds | null;
  readonly signals: Signals | null;
  /** Every open meter, as it is counted. */
  loads(): readonly CountedLoad[];
  /** Counts more meters, such as NVIDIA's when its library opens. */
  watch(meters: readonly Meter[]): void;
  /** Told when the miner has news. */
  lookAtUnits(): void;
  metrics(): Readings;
  begin(): void;
}

/** Trainings are looked at this often, beside each news of the miner. */
const LOOK_EVERY_MS = 5_000;

/** Opens everything; what cannot be opened is said and costs the figures, nothing else. */
export function openEnergy(parts: EnergyParts, stops: StopStep[]): Energy {
  const { folder, settings, log } = parts;
  if (!settings.count) return NOTHING_COUNTED;
  let store: EnergyStore;
  try {
    const onPutAside = (file: string) => log.warn("the energy file was unreadable", { file });
    store = openEnergyDatabase(folder, { merge: mergedRow, onPutAside });
  } catch (error) {
    const { code, facts } = rejectionOf(error);
    log.error("energy is not counted", { code, ...facts });
    return NOTHING_COUNTED;
  }
  const counted = new CountedEnergy(parts, store);
  stops.push({ name: "energy", stop: () => counted.stop() });
  return counted;
}

const NOTHING_COUNTED: Energy = {
  store: null,
  answers: null,
  signals: null,
  loads: () => [],
  watch: () => undefined,
  lookAtUnits: () => undefined,
  metrics: () => ({}),
  begin: () => undefined,
};

class CountedEnergy implements Energy {
  readonly store: EnergyStore;
  readonly answers: EnergyNeeds;
  readonly signals: Signals;
  readonly #parts: EnergyParts;
  readonly #count: EnergyCount;
  readonly #units: UnitEnergies;
  readonly #book: EnergyBook;
  readonly #fetching: ReturnType<typeof openSignals>;
  readonly #watches: MeterWatch[] = [];
  readonly #load = processorLoad();
  #hasLooked = false;
  #cancel: () => void = () => undefined;
  #stopped = false;

  constructor(parts: EnergyParts, store: EnergyStore) {
    const { settings, log } = parts;
    const nowMs = () => systemClock.nowMs();
    // Suspended time is part of it, as it is of the wall's.
    const runningMs = () => Math.round(uptime() * 1_000);
    const clockWatch = new ClockWatch();
    const clock = () => clockWatch.state(runningMs());
    this.store = store;
    this.#parts = parts;
    // A load is a share of a time, which begins here.
    this.#load();
    this.#count = new EnergyCount({ store, log, nowMs, runningMs, clock });
    this.#fetching = openSignals({ settings, store, log, clock: systemClock });
    this.signals = this.#fetching.signals;
    const tariffNeeds = {
      hourOfWeek: hourOfWeek(parts.timeZone),
      signal: (atMs: number) => this.signals.at("price", atMs),
    };
    const { tariff } = settings;
    const price = (atMs: number) => priceAt(tariff, atMs, tariffNeeds);
    this.#units = new UnitEnergies({
      store,
      identities: () => this.#count.identities(),
      sumAt: (source, atMs) => this.#count.sumAt(source, atMs),
      newest: (source) => this.#count.newest(source),
      device: parts.device,
      nowMs,
      priceAt: price,
      currency: tariff.kind === "none" ? null : tariff.currency,
    });
    const certificates = new CertificateShelf(join(parts.folder, CERTIFICATES_FOLDER));
    const book = new EnergyBook({
      store,
      count: this.#count,
      watches: () => this.#watches,
      signals: this.signals,
      settings,
      certificates: () => certificates.all(),
      tariff,
      priceAt: price,
      clock,
      nowMs,
      jobName: parts.jobName,
      valueNote: parts.valueNote,
    });
    this.#book = book;
    this.answers = {
      now: () => book.now(),
      hours: (asked) => book.hours(asked),
      units: (limit) => book.units(limit),
      reward: (unit, amountBase) => book.reward(unit, amountBase),
      sources: () => book.sources(),
      signals: () => book.signals(),
    };
  }

  begin(): void {
    this.#fetching.begin();
    this.#tick();
    void this.#find();
  }

  watch(meters: readonly Meter[]): void {
    for (const meter of meters) {
      const place = meter.identity;
      const open = () => Promise.resolve(meter);
      this.#add({ id: place.id, configured: false, place, open });
    }
  }

  loads(): readonly CountedLoad[] {
    return this.#watches.flatMap(({ id, identity, readEveryMs, last }) => {
      if (identity === null || readEveryMs === null) return [];
      const counted = this.#count.newest(id);
      return [{ identity, readEveryMs, counted, watts: last?.watts ?? null }];
    });
  }

  lookAtUnits(): void {
    this.#guarded("units", () => {
      this.#units.look(this.#parts.units());
      this.#units.settle();
    });
  }

  metrics(): Readings {
    return energyMetrics(this.#book, this.#count, systemClock.nowMs());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    this.#fetching.stop();
    this.#guarded("units", () => {
      this.#units.pause();
      this.#units.settle(true);
    });
    await Promise.race([
      Promise.all(this.#watches.map((watch) => watch.stop())),
      new Promise<void>((resolve) => void systemClock.after(STOP_WITHIN_MS, resolve)),
    ]);
    this.#count.write();
    await this.store.close();
  }

  #tick(): void {
    if (this.#stopped) return;
    this.lookAtUnits();
    this.#modelProcessor();
    this.#count.prune(ENERGY_DAYS_KEPT);
    this.#cancel = systemClock.after(LOOK_EVERY_MS, () => this.#tick());
  }

  /** Opens the meters of the settings and those of this machine; what is left is modelled. */
  async #find(): Promise<void> {
    const load = processorLoad();
    load();
    const needs: MeterNeeds = { clock: systemClock, utilisation: () => load() };
    for (const description of this.#parts.meters) {
      const open = () => openMeter(description, needs);
      this.#add({ id: description.id, configured: true, place: description, open });
    }
    try {
      for (const { description, pci, fault } of await discoverMeters(needs)) {
        const { id } = description;
        if (fault !== null) {
          this.#parts.log.warn("a meter cannot be read", { meter: id, code: fault.code });
          continue;
        }
        const device = pci === null ? description.device : this.#parts.deviceAt(pci);
        const place = { ...description, device };
        const open = () => openMeter(place, needs);
        this.#add({ id, configured: false, place, open });
      }
    } catch (error) {
      const { code } = rejectionOf(error);
      this.#parts.log.warn("this machine's meters were not looked for", { code });
    }
    this.#hasLooked = true;
    this.#modelProcessor();
  }

  /**
   * A model of the processor where no meter counts it, alone or within more: there is a figure then
   * with its name and its band. A meter that cannot be opened counts nothing; one that is open and
   * silent is a gap.
   */
  #modelProcessor(): void {
    const places = this.#watches.map(({ place }) => place);
    if (!this.#hasLooked || places.some((one) => one !== null && holdsProcessor(one))) return;
    const place = processorModel(this.#parts.settings.processorWatts);
    const needs: MeterNeeds = { clock: systemClock, utilisation: () => this.#load() };
    this.#add({ id: place.id, configured: false, place, open: () => openMeter(place, needs) });
  }

  #add(source: WatchedMeter): void {
    if (this.#stopped || this.#watches.some(({ id }) => id === source.id)) return;
    const { log } = this.#parts;
    const watch = new MeterWatch(source, {
      clock: systemClock,
      onOpen: (meter) => this.#guarded(source.id, () => this.#count.open(meter)),
      onReading: (meter, reading) => {
        this.#guarded(source.id, () => this.#count.take(meter, reading));
      },
      onFailure: (id, { code, facts }, isNew) => {
        if (isNew) log.warn("a meter gives nothing", { meter: id, code, ...facts });
      },
    });
    this.#watches.push(watch);
    watch.start();
  }

  /** A fault in counting costs figures, never the daemon. */
  #guarded(part: string, step: () => void): void {
    try {
      step();
    } catch (error) {
      const { code } = rejectionOf(error);
      this.#parts.log.error("counting energy met a fault", { part, code, because: String(error) });
    }
  }
}

/** A meter that hangs is left behind at the end. */
const STOP_WITHIN_MS = 1_000;
