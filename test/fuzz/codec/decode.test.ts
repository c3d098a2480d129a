import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bool,
  decode,
  encode,
  enumeration,
  fixedBytes,
  i32,
  list,
  optional,
  struct,
  taggedUnion,
  text,
  u128,
  u16,
  u32,
  u64,
  u8,
  varBytes,
} from "../../../src-main/codec/index.ts";
import type { ValueOf } from "../../../src-main/codec/index.ts";

/** Every combinator at least once, small maxima, so that random bytes reach deep. */
const inner = struct({
  flag: bool,
  pair: fixedBytes(2),
  label: text(6),
  maybe: optional(u16),
  shade: enumeration({ light: 0, dark: 3 }),
});
const record = taggedUnion("kind", {
  small: { tag: 0, codec: struct({ byte: u8, word: u32, signed: i32 }) },
  large: { tag: 1, codec: struct({ amount: u128, at: u64, blob: varBytes(5) }) },
  nested: { tag: 2, codec: struct({ items: list(inner, 3), last: optional(inner) }) },
});
type RecordValue = ValueOf<typeof record>;
const CODES = ["CODEC_TRUNCATED", "CODEC_TRAILING", "CODEC_LIMIT", "CODEC_VALUE"];

const uint = (bits: number) => fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n });
const innerValue = fc.record({
  flag: fc.boolean(),
  pair: fc.uint8Array({ minLength: 2, maxLength: 2 }),
  label: fc.string({ unit: "binary", maxLength: 6 }).filter((label) => utf8Bytes(label) <= 6),
  maybe: fc.option(fc.integer({ min: 0, max: 0xffff }), { nil: undefined }),
  shade: fc.constantFrom("light" as const, "dark" as const),
});
const recordValue: fc.Arbitrary<RecordValue> = fc.oneof(
  fc.record({
    kind: fc.constant("small" as const),
    byte: fc.integer({ min: 0, max: 255 }),
    word: fc.integer({ min: 0, max: 0xffff_ffff }),
    signed: fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff }),
  }),
  fc.record({
    kind: fc.constant("large" as const),
    amount: uint(128),
    at: uint(64),
    blob: fc.uint8Array({ maxLength: 5 }),
  }),
  fc.record({
    kind: fc.constant("nested" as const),
    items: fc.array(innerValue, { maxLength: 3 }),
    last: fc.option(innerValue, { nil: undefined }),
  }),
);

function utf8Bytes(value: string): number {
  return new TextEncoder().encode(value).length;
}

/** Either refused with a known code, or the one encoding of what was read. */
function expectValueOrRejection(bytes: Uint8Array): boolean {
  const outcome = decode(record, bytes);
  if (outcome.ok) expect(encode(record, outcome.value)).toEqual(bytes);
  else expect(CODES).toContain(outcome.rejection.code);
  return outcome.ok;
}

describe("codec/decode", () => {
  it("gives back every value that was encoded", () => {
    fc.assert(
      fc.property(recordValue, (value) => {
        expect(decode(record, encode(record, value))).toEqual({ ok: true, value });
      }),
      { numRuns: 2000 },
    );
  });

  it("answers random bytes with a value or a rejection and never throws", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60, max: 255 }), expectKnownAnswer), {
      numRuns: 5000,
    });
  });

  it("accepts a damaged encoding only as the one encoding of another value", () => {
    let accepted = 0;
    fc.assert(
      fc.property(recordValue, fc.nat(), fc.integer({ min: 1, max: 255 }), (value, at, mask) => {
        const bytes = encode(record, value);
        bytes[at % bytes.length] ^= mask;
        if (expectValueOrRejection(bytes)) accepted += 1;
      }),
      { numRuns: 5000 },
    );
    // Were nothing accepted, the re-encoding half of the property would never have been tried.
    expect(accepted).toBeGreaterThan(500);
  });

  it("refuses every proper prefix and every extension of an encoding", () => {
    fc.assert(
      fc.property(recordValue, (value) => {
        const bytes = encode(record, value);
        for (let size = 0; size < bytes.length; size += 1) {
          expect(decode(record, bytes.slice(0, size)).ok).toBe(false);
        }
        expect(decode(record, new Uint8Array([...bytes, 0])).ok).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});

function expectKnownAnswer(bytes: Uint8Array): void {
  expectValueOrRejection(bytes);
}
