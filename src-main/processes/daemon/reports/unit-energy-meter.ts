/**
 * Decides what the worker is told of its own energy: the tier that a figure would rest on, and the
 * figure of a unit once its sources were read after the end. A meter that is silent or gone gives
 * no figure, whatever it once was. Known only after mining was made, so it is bound later; until
 * then nothing is known.
 */

import { bestByDevice, chooseLoad, weakestTier } from "../../../energy/index.ts";
import { ENERGY_TIER_NUMBERS } from "../../../ledger/index.ts";
import type { StatedEnergy, UnitEnergyMeter } from "../../../miner/index.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { EnergyStore } from "../../../ports/energy-store.ts";
import type { MeterIdentity } from "../../../ports/meter.ts";

/** Longest wait for a figure; its sources are read within two minutes. */
const WAIT_MS = 180_000;
const LOOK_MS = 500;

/** A meter that gave nothing for so long is silent; a unit's figure waits no longer for it. */
const SILENT_MS = 120_000;

/** After a start meters are opened for a while; until then those of before stand for them. */
const OPENING_MS = 60_000;

/** A meter that is open, and until when it has counted. */
export interface LiveMeter {
  readonly identity: MeterIdentity;
  readonly counted: { readonly atMs: number } | null;
}

/** Energy of this machine's units, for the worker. */
export class OwnUnitMeter implements UnitEnergyMeter {
  readonly #clock: Clock;
  #device = "";
  #store: Pick<EnergyStore, "identities" | "sources" | "unit"> | null = null;
  #live: () => readonly LiveMeter[] = () => [];
  #boundMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * From now on figures of this device come from this store; null: energy is not counted.
   * @param live  every meter that is open now
   */
  bind(
    store: Pick<EnergyStore, "identities" | "sources" | "unit"> | null,
    device: string,
    live: () => readonly LiveMeter[],
  ): void {
    this.#device = device;
    this.#store = store;
    this.#live = live;
    this.#boundMs = this.#clock.nowMs();
  }

  tier(): number {
    const identities = this.#identities();
    const own = identities.filter(({ role, device }) => role === "load" && device === this.#device);
    const counted = own.length > 0 ? bestByDevice(own) : (chooseLoad(identities)?.counted ?? []);
    const tier = weakestTier(counted.map((one) => one.tier));
    return tier === null ? 0 : ENERGY_TIER_NUMBERS[tier];
  }

  async energyOf(unit: string): Promise<StatedEnergy | null> {
    const clock = this.#clock;
    const untilMs = clock.nowMs() + WAIT_MS;
    for (;;) {
      const found = this.#read(unit);
      if (found !== null || this.#store === null || clock.nowMs() >= untilMs) return found;
      await new Promise<void>((go) => clock.after(LOOK_MS, go));
    }
  }

  /** All trainings of the unit together; null while none is settled or one was not counted. */
  #read(unit: string): StatedEnergy | null {
    const trainings = this.#store?.unit(unit) ?? [];
    if (trainings.length === 0) return null;
    let millijoules = 0;
    let tier: StatedEnergy["tier"] = ENERGY_TIER_NUMBERS.A;
    for (const one of trainings) {
      if (one.millijoules === null) return null;
      millijoules += one.millijoules;
      tier = Math.min(tier, ENERGY_TIER_NUMBERS[one.tier]);
    }
    const startMs = Math.min(...trainings.map((one) => one.startMs));
    const endMs = Math.max(...trainings.map((one) => one.endMs));
    return { tier, millijoules, startMs, endMs: Math.max(endMs, startMs + 1) };
  }

  #identities(): MeterIdentity[] {
    const store = this.#store;
    if (store === null) return [];
    const nowMs = this.#clock.nowMs();
    const live = this.#live().flatMap(({ identity, counted }) =>
      counted !== null && nowMs - counted.atMs <= SILENT_MS ? identity : [],
    );
    const isLoad = live.some(({ role }) => role === "load");
    if (isLoad || nowMs - this.#boundMs > OPENING_MS) return live;
    return store.sources().flatMap((source) => store.identities(source).at(-1)?.identity ?? []);
  }
}
