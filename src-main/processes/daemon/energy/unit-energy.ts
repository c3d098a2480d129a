/**
 * Decides what a unit's training cost: the energy of its device between the start and the end of
 * training by the daemon's clock. A figure is taken once every source it rests on was read after
 * the end; what a source did not cover is said by the coverage.
 */

import { bestByDevice, chooseLoad, costOf, tierRank, weakestTier } from "../../../energy/index.ts";
import type { PricedEnergy, TrackPoint } from "../../../energy/index.ts";
import type { UnitStatus } from "../../../miner/index.ts";
import { ENERGY_ROW_MS } from "../../../ports/energy-store.ts";
import type { EnergyQuality, EnergyStore, UnitEnergy } from "../../../ports/energy-store.ts";
import type { EnergyTier, MeterIdentity } from "../../../ports/meter.ts";

/** Longest wait for a last reading before the figure is taken without it. */
const SETTLE_WITHIN_MS = 120_000;

/** Millionths of the time that must be measured, else the figure is no better than a model's. */
const COVERED_LEAST = 900_000;

/** What it is followed with. */
export interface UnitEnergyNeeds {
  readonly store: EnergyStore;
  readonly identities: () => readonly MeterIdentity[];
  readonly sumAt: (source: string, atMs: number) => TrackPoint | null;
  readonly newest: (source: string) => TrackPoint | null;
  /** Id of the device that trains. */
  readonly device: string;
  readonly nowMs: () => number;
  readonly priceAt: (atMs: number) => number | null;
  readonly currency: string | null;
}

interface Training {
  readonly unit: string;
  readonly job: string;
  readonly startMs: number;
  readonly fromStep: number;
  endMs: number | null;
  toStep: number;
}

/** Follows the units of the miner. */
export class UnitEnergies {
  readonly #needs: UnitEnergyNeeds;
  readonly #running = new Map<string, Training>();
  readonly #settling: Training[] = [];
  readonly #concluded = new Set<string>();
  /** Ended before the figure of their training was taken. */
  readonly #early = new Map<string, UnitStatus>();

  constructor(needs: UnitEnergyNeeds) {
    this.#needs = needs;
  }

