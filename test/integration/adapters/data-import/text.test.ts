import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import ranks from "gpt-tokenizer/bpeRanks/o200k_base";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { gptPieces } from "../../../../src-main/adapters/data-import/gpt-pieces.ts";
import { IMPORT_LIMITS, openTextTable } from "../../../../src-main/adapters/data-import/index.ts";
import type { TextTokens } from "../../../../src-main/adapters/data-import/index.ts";
import {
  datasetLeafHashes,
  datasetRoot,
  readDataset,
} from "../../../../src-main/learning/index.ts";
import { nativeSha256 } from "../../../../src-main/adapters/native-crypto/index.ts";
import { imported, ownFolder, refused } from "./made-data.ts";

const folder = ownFolder();
const file = (name: string, text: string | Uint8Array): string => {
  writeFileSync(join(folder.path, name), text);
  return join(folder.path, name);
};
const KINDS: readonly TextTokens[] = ["bytes", "characters", "gpt"];

type Imported = Awaited<ReturnType<typeof imported>>;

/** The tokens of each block, in the order of the text. */
function blocksOf({ samples, header }: Imported): number[][] {
  const train = samples.slice(0, header.trainCount);
  const held = samples.slice(header.trainCount);
  const blocks = Array.from(samples, (_, block) => {
    const isHeld = block % 10 === 9 || (samples.length < 10 && block === samples.length - 1);
    return (isHeld ? held : train).shift() ?? new Uint8Array(0);
  });
  const size = header.encoding === 3 ? 2 : 1;
  return blocks.map((bytes) =>
    Array.from({ length: bytes.length / size }, (_, at) =>
      size === 1 ? bytes[at] : bytes[2 * at] + 256 * bytes[2 * at + 1],
    ),
  );
}

/** The bytes that tokens stand for. */
function textOf(tokens: readonly number[], { text, vocabulary }: Imported): Buffer {
  if (text?.tokens === "bytes") return Buffer.from(tokens);
  const parts = tokens.map((token) => {
    if (text?.tokens === "gpt") return Buffer.from(ranks[vocabulary[token]]);
    return Buffer.from(String.fromCodePoint(vocabulary[token]));
  });
  return Buffer.concat(parts);
}

const rootOf = ({ blob }: Imported): Uint8Array => {
  const dataset = readDataset(blob);
  if (!dataset.ok) throw new Error("the blob is a data set");
  return datasetRoot(nativeSha256, datasetLeafHashes(nativeSha256, dataset.value));
};

/** Words, spaces, lines and characters of one to four bytes. */
const prose = fc
  .array(
    fc.constantFrom("the ", "cat", " ", "\n", "\n\n", "é", "中文", "🎈", "12345", "<|endoftext|>"),
  )
  .map((parts) => `${parts.join("")}.`);

