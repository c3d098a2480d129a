/** Decides how a cap that is in force, or cannot be kept, is told. */

import type { CapState } from "./keep-cap.ts";
import { deviceWords } from "./signals.ts";

/** A cap and who asks for it. */
export interface AskedCap {
  readonly device: string;
  readonly watts: number;
  /** Null: the device's own limit. */
  readonly rule: string | null;
}

/** What is known beside the state. */
export interface CapFacts {
  /** Watts that the card itself was told to keep to; null: it was not. */
  readonly limitWatts: number | null;
  readonly nameplateWatts: number | null;
  /** Whether a meter behind which the whole machine lies tells the watts. */
  readonly isWhole: boolean;
}

/** One sentence without a full stop: what is capped, by whom, and by which means. */
export function capSentence(asked: AskedCap, state: CapState, facts: CapFacts): string {
  const { watts, rule, device } = asked;
  const by = rule === null ? `by ${own(device)} own limit` : `by rule '${rule}'`;
  const cap = `${formatWatts(watts)} ${by}`;
  if (state.how === "blind")
    return `Waiting: nothing measures ${deviceWords(device)}, so ${noCap(watts)}`;
  if (state.how === "low") return `Waiting: ${lowWords(asked, state, facts)}`;
  const percent = `${Math.round(100 * state.share)} % of the time`;
  if (state.how === "deadline") {
    return `Above the cap of ${cap}: the unit in hand needs ${percent} to be done in time`;
  }
  return `Capped at ${cap} (${meansWords(state, facts, percent)})`;
}

function meansWords({ how, share }: CapState, facts: CapFacts, percent: string): string {
  const { limitWatts, nameplateWatts, isWhole } = facts;
  const limit = limitWatts === null ? "" : `the card's own limit is ${formatWatts(limitWatts)}`;
  const whole = isWhole ? ", the whole machine measured" : "";
  const and = limit === "" ? "" : `${limit}; `;
  if (how === "nameplate") {
    const told = nameplateWatts === null ? "" : ` of ${formatWatts(nameplateWatts)}`;
    const paced = share >= 1 ? "no rests needed" : `by duty cycle: ${percent}`;
    return `${and}${paced}, by the nameplate${told}, since nothing measures it`;
  }
  if (share >= 1) return limit === "" ? `no rests needed${whole}` : limit;
  return how === "starting"
    ? `${and}by duty cycle: ${percent} until it is measured`
    : `${and}by duty cycle: ${percent}${whole}`;
}

function lowWords({ device, watts }: AskedCap, state: CapState, facts: CapFacts): string {
  const name = facts.isWhole ? "the machine" : deviceWords(device);
  const { meanWatts } = state;
  if (meanWatts === null) {
    const told = facts.nameplateWatts === null ? "" : ` of ${formatWatts(facts.nameplateWatts)}`;
    const much = `${name} takes too much even with the least work`;
    return `by the nameplate${told} ${much}, so ${noCap(watts)}`;
  }
  return `${name} took ${formatWatts(meanWatts)} with the least work, so ${noCap(watts)}`;
}

function noCap(watts: number): string {
  return `the cap of ${formatWatts(watts)} cannot be kept`;
}

function own(device: string): string {
  return device === "cpu" ? "the processor's" : `${deviceWords(device)}'s`;
}

function formatWatts(watts: number): string {
  return `${Math.round(watts)} W`;
}
