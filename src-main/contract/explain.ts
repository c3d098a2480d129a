/**
 * Decides what a code means in words. Each room lists its codes in `codes/<room>.ts` as one
 * sentence, "what happened; what to do next"; here they become one table.
 */

import { API_CODES } from "./codes/api.ts";
import { CODEC_CODES } from "./codes/codec.ts";
import { MACHINE_CODES } from "./codes/machine.ts";
import { PROCESSES_CODES } from "./codes/processes.ts";
import { WALLET_CODES } from "./codes/wallet.ts";

/** Every permanent code with its sentence. */
export const CODES: Readonly<Record<string, string>> = {
  ...API_CODES,
  ...CODEC_CODES,
  ...MACHINE_CODES,
  ...PROCESSES_CODES,
  ...WALLET_CODES,
};

/** What a code says: what happened, and what to do next. */
export interface Explanation {
  readonly what: string;
  readonly next: string;
}

/** The words for a code; an unknown one (a newer peer's) says so instead of failing. */
export function explainCode(code: string): Explanation {
  const sentence = Object.hasOwn(CODES, code) ? CODES[code] : undefined;
  if (sentence === undefined) {
    return { what: `Refused with the code ${code}.`, next: "Update to learn what it means." };
  }
  const split = sentence.indexOf("; ");
  if (split < 0) return { what: sentence, next: "" };
  const next = sentence.slice(split + 2);
  return { what: `${sentence.slice(0, split)}.`, next: next[0].toUpperCase() + next.slice(1) };
}

/** Facts as "name value, name value"; empty text when there are none. */
export function factsText(facts: Readonly<Record<string, string | number | boolean>>): string {
  return Object.entries(facts)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(", ");
}
