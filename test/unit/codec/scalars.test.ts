import { describe, expect, it } from "vitest";
import { decode, encode } from "../../../src-main/codec/codec.ts";
import { bool, enumeration, i32, u128, u32, u64, u8 } from "../../../src-main/codec/scalars.ts";
import { BrokenInvariant } from "../../../src-main/contract/outcome.ts";

const colour = enumeration({ red: 0, blue: 7 });

describe("codec/scalars", () => {
  it("takes the fixed width of each integer", () => {
    expect(encode(u8, 1)).toHaveLength(1);
    expect(encode(u32, 1)).toHaveLength(4);
    expect(encode(i32, -1)).toEqual(new Uint8Array([255, 255, 255, 255]));
    expect(encode(u64, 1n)).toHaveLength(8);
    expect(encode(u128, 1n)).toHaveLength(16);
  });

  it("accepts 0 and 1 alone as a flag", () => {
    expect(decode(bool, new Uint8Array([0]))).toEqual({ ok: true, value: false });
    expect(decode(bool, new Uint8Array([1]))).toEqual({ ok: true, value: true });
    for (let byte = 2; byte < 256; byte += 1) {
      const outcome = decode(bool, new Uint8Array([byte]));
      expect(outcome).toMatchObject({ ok: false, rejection: { code: "CODEC_VALUE" } });
    }
  });

  it("refuses a tag no name stands for", () => {
    expect(encode(colour, "blue")).toEqual(new Uint8Array([7]));
    expect(decode(colour, new Uint8Array([7]))).toEqual({ ok: true, value: "blue" });
    expect(decode(colour, new Uint8Array([1]))).toMatchObject({
      rejection: { code: "CODEC_VALUE", facts: { offset: 0, rule: "one of red, blue" } },
    });
  });

  it("stops at a name that is not declared, also one every object inherits", () => {
    expect(() => encode(colour, "toString" as "red")).toThrow(BrokenInvariant);
  });

  it("stops at a declaration that gives one tag to two names", () => {
    expect(() => enumeration({ a: 1, b: 1 })).toThrow(BrokenInvariant);
  });
});
