import { describe, expect, it } from "vitest";
import { concatBytes } from "../../../src-main/contract/bytes.ts";
import { BrokenInvariant } from "../../../src-main/contract/outcome.ts";
import { ed25519PublicKey } from "../../../src-main/crypto/ed25519.ts";
import { sha256 } from "../../../src-main/crypto/hasher.ts";
import { vrfOutput, vrfProve, vrfVerify } from "../../../src-main/crypto/vrf.ts";

const SECRET = sha256(new Uint8Array([3]));
const PUBLIC = ed25519PublicKey(SECRET);
const ALPHA = new Uint8Array([1, 2, 3]);
const { proof, output } = vrfProve(SECRET, ALPHA);

describe("crypto/vrf", () => {
  it("proves the same output every time, and the proof verifies to it", () => {
    expect(vrfProve(SECRET, ALPHA)).toEqual({ proof, output });
    expect(vrfVerify(PUBLIC, ALPHA, proof)).toEqual(output);
    expect(vrfOutput(proof)).toEqual(output);
    expect([proof.length, output.length]).toEqual([80, 64]);
  });

  it("gives another output to another input and key", () => {
    expect(vrfProve(SECRET, new Uint8Array([1, 2])).output).not.toEqual(output);
    expect(vrfProve(PUBLIC, ALPHA).output).not.toEqual(output);
  });

  it("refuses the proof for another input, key or length", () => {
    expect(vrfVerify(PUBLIC, new Uint8Array([1, 2]), proof)).toBe(undefined);
    expect(vrfVerify(ed25519PublicKey(PUBLIC), ALPHA, proof)).toBe(undefined);
    expect(vrfVerify(PUBLIC.slice(1), ALPHA, proof)).toBe(undefined);
    for (const changed of [proof.slice(0, 79), concatBytes(proof, new Uint8Array(1))]) {
      expect(vrfVerify(PUBLIC, ALPHA, changed)).toBe(undefined);
      expect(vrfOutput(changed)).toBe(undefined);
    }
  });

  it("refuses a proof with a bit changed anywhere", () => {
    for (let index = 0; index < proof.length; index += 9) {
      const changed = proof.with(index, proof[index] ^ 0x10);
      expect(vrfVerify(PUBLIC, ALPHA, changed)).toBe(undefined);
    }
  });

  it("stops at a secret key that nobody checked", () => {
    expect(() => vrfProve(new Uint8Array(32), ALPHA)).toThrow(BrokenInvariant);
  });
});
