import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { addressToText } from "../../../src-main/crypto/index.ts";
import {
  keyOfPhrase,
  makePhrase,
  parsePhrase,
  phraseOfEntropy,
} from "../../../src-main/wallet/phrase.ts";

const JUNK = `${"test ".repeat(11)}junk`;

const refusal = (text: string) => {
  const parsed = parsePhrase(text);
  return parsed.ok ? null : parsed.rejection;
};

describe("makePhrase", () => {
  it("draws 16 bytes for 12 words and 32 for 24", () => {
    const asked: number[] = [];
    const random = (bytes: number) => {
      asked.push(bytes);
      return new Uint8Array(bytes).fill(7);
    };
    expect(makePhrase(12, random).split(" ")).toHaveLength(12);
    expect(makePhrase(24, random).split(" ")).toHaveLength(24);
    expect(asked).toEqual([16, 32]);
  });
});

describe("keyOfPhrase", () => {
  it("gives the account that other wallets give", () => {
    const account = addressToText(keyOfPhrase(JUNK).address);
    expect(account).toBe("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
  });
});

describe("parsePhrase", () => {
  it("reads any phrase however it is spaced or capitalised", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (entropy) => {
        const phrase = phraseOfEntropy(entropy);
        const typed = `  ${phrase.toUpperCase().replaceAll(" ", "\n ")}\t`;
        expect(parsePhrase(typed)).toEqual({ ok: true, value: phrase });
      }),
      { numRuns: 50 },
    );
  });

  it("names the place of an unknown word and never the word", () => {
    const rejection = refusal(JUNK.replace("junk", "jumk"));
    expect(rejection).toEqual({ code: "WALLET_PHRASE_WORD", facts: { place: 12 } });
  });

  it("refuses a wrong count and a wrong checksum", () => {
    expect(refusal("")).toEqual({ code: "WALLET_PHRASE_LENGTH", facts: { words: 0 } });
    expect(refusal("test ".repeat(11))?.code).toBe("WALLET_PHRASE_LENGTH");
    expect(refusal("test ".repeat(12))?.code).toBe("WALLET_PHRASE_CHECKSUM");
    const swapped = phraseOfEntropy(new Uint8Array(16).fill(0x7f)).split(" ");
    [swapped[0], swapped[1]] = [swapped[1], swapped[0]];
    expect(refusal(swapped.join(" "))?.code).toBe("WALLET_PHRASE_CHECKSUM");
  });
});
