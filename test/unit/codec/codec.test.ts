import { describe, expect, it } from "vitest";
import { decode, encode } from "../../../src-main/codec/codec.ts";
import type { Codec } from "../../../src-main/codec/codec.ts";
import { varBytes } from "../../../src-main/codec/byte-strings.ts";
import { struct } from "../../../src-main/codec/composites.ts";
import { BrokenInvariant } from "../../../src-main/contract/outcome.ts";
import { u16 } from "../../../src-main/codec/scalars.ts";

const pair = struct({ first: u16, second: u16 });

describe("codec/codec", () => {
  it("refuses trailing bytes and says how many", () => {
    expect(decode(u16, new Uint8Array([1, 0, 7]))).toEqual({
      ok: false,
      rejection: { code: "CODEC_TRAILING", facts: { offset: 2, extra: 1 } },
    });
  });

  it("round-trips", () => {
    expect(decode(u16, encode(u16, 513))).toEqual({ ok: true, value: 513 });
  });

  it("lets a bug in a codec through instead of calling it a rejection", () => {
    const broken: Codec<number> = {
      ...u16,
      read: () => {
        throw new TypeError("planted");
      },
    };
    expect(() => decode(broken, new Uint8Array(2))).toThrow(TypeError);
  });

  it("writes a value whole after one that failed, and one within another", () => {
    expect(() => encode(pair, { first: 1, second: -1 })).toThrow(BrokenInvariant);
    expect(encode(pair, { first: 1, second: 2 })).toEqual(new Uint8Array([1, 0, 2, 0]));
    const nested: Codec<number> = {
      ...u16,
      write: (writer, value) => {
        writer.u16(value);
        writer.raw(encode(u16, value + 1));
      },
    };
    expect(encode(nested, 1)).toEqual(new Uint8Array([1, 0, 2, 0]));
  });

  it("hands out bytes that no later value changes, however long the first was", () => {
    const long = encode(varBytes(200_000), new Uint8Array(150_000).fill(7));
    const kept = long.slice();
    for (let value = 0; value < 20; value += 1) encode(varBytes(200_000), new Uint8Array(value));
    expect(long).toEqual(kept);
  });
});
