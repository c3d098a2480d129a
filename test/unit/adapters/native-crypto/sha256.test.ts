import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nativeSha256 } from "../../../../src-main/adapters/native-crypto/sha256.ts";
import { sha256 } from "../../../../src-main/crypto/hasher.ts";

describe("adapters/native-crypto/sha256", () => {
  it("gives the bytes of the definition, for any input and any view of it", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(), (bytes, cut) => {
        const view = bytes.subarray(cut % (bytes.length + 1));
        expect(nativeSha256(view)).toEqual(sha256(view));
        expect(nativeSha256(Buffer.from(view))).toEqual(sha256(view));
      }),
    );
  });

  it("answers a plain Uint8Array that no later call changes", () => {
    const first = nativeSha256(new Uint8Array([1]));
    const kept = first.slice();
    expect(Object.getPrototypeOf(first)).toBe(Uint8Array.prototype);
    expect(first.length).toBe(32);
    for (let call = 0; call < 1000; call += 1) nativeSha256(new Uint8Array([2]));
    expect(first).toEqual(kept);
    expect(first.byteOffset + first.length).toBeLessThanOrEqual(first.buffer.byteLength);
  });
});
