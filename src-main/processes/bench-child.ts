/**
 * A process of `vivian bench`: says what of one way of computing is here, or measures one choice.
 * Arguments: the engine, then "choices" and the wish or "measure" and the choice, as JSON.
 */

import { isCounter, openPackageCounter } from "../adapters/meters/index.ts";
import { Fault } from "../contract/outcome.ts";
import { measureDevice } from "../miner/index.ts";
import { METERED_EACH_MS, openGraphicsCounter } from "./bench/graphics-counter.ts";
import { isChoice } from "./bench/bench-answers.ts";
import type { BenchAnswer, BenchMeter } from "./bench/bench-answers.ts";
import type { BenchSource, BenchWish } from "./bench/bench-source.ts";
import { openSource } from "./bench/known-sources.ts";

/** Characters of a reason; a loader's words may be pages long. */
const REASON_MAX = 300;

async function measure(source: BenchSource, choice: unknown): Promise<BenchAnswer> {
  if (!isChoice(choice)) throw new Error("no choice");
  const backend = await source.open(choice);
  const wrongOps = [...((await source.wrongOps?.(backend)) ?? [])];
  const { variant } = backend;
  // What is not exact earns nothing, so its speed is not told.
  if (wrongOps.length > 0) return { kind: "measured", variant, wrongOps, rates: null, meter: null };
  const options = source.options(choice);
  const nowMs = () => performance.now();
  if (choice.device.startsWith("cpu")) {
    const opened = openPackageCounter();
    const counter = isCounter(opened) ? opened : null;
    const rates = await measureDevice(backend, options, { nowMs, counter });
    return { kind: "measured", variant, wrongOps, rates, meter: meterOf(counter) };
  }
  // The processor's meter says nothing of what a graphics device draws; its own is asked.
  const counter = await openGraphicsCounter(choice.name, choice.variant ?? undefined);
  const eachMs = counter === null ? options.eachMs : METERED_EACH_MS;
  const rates = await measureDevice(backend, { ...options, eachMs }, { nowMs, counter });
  await counter?.close();
  return { kind: "measured", variant, wrongOps, rates, meter: meterOf(counter) };
}

function meterOf(counter: { name: string; tier: string } | null): BenchMeter | null {
  return counter === null ? null : { name: counter.name, tier: counter.tier };
}

async function answer(): Promise<BenchAnswer> {
  const [engine, what, text] = process.argv.slice(2);
  const source = await openSource(engine);
  if (source === undefined) throw new Error(`no engine ${engine}`);
  const given: unknown = JSON.parse(text);
  if (what === "measure") return measure(source, given);
  const choices = await source.choices(given as BenchWish);
  return { kind: "choices", choices, isExact: source.isExact };
}

function absent(error: unknown): BenchAnswer {
  if (!(error instanceof Fault)) throw error;
  const reason = error.message.split("\n")[0].slice(0, REASON_MAX);
  return { kind: "absent", code: error.code, reason };
}

const said = await answer().catch(absent);
// Drivers and float engines keep a process alive; nothing is left to do here.
process.send?.(said, () => process.exit(0));
