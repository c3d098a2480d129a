import { describe, expect, it } from "vitest";
import { fixedBytes, parseHex, text, varBytes } from "../../../src-main/codec/byte-strings.ts";
import { decode, encode } from "../../../src-main/codec/codec.ts";
import { bytesToHex, hexToBytes } from "../../../src-main/contract/bytes.ts";
import { BrokenInvariant } from "../../../src-main/contract/outcome.ts";

const codeOf = (outcome: { ok: boolean; rejection?: { code: string } }) => outcome.rejection?.code;

describe("codec/byte-strings", () => {
  it("writes fixed bytes bare and variable bytes after their length", () => {
    expect(encode(fixedBytes(2), new Uint8Array([1, 2]))).toEqual(new Uint8Array([1, 2]));
    expect(bytesToHex(encode(varBytes(2), new Uint8Array([1, 2])))).toBe("020000000102");
    expect(bytesToHex(encode(text(8), "é"))).toBe("02000000c3a9");
  });

  it("refuses a length above the maximum before looking for the bytes", () => {
    expect(codeOf(decode(varBytes(2), hexToBytes("03000000")))).toBe("CODEC_LIMIT");
    expect(codeOf(decode(text(2), hexToBytes("ffffffff")))).toBe("CODEC_LIMIT");
  });

  it.each([
    ["a cut sequence", "c3"],
    ["a stray continuation", "80"],
    ["an overlong slash", "c0af"],
    ["a surrogate", "eda080"],
    ["a code point above U+10FFFF", "f4908080"],
  ])("refuses text with %s", (_, hex) => {
    const bytes = hexToBytes(hex);
    const outcome = decode(text(8), encode(varBytes(8), bytes));
    expect(codeOf(outcome)).toBe("CODEC_VALUE");
  });

  it("keeps a byte order mark, so that text has one encoding", () => {
    const bytes = encode(text(8), "\ufeffa");
    expect(decode(text(8), bytes)).toEqual({ ok: true, value: "\ufeffa" });
  });

  it("stops at what does not fit when writing", () => {
    expect(() => encode(fixedBytes(2), new Uint8Array(3))).toThrow(BrokenInvariant);
    expect(() => encode(varBytes(2), new Uint8Array(3))).toThrow(BrokenInvariant);
    expect(() => encode(text(2), "abc")).toThrow(BrokenInvariant);
    expect(() => encode(text(8), "\ud800")).toThrow(BrokenInvariant);
  });

  it("parses hex from people and refuses what is not hex or not the size", () => {
    expect(parseHex("0xAb01")).toEqual({ ok: true, value: new Uint8Array([0xab, 1]) });
    expect(parseHex("ab01", 2)).toEqual({ ok: true, value: new Uint8Array([0xab, 1]) });
    for (const [input, size] of [
      ["ab0", undefined],
      ["0xzz", undefined],
      ["ab", 2],
    ] as const) {
      expect(codeOf(parseHex(input, size))).toBe("CODEC_HEX");
    }
  });
});
