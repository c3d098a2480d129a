import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { describe, expect, it } from "vitest";

import { isP256PublicKey, verifyP256 } from "../../../src-main/crypto/p256.ts";

const hex = (text: string) => new Uint8Array(Buffer.from(text, "hex"));

/** RFC 6979, appendix A.2.5: P-256 with SHA-256, message "sample". */
const KEY = hex(
  "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6" +
    "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299",
);
const SIGNATURE = hex(
  "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716" +
    "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
);
const SAMPLE = new TextEncoder().encode("sample");

describe("crypto/p256", () => {
  it("accepts the published signature, whose s is high, and no changed one", () => {
    expect(verifyP256(SIGNATURE, SAMPLE, KEY)).toBe(true);
    for (const at of [0, 31, 32, 63]) {
      const changed = Uint8Array.from(SIGNATURE);
      changed[at] ^= 1;
      expect(verifyP256(changed, SAMPLE, KEY)).toBe(false);
    }
    expect(verifyP256(SIGNATURE, new TextEncoder().encode("samplf"), KEY)).toBe(false);
  });

  it("accepts what OpenSSL signed", () => {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const { x, y } = publicKey.export({ format: "jwk" }) as { x: string; y: string };
    const point = Buffer.concat([
      Buffer.of(4),
      Buffer.from(x, "base64url"),
      Buffer.from(y, "base64url"),
    ]);
    const message = createHash("sha512").update("m").digest();
    const signature = sign("sha256", message, { key: privateKey, dsaEncoding: "ieee-p1363" });
    expect(verifyP256(signature, message, point)).toBe(true);
  });

  it("refuses what is no key and no signature, without throwing", () => {
    expect(isP256PublicKey(KEY)).toBe(true);
    expect(isP256PublicKey(KEY.subarray(0, 64))).toBe(false);
    expect(isP256PublicKey(new Uint8Array(65))).toBe(false);
    expect(verifyP256(SIGNATURE.subarray(0, 63), SAMPLE, KEY)).toBe(false);
    expect(verifyP256(new Uint8Array(64), SAMPLE, KEY)).toBe(false);
    expect(verifyP256(new Uint8Array(64).fill(255), SAMPLE, KEY)).toBe(false);
    expect(verifyP256(SIGNATURE, SAMPLE, new Uint8Array(65))).toBe(false);
  });
});
