/**
 * Decides how a recovery phrase is shown and confirmed: once, numbered, and then three of its
 * words are asked for, so that nobody goes on who has not written it down.
 */

import { CommandFailure } from "./failure.ts";
import type { Questions } from "./questions.ts";

/** Words that are asked for. */
const ASKED = 3;

/** Tries for each of them: a slip of the finger is no reason to begin again. */
const TRIES = 3;

/** The phrase as a person copies it onto paper. */
export function phraseLines(phrase: string): string[] {
  const words = phrase.split(" ");
  const cells = words.map((word, index) => `${String(index + 1).padStart(2)} ${word.padEnd(8)}`);
  const rows: string[] = [];
  for (let at = 0; at < cells.length; at += 4)
    rows.push(
      cells
        .slice(at, at + 4)
        .join("  ")
        .trimEnd(),
    );
  return [
    "",
    `Recovery phrase, ${words.length} words. Write them down on paper, in this order:`,
    "",
    ...rows,
    "",
    "They are shown this once. Whoever has them has the account; nobody can give them back to you.",
    "",
  ];
}

/** Three different places of a phrase, rising, from 1; chosen by random bytes. */
export function askedPlaces(words: number, random: Uint8Array): number[] {
  const places: number[] = [];
  // Words are at most 24, so 256 possible bytes favour no place by more than a tenth.
  for (const byte of random) {
    const place = (byte % words) + 1;
    if (!places.includes(place)) places.push(place);
    if (places.length === ASKED) break;
  }
  for (let place = 1; places.length < ASKED; place += 1) {
    if (!places.includes(place)) places.push(place);
  }
  return places.sort((left, right) => left - right);
}

/** Asks for three words. Throws WALLET_PHRASE_CONFIRM when one is not known. */
export async function confirmPhrase(
  ask: Questions,
  phrase: string,
  random: Uint8Array,
): Promise<void> {
  const words = phrase.split(" ");
  for (const place of askedPlaces(words.length, random)) {
    for (let attempt = 1; ; attempt += 1) {
      const typed = await ask.line(`Word ${place}: `);
      if (typed?.trim().toLowerCase() === words[place - 1]) break;
      if (typed === null || attempt === TRIES) {
        throw new CommandFailure({ code: "WALLET_PHRASE_CONFIRM", facts: { place } });
      }
      ask.tell(`That is not word ${place}; look again at what you wrote.`);
    }
  }
}
