import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBundle, encodeBundle } from "../../../../src-main/ledger/vector/entry-bundle.ts";

const entry = fc.uint8Array({ minLength: 1, maxLength: 300 });
const entries = fc.array(entry, { minLength: 1, maxLength: 256 });

describe("entry-bundle", () => {
  it("writes u16 big-endian lengths before the entries, as C2SP has them", () => {
    const bytes = encodeBundle([Uint8Array.of(7), new Uint8Array(258)], 2);
    expect([...bytes.subarray(0, 5)]).toEqual([0, 1, 7, 1, 2]);
  });

  it("reads back what it wrote, and refuses every cut, addition and other count", () => {
    fc.assert(
      fc.property(entries, fc.constantFrom(2 as const, 4 as const), (all, lengthBytes) => {
        const bytes = encodeBundle(all, lengthBytes);
        const read = decodeBundle(bytes, all.length, lengthBytes, 300);
        expect(read.ok && read.value.map((each) => [...each])).toEqual(all.map((e) => [...e]));
        const refused = { ok: false, rejection: { code: "EXPORT_BUNDLE" } };
        const cut = bytes.subarray(0, bytes.length - 1);
        expect(decodeBundle(cut, all.length, lengthBytes, 300)).toMatchObject(refused);
        const more = Uint8Array.of(...bytes, 0);
        expect(decodeBundle(more, all.length, lengthBytes, 300)).toMatchObject(refused);
        expect(decodeBundle(bytes, all.length + 1, lengthBytes, 300)).toMatchObject(refused);
      }),
      { numRuns: 50 },
    );
  });

  it("answers a rejection for any bytes, and never throws", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 64 }),
        fc.integer({ min: 1, max: 256 }),
        (bytes, n) => {
          const read = decodeBundle(bytes, n, 2, 65_535);
          if (read.ok) expect(encodeBundle(read.value, 2)).toEqual(bytes);
        },
      ),
    );
  });
});
