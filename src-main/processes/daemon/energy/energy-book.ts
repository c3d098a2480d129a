/**
 * Decides what the daemon says of energy: now, by the row, by the unit, by the source. Everything
 * is read from what was counted; nothing is kept here.
 */

import { ENERGY_ANSWER_ROWS_MAX } from "../../../contract/control-api/index.ts";
import type {
  EnergyHours,
  EnergyNow,
  EnergySignals,
  EnergySources,
  EnergyUnits,
  MeterState,
  RewardEnergy,
} from "../../../contract/control-api/index.ts";
import type { ReportInstrument } from "../../../contract/energy-report.ts";
import { accept, reject } from "../../../contract/outcome.ts";
import type { Outcome } from "../../../contract/outcome.ts";
import {
  bestByDevice,
  chooseLoad,
  rewardFigures,
  surplusNow,
  trustedDistance,
  unitFigures,
  unitSums,
  weakestTier,
  wholeUnit,
} from "../../../energy/index.ts";
import type { ChosenLoad, Tariff } from "../../../energy/index.ts";
import { instrumentsOfTime } from "../../../energy/report/index.ts";
import { ENERGY_DAY_MS } from "../../../ports/energy-store.ts";
import type { ClockState, EnergyStore, UnitEnergy } from "../../../ports/energy-store.ts";
import type { MeterIdentity, SourceRole } from "../../../ports/meter.ts";
import type { EnergySettings } from "../../config/energy-keys.ts";
import type { EnergyCount } from "./energy-count.ts";
import { spanRows, wholeSteps } from "./energy-rows.ts";
import type { RowNeeds } from "./energy-rows.ts";
import type { MeterWatch } from "./meter-watch.ts";
import { identityOver } from "./identity-over.ts";
import { missingParts } from "./missing-parts.ts";
import type { Signals } from "./signals.ts";
import { StoreContents } from "./store-content.ts";

/** What is told from. */
export interface BookNeeds {
  readonly store: EnergyStore;
  readonly count: EnergyCount;
  readonly watches: () => readonly MeterWatch[];
  readonly signals: Signals;
  readonly settings: EnergySettings;
  /** Every claimed certificate that is kept here. */
  readonly certificates: () => readonly ReportInstrument[];
  readonly tariff: Tariff;
  readonly priceAt: (atMs: number) => number | null;
  readonly clock: () => ClockState;
  readonly nowMs: () => number;
  readonly jobName: (job: string) => string;
  /** Said beside rewards that have no value; empty where they have one. */
  readonly valueNote: string;
}

/** Least time over which watts are told from a register. */
const WATTS_OVER_MS = 8_000;

/** Units that totals are made from. */
const UNITS_MAX = 200;

/** The daemon's answers about energy. */
export class EnergyBook {
  readonly #needs: BookNeeds;
  readonly #contents: StoreContents;

  constructor(needs: BookNeeds) {
    this.#needs = needs;
    this.#contents = new StoreContents(needs.nowMs);
  }