  /**
   * Looks at the miner's units; cheap where nothing changed. One that is no longer among them is
   * not worked at: while it waits, the machine's energy is not its.
   */
  look(units: readonly UnitStatus[]): void {
    const nowMs = this.#needs.nowMs();
    for (const unit of units) {
      const running = this.#running.get(unit.unit);
      if (unit.phase === "training") {
        if (running === undefined) this.#begin(unit, nowMs);
        else running.toStep = unit.step;
      } else if (running !== undefined) this.#end(running, unit.step, nowMs);
      if (unit.phase === "paid" || unit.phase === "voided") this.#conclude(unit);
    }
    for (const running of [...this.#running.values()]) {
      const isThere = units.some(({ unit }) => unit === running.unit);
      if (!isThere) this.#end(running, running.toStep, nowMs);
    }
  }

  /** Nothing trains from now on, by the owner's wish. */
  pause(): void {
    const nowMs = this.#needs.nowMs();
    for (const running of [...this.#running.values()]) this.#end(running, running.toStep, nowMs);
  }

  /** Takes the figures whose sources were read since; called now and then. */
  settle(isLast = false): void {
    const nowMs = this.#needs.nowMs();
    for (const training of [...this.#settling]) {
      const endMs = training.endMs ?? nowMs;
      const sources = this.#sourcesOf();
      const isRead = sources.every(({ id }) => (this.#needs.newest(id)?.atMs ?? 0) >= endMs);
      if (!isRead && !isLast && nowMs - endMs < SETTLE_WITHIN_MS) continue;
      this.#settling.splice(this.#settling.indexOf(training), 1);
      this.#needs.store.putUnit(this.#figure(training, sources));
      // Nobody may look again: a daemon that stops right after a payment has none to come.
      const early = this.#early.get(training.unit);
      if (early !== undefined) this.#conclude(early);
    }
  }

  #begin({ unit, job, step }: UnitStatus, startMs: number): void {
    this.#running.set(unit, { unit, job, startMs, fromStep: step, endMs: null, toStep: step });
  }

  #end(training: Training, step: number, nowMs: number): void {
    this.#running.delete(training.unit);
    training.endMs = nowMs;
    training.toStep = step;
    this.#settling.push(training);
  }

  /** The device's own sources; without one, those of the counted boundary. */
  #sourcesOf(): readonly MeterIdentity[] {
    const identities = this.#needs.identities();
    const own = identities.filter(
      ({ role, device }) => role === "load" && device === this.#needs.device,
    );
    return own.length > 0 ? bestByDevice(own) : (chooseLoad(identities)?.counted ?? []);
  }

  #figure(training: Training, sources: readonly MeterIdentity[]): UnitEnergy {
    const endMs = training.endMs ?? this.#needs.nowMs();
    const { startMs } = training;
    const lengthMs = Math.max(1, endMs - startMs);
    let millijoules: number | null = null;
    let measuredMs = sources.length === 0 ? 0 : lengthMs;
    for (const { id } of sources) {
      const span = this.#spanOf(id, startMs, endMs);
      if (span === null) {
        measuredMs = 0;
        continue;
      }
      millijoules = (millijoules ?? 0) + span.millijoules;
      measuredMs = Math.min(measuredMs, span.measuredMs);
    }
    const covered = Math.floor((Math.min(measuredMs, lengthMs) * 1_000_000) / lengthMs);
    const tier = tierOf(sources, covered);
    const quality: EnergyQuality = tier === "D" || tier === "E" ? "modelled" : "measured";
    return {
      unit: training.unit,
      job: training.job,
      device: this.#needs.device,
      sources: sources.map(({ id }) => id),
      tier,
      startMs,
      endMs,
      millijoules,
      coverageMillionths: covered,
      quality,
      steps: Math.max(0, training.toStep - training.fromStep),
      outcome: "open",
      rewardBase: "0",
      costMicros: millijoules === null ? null : this.#costOf(sources, startMs, endMs),
      currency: this.#needs.currency,
    };
  }

  /** What a source counted between two moments, as far as it knows them. */
  #spanOf(id: string, startMs: number, endMs: number) {
    const newest = this.#needs.newest(id);
    if (newest === null || newest.atMs <= startMs) return null;
    const last = this.#needs.sumAt(id, Math.min(endMs, newest.atMs));
    // A source that was opened after the start counts from nothing.
    const begin = this.#needs.sumAt(id, startMs) ?? { millijoules: 0, measuredMs: 0 };
    if (last === null) return null;
    return {
      millijoules: last.millijoules - begin.millijoules,
      measuredMs: last.measuredMs - begin.measuredMs,
    };
  }

  /** The energy by rows of 300 s, each at its price: an owner's hours begin at quarters of ours. */
  #costOf(sources: readonly MeterIdentity[], startMs: number, endMs: number): number | null {
    const parts: PricedEnergy[] = [];
    for (let from = startMs; from < endMs;) {
      const to = Math.min(endMs, (Math.floor(from / ENERGY_ROW_MS) + 1) * ENERGY_ROW_MS);
      let millijoules = 0;
      for (const { id } of sources) millijoules += this.#spanOf(id, from, to)?.millijoules ?? 0;
      parts.push({ millijoules, microsPerKwh: this.#needs.priceAt(from) });
      from = to;
    }
    return costOf(parts);
  }

  /** Writes the outcome onto every training of a unit that ended; also those of earlier starts. */
  #conclude(unit: UnitStatus): void {
    const isWaiting = this.#settling.some((one) => one.unit === unit.unit);
    if (this.#concluded.has(unit.unit)) return;
    if (isWaiting) {
      this.#early.set(unit.unit, unit);
      return;
    }
    this.#early.delete(unit.unit);
    this.#concluded.add(unit.unit);
    const outcome = unit.phase === "paid" ? "paid" : "voided";
    let reward = 0n;
    for (const { share, amountBase } of unit.payments) if (share === "worker") reward += amountBase;
    const rewardBase = String(outcome === "paid" ? reward : 0n);
    for (const energy of this.#needs.store.unit(unit.unit)) {
      if (energy.outcome === "open") this.#needs.store.putUnit({ ...energy, outcome, rewardBase });
    }
  }
}

/** As good as the weakest source; no better than a model where too little was measured. */
function tierOf(sources: readonly MeterIdentity[], covered: number): EnergyTier {
  const tier = weakestTier(sources.map((one) => one.tier)) ?? "E";
  return covered < COVERED_LEAST && tierRank(tier) < tierRank("D") ? "D" : tier;
}
