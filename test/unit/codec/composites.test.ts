import { describe, expect, it } from "vitest";
import { text } from "../../../src-main/codec/byte-strings.ts";
import { decode, encode } from "../../../src-main/codec/codec.ts";
import type { ValueOf } from "../../../src-main/codec/codec.ts";
import {
  constrained,
  list,
  optional,
  struct,
  taggedUnion,
} from "../../../src-main/codec/composites.ts";
import { u16, u8 } from "../../../src-main/codec/scalars.ts";
import { bytesToHex } from "../../../src-main/contract/bytes.ts";
import { BrokenInvariant } from "../../../src-main/contract/outcome.ts";

const move = taggedUnion("kind", {
  transfer: { tag: 1, codec: struct({ zeta: u8, alpha: u16 }) },
  note: { tag: 4, codec: struct({ words: list(text(4), 2) }) },
});
const ascending = constrained(
  list(u8, 4),
  (values) => values.every((value, index) => index === 0 || values[index - 1] < value),
  "items ascend",
);
const codeOf = (outcome: { ok: boolean; rejection?: { code: string } }) => outcome.rejection?.code;

describe("codec/composites", () => {
  it("keeps the declared field order, not the value's", () => {
    const value: ValueOf<typeof move> = { kind: "transfer", alpha: 0x0302, zeta: 1 };
    const bytes = encode(move, value);
    expect(bytesToHex(bytes)).toBe("01010203");
    expect(decode(move, bytes)).toEqual({ ok: true, value });
  });

  it("refuses an unknown tag, a third item and a presence of 2", () => {
    expect(codeOf(decode(move, new Uint8Array([2])))).toBe("CODEC_VALUE");
    expect(codeOf(decode(move, new Uint8Array([4, 3, 0, 0, 0])))).toBe("CODEC_LIMIT");
    expect(codeOf(decode(optional(u8), new Uint8Array([2])))).toBe("CODEC_VALUE");
  });

  it("does not trust a count: missing items end the read", () => {
    const bytes = new Uint8Array([255, 255, 255, 255, 1]);
    expect(codeOf(decode(list(u8, 0xffff_ffff), bytes))).toBe("CODEC_TRUNCATED");
  });

  it("writes absence as one zero byte", () => {
    expect(encode(optional(u8), undefined)).toEqual(new Uint8Array([0]));
    expect(encode(optional(u8), 0)).toEqual(new Uint8Array([1, 0]));
    expect(decode(optional(u8), new Uint8Array([0]))).toEqual({ ok: true, value: undefined });
  });

  it("holds a constrained value to its rule both ways", () => {
    expect(encode(ascending, [1, 2])).toHaveLength(6);
    expect(() => encode(ascending, [2, 1])).toThrow(BrokenInvariant);
    expect(codeOf(decode(ascending, encode(list(u8, 4), [2, 1])))).toBe("CODEC_VALUE");
  });

  it("describes itself as data", () => {
    expect(move.schema).toEqual({
      kind: "tagged-union",
      discriminant: "kind",
      cases: [
        {
          name: "transfer",
          tag: 1,
          schema: {
            kind: "struct",
            fields: [
              { name: "zeta", schema: { kind: "u8" } },
              { name: "alpha", schema: { kind: "u16" } },
            ],
          },
        },
        {
          name: "note",
          tag: 4,
          schema: {
            kind: "struct",
            fields: [
              {
                name: "words",
                schema: { kind: "list", countMax: 2, item: { kind: "text", bytesMax: 4 } },
              },
            ],
          },
        },
      ],
    });
  });

  it.each<[string, () => unknown]>([
    ["a field named like an index", () => struct({ 1: u8 })],
    ["two cases with one tag", () => taggedUnion("kind", pair(3, 3))],
    ["a case that is no struct", () => taggedUnion("kind", { a: { tag: 1, codec: u8 } })],
    ["a field called like the discriminant", () => taggedUnion("x", pair(1, 2))],
    ["an optional optional", () => optional(optional(u8))],
    ["a list beyond its maximum", () => encode(list(u8, 1), [1, 2])],
    ["a case not declared", () => encode(move, { kind: "valueOf" } as never)],
  ])("stops at %s", (_, declare) => {
    expect(declare).toThrow(BrokenInvariant);
  });
});

function pair(first: number, second: number) {
  const codec = struct({ x: u8 });
  return { a: { tag: first, codec }, b: { tag: second, codec } };
}