  now(): EnergyNow {
    const { nowMs, clock } = this.#needs;
    const atMs = nowMs();
    const meters = this.#meterStates(atMs);
    const watts = new Map(meters.map((one) => [one.id, one.watts]));
    const identities = this.#identities().filter(({ id }) => watts.get(id) !== undefined);
    const chosen = chooseLoad(identities);
    const load = chosen === null ? null : sumOf(chosen.counted, watts);
    const flow = (role: SourceRole, direction?: "from" | "to") =>
      this.#roleWatts(role, direction, watts);
    const generation = flow("generation");
    const todayMs = Math.floor(atMs / ENERGY_DAY_MS) * ENERGY_DAY_MS;
    const { toMs } = wholeSteps(0, atMs + 1, HOUR_MS);
    const today = spanRows(this.#rowNeeds(todayMs, toMs), todayMs, toMs, HOUR_MS);
    const passed = Math.max(1, atMs - todayMs);
    const hours = today.rows.length * HOUR_MS;
    return {
      atMs,
      boundary: chosen?.boundary ?? null,
      tier: chosen?.tier ?? null,
      source: chosen?.counted[0]?.id ?? null,
      watts: load,
      devices: deviceWatts(chosen, identities, watts, load),
      beside: (chosen?.beside ?? []).map(({ id, boundary, tier }) => {
        return { source: id, boundary, tier, watts: watts.get(id) ?? null };
      }),
      generationWatts: generation ?? null,
      storageWatts: flow("storage", "from") ?? null,
      storageShare: this.#storageShare(atMs),
      surplusWatts: surplusNow({
        generation,
        load,
        charging: flow("storage", "to"),
        discharging: flow("storage", "from"),
        sold: flow("grid", "to"),
        bought: flow("grid", "from"),
      }),
      today: {
        ...today.totals,
        // Of the time that has passed, not of the whole hours.
        coverage: Math.min(1, (today.totals.coverage * hours) / passed),
        fromMs: todayMs,
      },
      clock: clock(),
      meters,
    };
  }

  /** @rejects ENERGY_SPAN */
  hours(asked: {
    readonly fromMs: number;
    readonly toMs: number;
    readonly step: number;
  }): Outcome<EnergyHours> {
    const stepMs = asked.step * 1_000;
    const { fromMs, toMs } = wholeSteps(asked.fromMs, asked.toMs, stepMs);
    const count = (toMs - fromMs) / stepMs;
    if (!(count >= 1 && count <= ENERGY_ANSWER_ROWS_MAX)) {
      return reject("ENERGY_SPAN", { rows: count, max: ENERGY_ANSWER_ROWS_MAX });
    }
    const { settings } = this.#needs;
    const { chosen, rows, totals } = spanRows(this.#rowNeeds(fromMs, toMs), fromMs, toMs, stepMs);
    return accept({
      fromMs,
      toMs,
      step: asked.step,
      boundary: chosen?.boundary ?? null,
      attributes: settings.attributes,
      zone: settings.zone === "" ? null : settings.zone,
      currency: this.#currency(),
      rows: [...rows],
      totals,
    });
  }

  units(limit: number): EnergyUnits {
    const { store, nowMs, valueNote, settings } = this.#needs;
    const trainings = store.units(0, nowMs() + ENERGY_DAY_MS, UNITS_MAX);
    const { costMicros, ...sums } = unitSums(trainings, settings.microsPerViv);
    const ids = [...new Set(trainings.map(({ unit }) => unit))];
    return {
      currency: this.#currency(),
      valueNote,
      units: ids.slice(0, limit).map((id) => this.#unitAnswer(store.unit(id))),
      totals: { ...sums, costMicros },
    };
  }

  /** What one payment for a unit took of energy and money. */
  reward(unit: string, amountBase: bigint): RewardEnergy {
    const { store, settings } = this.#needs;
    const figures = rewardFigures(store.unit(unit), amountBase, settings.microsPerViv);
    return { unit, currency: this.#currency(), ...figures };
  }

  sources(): EnergySources {
    const { store, signals, settings, tariff, priceAt, nowMs } = this.#needs;
    const atMs = nowMs();
    const states = new Map(this.#meterStates(atMs).map((one) => [one.id, one.state]));
    const opened = this.#identities();
    const counted = chooseLoad(opened)?.counted ?? [];
    const known = new Map(opened.map((one) => [one.id, one]));
    for (const id of store.sources()) {
      const newest = store.identities(id).at(-1)?.identity;
      if (!known.has(id) && newest !== undefined) known.set(id, newest);
    }
    const own = opened.filter(({ role }) => role === "generation" || role === "storage");
    const isMatched = settings.attributes === "retained" && own.length > 0;
    return {
      sources: [...known.values()].map((one) => ({
        id: one.id,
        role: one.role,
        kind: one.kind,
        tier: one.tier,
        boundary: one.boundary,
        device: one.device,
        makeModel: one.makeModel?.slice(0, 96) ?? null,
        meterSigned: one.meterSigned,
        uncertaintyPercent: one.uncertaintyPercent,
        sinceMs: store.identities(one.id).at(0)?.fromMs ?? null,
        counted: counted.some(({ id }) => id === one.id),
        state: states.get(one.id) ?? "gone",
      })),
      evidence: isMatched ? weakestTier([...counted, ...own].map(({ tier }) => tier)) : null,
      attributes: settings.attributes,
      zone: settings.zone === "" ? null : settings.zone,
      tariff: {
        kind: tariff.kind,
        currency: this.#currency(),
        nowMicrosPerKwh: priceAt(atMs),
      },
      datasets: signals.datasets.map(({ source: _source, ...dataset }) => dataset),
      missing: missingParts({
        counted,
        hasGeneration: own.length > 0,
        settings,
        tariff,
        hasAverage: signals.at("carbon-average", atMs) !== null,
        clock: this.#needs.clock(),
      }),
    };
  }

  signals(): EnergySignals {
    const { signals, nowMs } = this.#needs;
    return { ...signals.answer(nowMs()), currency: this.#currency() };
  }

  #unitAnswer(trainings: readonly UnitEnergy[]): EnergyUnits["units"][number] {
    const unit = wholeUnit(trainings);
    const { coverageMillionths, currency: _currency, sources, ...rest } = unit;
    return {
      ...rest,
      sources: sources.slice(0, 8),
      trainings: trainings.length,
      jobName: this.#needs.jobName(unit.job),
      coverage: coverageMillionths / 1_000_000,
      ...unitFigures(unit, this.#needs.settings.microsPerViv),
    };
  }

  #meterStates(atMs: number): MeterState[] {
    return this.#needs.watches().map((watch) => {
      const { identity, lastMs, failure } = watch;
      const trusted = trustedDistance(watch.readEveryMs ?? 0);
      const isFresh = lastMs !== null && atMs - lastMs <= trusted;
      const state = failure !== null ? "failed" : lastMs === null ? "opening" : "reading";
      return {
        id: watch.id,
        role: identity?.role ?? "load",
        kind: identity?.kind ?? "declared",
        tier: identity?.tier ?? "E",
        boundary: identity?.boundary ?? "accelerators",
        device: identity?.device ?? null,
        makeModel: identity?.makeModel?.slice(0, 96) ?? null,
        uncertaintyPercent: identity?.uncertaintyPercent ?? 0,
        configured: watch.configured,
        state: state === "reading" && !isFresh ? "late" : state,
        code: failure?.code ?? null,
        facts: { ...failure?.facts },
        retryMs: watch.retryMs,
        lastMs,
        watts: isFresh ? this.#wattsOf(watch) : null,
      };
    });
  }

  /** As the meter says it, else what its register did over the last readings. */
  #wattsOf(watch: MeterWatch): number | null {
    if (watch.last?.watts !== null && watch.last?.watts !== undefined) return watch.last.watts;
    const { count } = this.#needs;
    const newest = count.newest(watch.id);
    if (newest === null) return null;
    const over = Math.max(WATTS_OVER_MS, watch.readEveryMs ?? 0);
    const before = count.sumAt(watch.id, newest.atMs - over);
    return before === null ? null : (newest.millijoules - before.millijoules) / over;
  }

  /** How full the least full store is; null where a fresh reading of none says it. */
  #storageShare(atMs: number): number | null {
    const shares = this.#needs.watches().flatMap(({ last, lastMs, readEveryMs }) => {
      const isFresh = lastMs !== null && atMs - lastMs <= trustedDistance(readEveryMs ?? 0);
      return isFresh ? (last?.store?.share ?? []) : [];
    });
    return shares.length === 0 ? null : Math.min(...shares);
  }

  /** The sum of a role's sources; undefined where there is none, null where one is silent. */
  #roleWatts(
    role: SourceRole,
    direction: "from" | "to" | undefined,
    watts: ReadonlyMap<string, number | null>,
  ): number | null | undefined {
    const sources = this.#identities().filter(
      (one) => one.role === role && one.direction === direction,
    );
    return sources.length === 0 ? undefined : sumOf(sources, watts);
  }

  #identities(): MeterIdentity[] {
    return this.#needs.count.identities();
  }

  #currency(): string | null {
    const { tariff } = this.#needs;
    return tariff.kind === "none" ? null : tariff.currency;
  }

  #rowNeeds(fromMs: number, toMs: number): RowNeeds {
    const { store, count, signals, settings, priceAt } = this.#needs;
    const identities = new Map(this.#identities().map((one) => [one.id, one]));
    for (const id of store.sources()) {
      const newest = store.identities(id).at(-1)?.identity;
      if (!identities.has(id) && newest !== undefined) identities.set(id, newest);
    }
    const known = [...identities.values()].map((one) =>
      identityOver(one, store.identities(one.id), fromMs, toMs),
    );
    const rows: RowNeeds["rows"] = (source, from, to) => count.rows(source, from, to);
    return {
      identities: known,
      rows,
      sinceMs: (source) => store.identities(source).at(0)?.fromMs ?? 0,
      contentAt: (atMs) => this.#contents.at({ identities: known, rows }, atMs),
      signals,
      attributes: settings.attributes,
      instruments: (from, to) => instrumentsOfTime(this.#needs.certificates(), from, to),
      zone: settings.zone === "" ? undefined : settings.zone,
      residualMilligrams: settings.residualMilligrams,
      priceAt,
      currency: this.#currency(),
    };
  }
}

const HOUR_MS = 3_600_000;

/** The sum; null as soon as one of them has no watts now: a part would pass for the whole. */
function sumOf(
  sources: readonly MeterIdentity[],
  watts: ReadonlyMap<string, number | null>,
): number | null {
  let sum = 0;
  for (const { id } of sources) {
    const value = watts.get(id) ?? null;
    if (value === null) return null;
    sum += value;
  }
  return sum;
}

function deviceWatts(
  chosen: ChosenLoad | null,
  identities: readonly MeterIdentity[],
  watts: ReadonlyMap<string, number | null>,
  load: number | null,
): EnergyNow["devices"] {
  const own = bestByDevice(
    identities.filter((one) => one.role === "load" && one.boundary === "accelerators"),
  );
  const devices: EnergyNow["devices"] = own.flatMap(({ id, device, tier }) =>
    device === null ? [] : [{ device, watts: watts.get(id) ?? null, tier, source: id }],
  );
  const isWider = chosen?.counted.some(({ device }) => device === null) ?? false;
  const parts = sumOf(own, watts);
  if (!isWider || load === null || parts === null || chosen === null) return devices;
  return [
    ...devices,
    { device: "rest", watts: Math.max(0, load - parts), tier: chosen.tier, source: null },
  ];
}
