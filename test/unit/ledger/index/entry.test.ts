import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decode, encode } from "../../../../src-main/codec/index.ts";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import {
  decodeEntryPage,
  encodeEntryPage,
  entriesPerPage,
  entryCodec,
  entryPageCodec,
  readEntry,
  tagNumber,
} from "../../../../src-main/ledger/index/entry.ts";

const entry = fc.record({
  slot: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
  retracts: fc.option(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), { nil: undefined }),
  what: fc.constantFrom("dataset" as const, "model" as const, "job" as const, "other" as const),
  tags: fc.array(fc.nat(0xffff_ffff), { maxLength: 16 }),
  embedding: fc.uint8Array({ maxLength: 40 }),
});

/** Sound bytes with a few bytes changed or cut off. */
const faulty = fc
  .tuple(entry, fc.array(fc.tuple(fc.nat(80), fc.nat(255)), { maxLength: 3 }), fc.nat(120))
  .map(([value, flips, cut]) => {
    const bytes = encode(entryCodec, value).slice(0, cut);
    for (const [at, byte] of flips) if (at < bytes.length) bytes[at] = byte;
    return bytes;
  });

describe("ledger/index/entry", () => {
  it("is read by hand as its codec reads it, sound or not", () => {
    const same = (bytes: Uint8Array) => {
      const slow = decode(entryCodec, bytes);
      expect(readEntry(bytes)).toEqual(slow.ok ? slow.value : undefined);
    };
    fc.assert(
      fc.property(entry, (value) => same(encode(entryCodec, value))),
      { numRuns: 300 },
    );
    fc.assert(fc.property(faulty, same), { numRuns: 1_000 });
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), same), { numRuns: 500 });
  });

  it("stands in pages that are read as their codec reads them, sound or damaged", () => {
    const pages = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 9 });
    fc.assert(
      fc.property(pages, fc.nat(99), fc.nat(255), (entries, at, byte) => {
        const bytes = encodeEntryPage(entries);
        expect(decodeEntryPage(bytes)).toEqual(entries);
        if (at < bytes.length) bytes[at] = byte;
        const slow = decode(entryPageCodec, bytes);
        if (slow.ok) expect(decodeEntryPage(bytes)).toEqual(slow.value);
        else expect(() => decodeEntryPage(bytes)).toThrow("page of entries");
      }),
      { numRuns: 500 },
    );
  });

  it("shares a page near 4 KiB with others, and has one of its own when it is long", () => {
    expect([1, 128, 2_000, 4_096].map(entriesPerPage)).toEqual([124, 25, 2, 1]);
  });

  it("carries a tag as the first four bytes of its SHA-256", () => {
    const [a, b, c, d] = sha256(new TextEncoder().encode("digits"));
    expect(tagNumber(sha256, "digits")).toBe(a + 256 * (b + 256 * (c + 256 * d)));
  });
});
