/** Decides how a check names what speaks against a report, and what it could not look at. */

/** A contradiction: a permanent code, the place in the report, and a sentence about it. */
export interface Contradiction {
  readonly code: string;
  readonly where: string;
  readonly text: string;
}

/** Something that was not checked. */
export interface Unchecked {
  readonly what: string;
  readonly why: string;
}

/** What is kept of each list; the first ones tell enough. */
const CONTRADICTIONS_MAX = 64;
const UNCHECKED_MAX = 16;
const WHERE_MAX = 128;
const SENTENCE_MAX = 400;

/** Findings of one check, in the order they were met. */
export class Findings {
  readonly contradictions: Contradiction[] = [];
  readonly unchecked: Unchecked[] = [];

  say(code: string, where: string, text: string): void {
    if (this.contradictions.length >= CONTRADICTIONS_MAX) return;
    const cut = { where: where.slice(0, WHERE_MAX), text: text.slice(0, SENTENCE_MAX) };
    this.contradictions.push({ code, ...cut });
  }

  skip(what: string, why: string): void {
    if (this.unchecked.length >= UNCHECKED_MAX) return;
    this.unchecked.push({ what: what.slice(0, WHERE_MAX), why: why.slice(0, SENTENCE_MAX) });
  }
}
