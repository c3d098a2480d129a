import { keccak256 as ethersKeccak } from "ethers";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesToHex } from "../../../src-main/contract/bytes.ts";
import { keccak256 } from "../../../src-main/crypto/keccak.ts";

describe("crypto/keccak", () => {
  it("is Ethereum's Keccak-256, not SHA3-256", () => {
    expect(bytesToHex(keccak256(new Uint8Array(0)))).toBe(
      "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(`0x${bytesToHex(keccak256(bytes))}`).toBe(ethersKeccak(bytes));
      }),
      { numRuns: 50 },
    );
  });
});
