import { getAddress } from "ethers";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hexToBytes } from "../../../src-main/contract/bytes.ts";
import { BrokenInvariant } from "../../../src-main/contract/outcome.ts";
import {
  addressOfPublicKey,
  addressToText,
  parseAddress,
} from "../../../src-main/crypto/address.ts";

/** The examples of EIP-55. */
const EIP55 = [
  "0x52908400098527886E0F7030069857D2E4169EE7",
  "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
  "0xde709f2102306220921060314715629080e2fb77",
  "0x27b1fdb04752bbc536007a920d24acb045561c26",
  "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
  "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
  "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
  "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
];

describe("crypto/address", () => {
  it("writes the examples of EIP-55 and reads them back", () => {
    for (const text of EIP55) {
      const address = hexToBytes(text.slice(2));
      expect(addressToText(address)).toBe(text);
      expect(parseAddress(text)).toEqual({ ok: true, value: address });
    }
  });

  it("writes what ethers writes", () => {
    const bytes20 = fc.uint8Array({ minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(bytes20, (address) => {
        const hex = `0x${Buffer.from(address).toString("hex")}`;
        expect(addressToText(address)).toBe(getAddress(hex));
      }),
      { numRuns: 50 },
    );
  });

  it("accepts one case throughout and refuses one wrong capital", () => {
    const text = EIP55[4];
    expect(parseAddress(text.toLowerCase()).ok).toBe(true);
    expect(parseAddress(`0x${text.slice(2).toUpperCase()}`).ok).toBe(true);
    const mistyped = text.replace("aAeb", "Aaeb");
    expect(parseAddress(mistyped)).toMatchObject({
      rejection: { code: "CRYPTO_ADDRESS_CHECKSUM" },
    });
  });

  it("refuses text that is no address", () => {
    for (const text of ["", "0x", EIP55[2].slice(2), `${EIP55[2]}0`, `${EIP55[2]} `, "0xg0"]) {
      expect(parseAddress(text)).toMatchObject({ rejection: { code: "CRYPTO_ADDRESS" } });
    }
  });

  it("stops at a compressed key and at bytes that are no address", () => {
    expect(() => addressOfPublicKey(new Uint8Array(33).fill(2))).toThrow(BrokenInvariant);
    expect(() => addressOfPublicKey(new Uint8Array(65).fill(2))).toThrow(BrokenInvariant);
    expect(() => addressToText(new Uint8Array(32))).toThrow(BrokenInvariant);
  });
});
