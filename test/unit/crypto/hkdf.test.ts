import { hkdfSync } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BrokenInvariant } from "../../../src-main/contract/outcome.ts";
import { HKDF_BYTES_MAX, hkdfSha256 } from "../../../src-main/crypto/hkdf.ts";

const bytes = (max: number) => fc.uint8Array({ maxLength: max });

describe("crypto/hkdf", () => {
  it("gives the bytes that Node's own derivation gives", () => {
    fc.assert(
      fc.property(
        bytes(80),
        bytes(80),
        bytes(200),
        fc.integer({ min: 1, max: 200 }),
        (secret, salt, info, size) => {
          const expected = new Uint8Array(hkdfSync("sha256", secret, salt, info, size));
          expect(hkdfSha256({ secret, salt, info }, size)).toEqual(expected);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("stops at a length it cannot give", () => {
    const nothing = new Uint8Array(0);
    const input = { secret: nothing, salt: nothing, info: nothing };
    expect(hkdfSha256(input, HKDF_BYTES_MAX)).toHaveLength(8_160);
    for (const size of [0, HKDF_BYTES_MAX + 1]) {
      expect(() => hkdfSha256(input, size)).toThrow(BrokenInvariant);
    }
  });
});
