/** Decides what an account's address is and how people read it: Ethereum's, byte for byte. */

import { bytesToHex, hexToBytes } from "../contract/bytes.ts";
import { accept, invariant, reject } from "../contract/outcome.ts";
import type { Outcome } from "../contract/outcome.ts";
import { keccak256 } from "./keccak.ts";
import type { Keccak } from "./keccak.ts";

/** Bytes of an address. */
export const ADDRESS_BYTES = 20;

const UNCOMPRESSED_BYTES = 65;

/** The last 20 bytes of Keccak-256 over x ‖ y of the uncompressed key (0x04 ‖ x ‖ y). */
export function addressOfPublicKey(publicKey: Uint8Array, keccak: Keccak = keccak256): Uint8Array {
  const uncompressed = publicKey.length === UNCOMPRESSED_BYTES && publicKey[0] === 4;
  invariant(uncompressed, "the public key is in uncompressed form");
  return keccak(publicKey.subarray(1)).slice(-ADDRESS_BYTES);
}

/** 0x and 40 hex digits whose capitals are a checksum (EIP-55). */
export function addressToText(address: Uint8Array): string {
  invariant(address.length === ADDRESS_BYTES, "an address has 20 bytes");
  const digits = bytesToHex(address);
  const sums = bytesToHex(keccak256(new TextEncoder().encode(digits)));
  let text = "0x";
  for (let index = 0; index < digits.length; index += 1) {
    // A digit is a capital where the checksum's digit at that place is 8 or more.
    text += sums[index] >= "8" ? digits[index].toUpperCase() : digits[index];
  }
  return text;
}

/**
 * Reads an address a person typed or pasted. One case throughout carries no checksum and is
 * accepted; mixed case must fit.
 * @rejects CRYPTO_ADDRESS, CRYPTO_ADDRESS_CHECKSUM
 */
export function parseAddress(text: string): Outcome<Uint8Array> {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) {
    return reject("CRYPTO_ADDRESS", { characters: text.length });
  }
  const digits = text.slice(2);
  const address = hexToBytes(digits);
  const oneCase = digits === digits.toLowerCase() || digits === digits.toUpperCase();
  if (!oneCase && addressToText(address) !== text) return reject("CRYPTO_ADDRESS_CHECKSUM");
  return accept(address);
}
