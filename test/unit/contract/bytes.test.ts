import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bytesEqual,
  bytesToHex,
  bytesToKey,
  compareBytes,
  concatBytes,
  hexToBytes,
  isHex,
} from "../../../src-main/contract/bytes.ts";
import { BrokenInvariant } from "../../../src-main/contract/outcome.ts";

describe("contract/bytes", () => {
  it("writes hex as Node does and reads it back", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const hex = bytesToHex(bytes);
        expect(hex).toBe(Buffer.from(bytes).toString("hex"));
        expect(hexToBytes(hex)).toEqual(bytes);
        expect(hexToBytes(hex.toUpperCase())).toEqual(bytes);
      }),
    );
  });

  it("does not take an odd count, a prefix or a non-digit for hex", () => {
    for (const text of ["0", "0x00", "zz", "0 ", "00\n"]) {
      expect(isHex(text)).toBe(false);
      expect(() => hexToBytes(text)).toThrow(BrokenInvariant);
    }
  });

  it("orders byte strings as Node does", () => {
    const short = fc.uint8Array({ maxLength: 3, max: 3 });
    fc.assert(
      fc.property(short, short, (left, right) => {
        const order = compareBytes(left, right);
        expect(Math.sign(order)).toBe(Buffer.compare(left, right));
        expect(bytesEqual(left, right)).toBe(order === 0);
      }),
    );
  });

  it("makes equal keys of equal bytes alone", () => {
    const short = fc.uint8Array({ maxLength: 3 });
    fc.assert(
      fc.property(short, short, (left, right) => {
        expect(bytesToKey(left) === bytesToKey(right)).toBe(bytesEqual(left, right));
      }),
    );
    const every = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    expect(new Set(bytesToKey(every)).size).toBe(256);
  });

  it("joins into a new byte string", () => {
    const part = new Uint8Array([1, 2]);
    const joined = concatBytes(part, new Uint8Array(0), new Uint8Array([3]));
    expect(joined).toEqual(new Uint8Array([1, 2, 3]));
    joined[0] = 9;
    expect(part[0]).toBe(1);
    expect(concatBytes()).toEqual(new Uint8Array(0));
  });
});
