/** Decides which numbers a command line may hold; anything else is a usage error (exit code 2). */

import { InvalidArgumentError } from "commander";

/** Entries one list may be asked for; the control API has the same maximum. */
const COUNT_MAX = 200;

/** Reads a slot: a whole number from 0, spaces between thousands allowed. */
export function readSlot(text: string): number {
  const slot = wholeNumber(text);
  if (slot === null) throw new InvalidArgumentError("A slot is a whole number from 0.");
  return slot;
}

/** Reads how many entries a list may have. */
export function readCount(text: string): number {
  const count = wholeNumber(text);
  if (count === null || count < 1 || count > COUNT_MAX) {
    throw new InvalidArgumentError(`A count is a whole number from 1 to ${COUNT_MAX}.`);
  }
  return count;
}

/** Reads a whole number from 1 to a maximum; `name` says what of. */
export function readWhole(name: string, most: number): (text: string) => number {
  return (text) => {
    const value = wholeNumber(text);
    if (value === null || value < 1 || value > most) {
      throw new InvalidArgumentError(`A ${name} count is a whole number from 1 to ${most}.`);
    }
    return value;
  };
}

/** Reads a whole number between bounds that is a multiple of `step`; `name` says what it is. */
export function readWithin(
  name: string,
  { least, most, step = 1 }: { least: number; most: number; step?: number },
): (text: string) => number {
  return (text) => {
    const value = wholeNumber(text);
    if (value === null || value < least || value > most || value % step !== 0) {
      const multiple = step === 1 ? "" : `, a multiple of ${step}`;
      throw new InvalidArgumentError(
        `A ${name} is a whole number from ${least} to ${most}${multiple}.`,
      );
    }
    return value;
  };
}

/** Reads how many words a recovery phrase shall have. */
export function readPhraseLength(text: string): 12 | 24 {
  if (text === "12" || text === "24") return text === "12" ? 12 : 24;
  throw new InvalidArgumentError("A new phrase has 12 or 24 words.");
}

function wholeNumber(text: string): number | null {
  const digits = text.replace(/ /g, "");
  return /^[0-9]{1,15}$/.test(digits) ? Number(digits) : null;
}
