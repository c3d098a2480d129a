/**
 * Decides which of the devices that could train here does, where the owner leaves it open: only one
 * that is exact, and of these by speed the one that takes every standard step fastest, by energy
 * the one with the most measured steps a joule. The processor trains unless a device is better; a
 * device that was not measured never comes first, and where one was not metered speed decides.
 */

import type { GraphicsEngine } from "../../adapters/machine/index.ts";
import { rankByEnergy } from "../../energy/rules/index.ts";
import type { RankedDevice } from "../../energy/rules/index.ts";
import type { MeasuredBeside } from "../measured-beside.ts";

/** What the owner prefers. */
export type Preference = "speed" | "joules";

/** A device that could train instead of the processor. */
export interface Contender {
  readonly engine: "cuda" | "webgpu";
  readonly graphics: GraphicsEngine;
  /** It and the processor; null where it was not measured. */
  readonly measured: MeasuredBeside | null;
}

/** Who trains, and why. */
export interface RankedEngine {
  /** Undefined: the processor does. */
  readonly best: Contender | undefined;
  /** Such as "12.1 steps/J against 3.4 of the processor"; null where there was no choice. */
  readonly choice: string | null;
}

type WorkedOut = RankedEngine & { readonly choice: string };

/** A contender that may train and was measured. */
type MeasuredContender = Contender & { readonly measured: MeasuredBeside };

function isRunning(contender: Contender): contender is MeasuredContender {
  const { graphics, measured } = contender;
  return graphics.exact && !graphics.isSoftware && measured !== null;
}

/** Chooses among the processor and devices that are exact and were measured. */
export function rankEngines(prefer: Preference, contenders: readonly Contender[]): RankedEngine {
  const running = contenders.filter((one) => isRunning(one));
  if (running.length === 0) return { best: undefined, choice: null };
  if (prefer === "speed") return bySpeed(running);
  const unmetered = whyUnmetered(running);
  if (unmetered === null) return byEnergy(running);
  const { best, choice } = bySpeed(running);
  return { best, choice: `by speed, not by joules (${unmetered}): ${choice}` };
}

/** Three figures that people read; small ones keep their size. */
function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}

/** The device that is fastest in every step; undefined: the processor is in one at least. */
export function fastestEngine(contenders: readonly Contender[]): MeasuredContender | undefined {
  let best: MeasuredContender | undefined;
  for (const contender of contenders.filter((one) => isRunning(one))) {
    const { speedup } = contender.measured;
    if (speedup > Math.max(1, best?.measured.speedup ?? 0)) best = contender;
  }
  return best;
}

function bySpeed(running: readonly MeasuredContender[]): WorkedOut {
  const best = fastestEngine(running);
  if (best !== undefined) {
    return { best, choice: `${figure(best.measured.speedup)} times as fast as the processor` };
  }
  const [{ graphics, measured }] = running;
  const words = `${graphics.name} takes one step ${figure(measured.speedup)} times as fast`;
  return { best: undefined, choice: words };
}

/** Why energy cannot decide: one that was not metered; null where each was. */
function whyUnmetered(running: readonly MeasuredContender[]): string | null {
  for (const { graphics, measured } of running) {
    const { device, processor } = measured;
    if (processor.joulesPerStep === null) return `processor: ${processor.unmetered}`;
    if (device.joulesPerStep === null) return `${graphics.name}: ${device.unmetered}`;
  }
  return null;
}

/** The processor's name in the ranking; no engine of a device is called that. */
const PROCESSOR = "processor";

/** Every figure is there. Ties go to the faster one, then to the processor. */
function byEnergy(running: readonly MeasuredContender[]): WorkedOut {
  // Each device was measured beside the processor; the first of these figures stands for it.
  const [{ measured: first }] = running;
  const ranked = rankByEnergy([
    { device: PROCESSOR, engine: PROCESSOR, exact: true, ...first.processor },
    ...running.map(({ engine, graphics, measured }) => {
      return { device: graphics.name, engine, exact: true, ...measured.device };
    }),
  ]);
  const [chosen, next] = ranked;
  const best = running.find(
    ({ engine, graphics }) => engine === chosen.engine && graphics.name === chosen.device,
  );
  // A device is told beside the processor, the processor beside the best device.
  const other = best === undefined ? next : (ranked.find(isProcessor) ?? next);
  const name = isProcessor(other) ? "the processor" : other.device;
  const against = figure(other.stepsPerJoule ?? 0);
  return {
    best,
    choice: `${figure(chosen.stepsPerJoule ?? 0)} steps/J against ${against} of ${name}`,
  };
}

function isProcessor({ engine }: RankedDevice): boolean {
  return engine === PROCESSOR;
}