describe("adapters/data-import takes text", () => {
  it("and loses nothing but a last part of a block, in each kind of tokens", async () => {
    await fc.assert(
      fc.asyncProperty(prose, fc.constantFrom(...KINDS), fc.integer({ min: 1, max: 9 }), cut),
      { numRuns: 60 },
    );
    async function cut(text: string, tokens: TextTokens, context: number): Promise<void> {
      // Long enough for two blocks of any kind, whatever was drawn.
      const whole = `${text.repeat(9)} a b c d e f g h i j k l m n o p q r s t`;
      const path = file("tale.txt", whole);
      const data = await imported(path, { text: { tokens, context } });
      const blocks = blocksOf(data);
      const joined = [blocks[0][0], ...blocks.flatMap((block) => block.slice(1))];
      const bytes = textOf(joined, data);
      expect(Buffer.from(whole).subarray(0, bytes.length).equals(bytes)).toBe(true);
      for (const [at, block] of blocks.entries()) {
        expect(block).toHaveLength(context + 1);
        if (at > 0) expect(block[0]).toBe(blocks[at - 1].at(-1));
      }
      const heldBytes = blocks
        .filter((_, at) => at % 10 === 9 || (blocks.length < 10 && at === blocks.length - 1))
        .reduce((sum, block) => sum + textOf(block.slice(1), data).length, 0);
      expect(data.text).toEqual({ tokens, context, holdoutBytes: heldBytes });
      expect(Math.max(...joined)).toBeLessThan(data.header.classes);
    }
  });

  it("as the same bytes with the same root, however its files are stored", async () => {
    const lines = Array.from({ length: 40 }, (_, line) => `Line ${line} of a tale.\n`);
    const whole = lines.join("");
    const [one, packed] = [file("tale.txt", whole), file("tale.txt.gz", gzipSync(whole))];
    mkdirSync(join(folder.path, "parts"));
    file("parts/2.txt", lines.slice(20).join(""));
    // A mark at its start is no text, and a missing last line's end is added.
    file("parts/1.TXT", `\u{feff}${lines.slice(0, 20).join("").trimEnd()}`);
    file("parts/notes.md", "left out");
    for (const tokens of KINDS) {
      const options = { text: { tokens, context: 16 } };
      const data = await imported(one, options);
      const same = [
        await imported(packed, options),
        await imported(join(folder.path, "parts"), options),
      ];
      for (const other of [await imported(one, options), ...same]) {
        expect(rootOf(other)).toEqual(rootOf(data));
        expect(other.vocabulary).toEqual(data.vocabulary);
      }
      expect(same[1].note).toMatch(/ in 2 files, .*; every tenth block held out .*; 1 other file/);
    }
  });

  it("in bytes and blocks of 128 where nothing is said, and as the folder's kind", async () => {
    const path = file("tale.txt", "Once upon a time. ".repeat(100));
    const { header, kind, note, text } = await imported(path);
    expect(header).toMatchObject({ encoding: 2, height: 1, width: 128, classes: 256 });
    expect({ kind, text }).toMatchObject({ kind: "text", text: { tokens: "bytes", context: 128 } });
    expect(note).toBe(
      "1 800 bytes of text, each a token, blocks of 128; every tenth block held out (1)",
    );
    mkdirSync(join(folder.path, "a"));
    // Class folders beside it make it their note, unless text is what was asked for.
    expect((await refused(folder.path)).code).toBe("DATA_IMPORT_EMPTY_CLASS");
    const asked = { text: { tokens: "bytes", context: 8 } } as const;
    expect((await imported(folder.path, asked)).kind).toBe("text");
  });

  it("in pieces of words, of which it keeps the most frequent and all bytes", async () => {
    const words = Array.from({ length: 400 }, (_, at) => `word${at} tale${at % 7} `).join("");
    const text = words + "zyzzyva ".repeat(300) + "🎈".repeat(50);
    const { tokens, kinds, vocabulary } = await gptPieces(text, 270);
    expect(kinds).toBeLessThanOrEqual(270);
    const bytes = [...tokens].map((token) => Buffer.from(ranks[vocabulary[token]]));
    expect(Buffer.concat(bytes).toString()).toBe(text);
    expect((await gptPieces(text, 4_096)).tokens.length).toBeLessThan(tokens.length);
    const single = new Set(Array.from({ length: 256 }, (_, at) => Buffer.from(ranks[at])[0]));
    expect(single.size).toBe(256);
  });

  it("and reads and writes other texts in the same tokens", async () => {
    const other = "tale of a cat, zyzzyva.\n";
    const text = `${other.repeat(30)}word1 word2 🎈`;
    for (const tokens of KINDS) {
      const data = await imported(file("tale.txt", text), { text: { tokens, context: 8 } });
      const table = await openTextTable(tokens, data.vocabulary);
      const written = (given: readonly number[]) =>
        Buffer.concat(given.map((token) => table.decode(token))).toString();
      expect(written(table.encode(other) ?? [])).toBe(other);
      const first = blocksOf(data)[0];
      expect(text.startsWith(written(first.slice(0, 4)))).toBe(true);
      expect(table.encode("中") === undefined).toBe(tokens !== "bytes");
    }
    const many = Array.from({ length: 400 }, (_, at) => `word${at} tale${at % 7} `).join("");
    const { vocabulary } = await gptPieces(many, 257);
    const bytes = await openTextTable("gpt", vocabulary);
    const back = (bytes.encode(" tale3 word39") ?? []).map((token) => bytes.decode(token));
    expect(Buffer.concat(back).toString()).toBe(" tale3 word39");
  });

  it("in stretches that part no character, however long a line is", async () => {
    const text = `${"x".repeat(4_095)}${"🎈".repeat(3_000)}`;
    const { tokens, vocabulary } = await gptPieces(text, 4_096);
    const bytes = [...tokens].map((token) => Buffer.from(ranks[vocabulary[token]]));
    expect(Buffer.concat(bytes).toString()).toBe(text);
  });

  it("in the very pieces that GPT cuts, where words are as long as words are", async () => {
    const text = Array.from({ length: 3_000 }, (_, at) => `tale${at % 50} of: two\ncities,`).join(
      " ",
    );
    const { tokens, vocabulary } = await gptPieces(text, 4_096);
    expect(Array.from(tokens, (token) => vocabulary[token])).toEqual(encode(text));
  });
});

describe("adapters/data-import refuses text", () => {
  const small = { text: { tokens: "bytes", context: 4 } } as const;

  it.each([
    [
      "that is not UTF-8",
      Buffer.from([97, 10, 98, 10, 0xc3, 10]),
      "DATA_IMPORT_TEXT_ENCODING",
      { line: 3 },
    ],
    [
      "in UTF-16",
      Buffer.from("\u{feff}a tale of two", "utf16le"),
      "DATA_IMPORT_TEXT_ENCODING",
      { line: 1 },
    ],
    ["that is empty", Buffer.alloc(0), "DATA_IMPORT_NO_SAMPLES", {}],
    ["that is a mark alone", Buffer.from("\u{feff}"), "DATA_IMPORT_NO_SAMPLES", {}],
    [
      "too short for two blocks",
      Buffer.from("12345678"),
      "DATA_IMPORT_TEXT_SHORT",
      { tokens: 8, least: 9 },
    ],
  ])("%s", async (_what, bytes, code, facts) => {
    const path = file("tale.txt", bytes);
    const found = await refused(path, small);
    expect(found).toMatchObject({ code, facts: { ...facts, file: path } });
  });

  it("whose tokens are all the same, that is too long, or of too many characters", async () => {
    const same = file("same.txt", "a".repeat(100));
    const characters = { text: { tokens: "characters", context: 4 } } as const;
    expect((await refused(same, characters)).code).toBe("DATA_IMPORT_ONE_CLASS");
    const tale = file("tale.txt", "abcdefghij".repeat(10));
    for (const [limits, code] of [
      [{ textBytes: 99 }, "DATA_IMPORT_TOO_LARGE"],
      [{ samples: 23 }, "DATA_IMPORT_TOO_LARGE"],
      [{ bytes: 119 }, "DATA_IMPORT_TOO_LARGE"],
      [{ characters: 9 }, "DATA_IMPORT_TEXT_SYMBOLS"],
    ] as const) {
      expect((await refused(tale, characters, { ...IMPORT_LIMITS, ...limits })).code).toBe(code);
    }
    const exact = { textBytes: 100, samples: 24, bytes: 120, characters: 10 };
    expect((await imported(tale, characters)).samples).toHaveLength(exact.samples);
  });
});
