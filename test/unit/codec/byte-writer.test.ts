import { describe, expect, it } from "vitest";
import { ByteWriter } from "../../../src-main/codec/byte-writer.ts";
import { bytesToHex } from "../../../src-main/contract/bytes.ts";
import { BrokenInvariant } from "../../../src-main/contract/outcome.ts";

describe("codec/byte-writer", () => {
  it("writes little-endian and grows", () => {
    const writer = new ByteWriter(1);
    writer.u8(0x01);
    writer.u16(0x0302);
    writer.u32(0x07060504);
    writer.i32(-2);
    writer.u64(0x0f0e0d0c0b0a0908n);
    writer.u128(0x1f1e1d1c1b1a19181716151413121110n);
    writer.raw(new Uint8Array([0xaa]));
    expect(writer.size).toBe(36);
    expect(bytesToHex(writer.finish())).toBe(
      "01020304050607feffffff08090a0b0c0d0e0f101112131415161718191a1b1c1d1e1faa",
    );
  });

  it("hands out a copy", () => {
    const writer = new ByteWriter();
    writer.u8(1);
    const first = writer.finish();
    first[0] = 9;
    expect(writer.finish()).toEqual(new Uint8Array([1]));
  });

  it.each<[string, (writer: ByteWriter) => void]>([
    ["u8 256", (writer) => writer.u8(256)],
    ["u8 -1", (writer) => writer.u8(-1)],
    ["u8 0.5", (writer) => writer.u8(0.5)],
    ["u16 2^16", (writer) => writer.u16(0x1_0000)],
    ["u32 2^32", (writer) => writer.u32(0x1_0000_0000)],
    ["u32 NaN", (writer) => writer.u32(Number.NaN)],
    ["i32 2^31", (writer) => writer.i32(0x8000_0000)],
    ["i32 -2^31-1", (writer) => writer.i32(-0x8000_0001)],
    ["u64 2^64", (writer) => writer.u64(1n << 64n)],
    ["u64 -1", (writer) => writer.u64(-1n)],
    ["u128 2^128", (writer) => writer.u128(1n << 128n)],
    ["u128 -1", (writer) => writer.u128(-1n)],
  ])("stops at %s, which does not fit", (_, write) => {
    expect(() => write(new ByteWriter())).toThrow(BrokenInvariant);
  });
});
