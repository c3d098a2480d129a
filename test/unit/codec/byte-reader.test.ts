import { describe, expect, it } from "vitest";
import { ByteReader, CodecStop } from "../../../src-main/codec/byte-reader.ts";
import { hexToBytes } from "../../../src-main/contract/bytes.ts";

const MIXED = "01020304050607feffffff08090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

describe("codec/byte-reader", () => {
  it("reads little-endian", () => {
    const reader = new ByteReader(hexToBytes(MIXED));
    expect(reader.u8()).toBe(0x01);
    expect(reader.u16()).toBe(0x0302);
    expect(reader.u32()).toBe(0x07060504);
    expect(reader.i32()).toBe(-2);
    expect(reader.u64()).toBe(0x0f0e0d0c0b0a0908n);
    expect(reader.u128()).toBe(0x1f1e1d1c1b1a19181716151413121110n);
    expect(() => reader.end()).not.toThrow();
  });

  it("copies what it hands out, also from a Node Buffer inside a larger one", () => {
    const whole = Buffer.from([9, 1, 2, 3, 9]);
    const part = new ByteReader(whole.subarray(1, 4)).raw(3);
    whole.fill(0);
    expect(part).toEqual(new Uint8Array([1, 2, 3]));
    expect(Object.getPrototypeOf(part)).toBe(Uint8Array.prototype);
  });

  it.each<[string, number, (reader: ByteReader) => unknown]>([
    ["u8", 0, (reader) => reader.u8()],
    ["u16", 1, (reader) => reader.u16()],
    ["u32", 3, (reader) => reader.u32()],
    ["i32", 3, (reader) => reader.i32()],
    ["u64", 7, (reader) => reader.u64()],
    ["u128", 15, (reader) => reader.u128()],
    ["raw", 4, (reader) => reader.raw(5)],
  ])("stops when a %s is cut short", (_, size, read) => {
    expect(() => read(new ByteReader(new Uint8Array(size)))).toThrow(CodecStop);
  });

  it("names offset and need when it stops", () => {
    const reader = new ByteReader(new Uint8Array(3));
    reader.u8();
    let stop: unknown;
    try {
      reader.u32();
    } catch (error) {
      stop = error;
    }
    expect((stop as CodecStop).rejection).toEqual({
      code: "CODEC_TRUNCATED",
      facts: { offset: 1, needed: 4, held: 2 },
    });
  });
});
