import fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  askedPlaces,
  confirmPhrase,
  phraseLines,
} from "../../../../src-main/processes/cli/confirm-phrase.ts";
import type { Questions } from "../../../../src-main/processes/cli/questions.ts";

const words = ["ant", "bee", "cat", "dog", "eel", "fox", "gnu", "hen", "ibis", "jay", "koi", "yak"];
const phrase = words.join(" ");

/** A person who answers each question in turn and then leaves. */
function answering(answer: (place: number, count: number) => string | null) {
  const told: string[] = [];
  let count = 0;
  const ask: Questions = {
    isTerminal: false,
    line: (question) => {
      count += 1;
      return Promise.resolve(answer(Number(/\d+/.exec(question)?.[0]), count));
    },
    hidden: () => Promise.resolve(null),
    tell: (text) => told.push(text),
    close: () => undefined,
  };
  return { ask, told, asked: () => count };
}

describe("phraseLines", () => {
  it("numbers every word", () => {
    const text = phraseLines(phrase).join("\n");
    for (const [index, word] of words.entries()) expect(text).toContain(`${index + 1} ${word}`);
  });
});

describe("askedPlaces", () => {
  it("names three different places of the phrase, rising, whatever chance gives", () => {
    fc.assert(
      fc.property(fc.constantFrom(12, 24), fc.uint8Array({ maxLength: 32 }), (count, random) => {
        const places = askedPlaces(count, random);
        expect(new Set(places).size).toBe(3);
        expect([...places].sort((left, right) => left - right)).toEqual(places);
        expect(places[0]).toBeGreaterThanOrEqual(1);
        expect(places[2]).toBeLessThanOrEqual(count);
      }),
    );
  });
});

describe("confirmPhrase", () => {
  const random = Uint8Array.of(0, 5, 11);

  it("goes on when the words are right, capitals aside", async () => {
    const person = answering((place) => ` ${words[place - 1].toUpperCase()} `);
    await confirmPhrase(person.ask, phrase, random);
    expect(person.asked()).toBe(3);
    expect(person.told).toEqual([]);
  });

  it("lets a slip be mended", async () => {
    const person = answering((place, count) => (count === 1 ? "ent" : words[place - 1]));
    await confirmPhrase(person.ask, phrase, random);
    expect(person.told).toEqual(["That is not word 1; look again at what you wrote."]);
  });

  it("ends after three wrong words, or when nobody answers", async () => {
    const refusal = { refusal: { code: "WALLET_PHRASE_CONFIRM" } };
    const wrong = answering(() => "zoo");
    await expect(confirmPhrase(wrong.ask, phrase, random)).rejects.toMatchObject(refusal);
    expect(wrong.asked()).toBe(3);
    const gone = answering(() => null);
    await expect(confirmPhrase(gone.ask, phrase, random)).rejects.toMatchObject(refusal);
  });
});
