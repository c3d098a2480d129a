import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { IMPORT_LIMITS } from "../../../../src-main/adapters/data-import/index.ts";
import { textPieces } from "../../../../src-main/adapters/data-import/text-pieces.ts";
import { ImportStop } from "../../../../src-main/adapters/data-import/stop.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const anyText = fc.string({ unit: "binary", minLength: 1 }).map((text) => text.toWellFormed());

describe("textPieces", () => {
  it("takes bytes for themselves", async () => {
    const pieces = await textPieces(utf8("aé"), "bytes", IMPORT_LIMITS);
    expect([...pieces.tokens]).toEqual([0x61, 0xc3, 0xa9]);
    expect(pieces).toMatchObject({ kinds: 256, vocabulary: [] });
  });

  it("numbers characters by their code points, and gives every text back", async () => {
    const known = await textPieces(utf8("ba🎈ab"), "characters", IMPORT_LIMITS);
    expect([...known.tokens]).toEqual([1, 0, 2, 0, 1]);
    expect(known.vocabulary).toEqual([0x61, 0x62, 0x1f388]);
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        const bytes = utf8(text);
        const pieces = await textPieces(bytes, "characters", IMPORT_LIMITS);
        const { tokens, kinds, vocabulary, byteLengths } = pieces;
        const back = Array.from(tokens, (token) => String.fromCodePoint(vocabulary[token]));
        expect(back.join("")).toBe(text);
        expect(kinds).toBe(new Set(text).size);
        expect(vocabulary).toEqual(vocabulary.toSorted((one, other) => one - other));
        const length = tokens.reduce((sum, token) => sum + byteLengths[token], 0);
        expect(length).toBe(bytes.length);
      }),
    );
  });

  it("refuses more different characters than the limit, and takes as many", async () => {
    const limits = { ...IMPORT_LIMITS, characters: 3 };
    expect((await textPieces(utf8("abcabc"), "characters", limits)).kinds).toBe(3);
    const refused = textPieces(utf8("abcd"), "characters", limits);
    await expect(refused).rejects.toMatchObject({
      rejection: { code: "DATA_IMPORT_TEXT_SYMBOLS", facts: { most: 3 } },
    });
    await expect(refused).rejects.toBeInstanceOf(ImportStop);
  });
});
