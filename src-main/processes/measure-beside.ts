/**
 * Decides how a device is compared with the processor: both take the standard steps, in two seconds
 * for their speed, and where their energy shall be known as long as its registers need. The energy
 * of each is what its own counter says: the package's of the processor, the board's of a device.
 */

import { createNativeBackend } from "../adapters/native-engine/index.ts";
import { isCounter, openPackageCounter } from "../adapters/meters/index.ts";
import { measureDevice } from "../miner/index.ts";
import type { JoulesCounter, MeasureOptions } from "../miner/index.ts";
import type { EngineBackend } from "../ports/engine-backend.ts";
import { METERED_EACH_MS, openGraphicsCounter } from "./bench/graphics-counter.ts";
import { tierOf } from "./measured-beside.ts";
import type { MeasuredBeside, MeasuredSide } from "./measured-beside.ts";

/** Long enough to tell which is faster; both together take about two seconds. */
const SHORT: MeasureOptions = {
  productSize: 64,
  eachMs: 300,
  mostMs: 1_000,
  products: [],
  steps: ["cnn", "transformer"],
};

/** A counter with how good it is, or in words why there is none. */
export type SideCounter =
  | (JoulesCounter & { readonly tier: string; readonly close?: () => Promise<void> })
  | { readonly why: string };

/** What counts energy while both are measured. */
export interface Counters {
  readonly device: () => Promise<SideCounter>;
  readonly processor: () => SideCounter;
  /** Milliseconds of each step. */
  readonly eachMs: number;
}

/**
 * The counters of this machine.
 * @param name  the device's, as its engine calls it
 * @param uuid  what tells it from others of its name, where it has one
 */
export function machineCounters(name: string, uuid?: string): Counters {
  return {
    device: async () =>
      (await openGraphicsCounter(name, uuid)) ?? {
        why: `nothing here counts the energy of ${name}`,
      },
    processor: openPackageCounter,
    eachMs: METERED_EACH_MS,
  };
}

/** What one side did: each step's rate, and the means of one step of each kind. */
interface Measured {
  readonly rates: readonly number[];
  readonly side: MeasuredSide;
}

/** A meter that stood still through all of it says nothing. */
const STILL = "its energy counter did not move";

async function sideOf(
  backend: EngineBackend,
  eachMs: number,
  opened: SideCounter,
): Promise<Measured> {
  const counter = "joules" in opened ? opened : null;
  const needs = { nowMs: () => performance.now(), counter };
  const { steps } = await measureDevice(backend, { ...SHORT, eachMs }, needs);
  const rates = steps.map(({ stepsPerSecond }) => stepsPerSecond);
  const seconds = rates.reduce((sum, rate) => sum + 1 / rate, 0);
  const stepsPerSecond = rates.length / seconds;
  const nothing = { stepsPerSecond, joulesPerStep: null, tier: null } as const;
  if (counter === null) {
    return { rates, side: { ...nothing, unmetered: "why" in opened ? opened.why : STILL } };
  }
  const joules = steps.reduce((sum, { joulesPerStep }) => sum + (joulesPerStep ?? 0), 0);
  const joulesPerStep = joules / steps.length;
  const tier = tierOf(counter.tier);
  const isMetered = joulesPerStep > 0 && Number.isFinite(joulesPerStep) && tier !== null;
  const side = isMetered
    ? { stepsPerSecond, joulesPerStep, tier, unmetered: null }
    : { ...nothing, unmetered: STILL };
  return { rates, side };
}

/** Nothing was asked to be metered. */
const NOT_ASKED: SideCounter = { why: "its energy was not measured" };

/**
 * Measures a device, then the processor.
 * @param threads   of the processor
 * @param counters  what counts their energy; null: only their speed is measured
 */
export async function measureBeside(
  backend: EngineBackend,
  threads: number,
  counters: Counters | null,
): Promise<MeasuredBeside> {
  const eachMs = counters?.eachMs ?? SHORT.eachMs;
  const counter = (await counters?.device()) ?? NOT_ASKED;
  const own = await sideOf(backend, eachMs, counter);
  if ("close" in counter) await counter.close?.();
  // Opened only now: what it counted while the device worked is not the processor's.
  const processor = counters?.processor() ?? NOT_ASKED;
  const other = await sideOf(createNativeBackend({ threads }), eachMs, processor);
  // The least gain counts: whatever is trained, it shall not become slower.
  const speedup = Math.min(...own.rates.map((rate, at) => rate / other.rates[at]));
  return { speedup, metered: counters !== null, device: own.side, processor: other.side };
}

/**
 * What is known of a device and the processor: as remembered, unless energy is asked for and was
 * not, or the processor's counter could not be read then and can now.
 */
export async function knownOrMeasured(
  known: MeasuredBeside | undefined,
  backend: EngineBackend,
  wish: {
    readonly name: string;
    readonly uuid?: string;
    readonly threads: number;
    readonly metered: boolean;
  },
): Promise<MeasuredBeside> {
  const { name, uuid, threads, metered } = wish;
  const isNew = (was: MeasuredBeside) =>
    was.processor.unmetered !== null && isCounter(openPackageCounter());
  if (known !== undefined && (!metered || (known.metered && !isNew(known)))) return known;
  return measureBeside(backend, threads, metered ? machineCounters(name, uuid) : null);
}
