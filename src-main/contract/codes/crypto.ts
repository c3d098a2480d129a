/** Codes of the crypto room: why a key, address, signature or stored tree edge was refused. */
export const CRYPTO_CODES = {
  CRYPTO_FRONTIER:
    "The stored right edge of a Merkle tree has the wrong length; rebuild it from the records.",
  CRYPTO_SECRET_KEY: "The secret key is not 32 bytes in the curve's range; import another key.",
  CRYPTO_ADDRESS: "The text is not 0x and 40 hex digits; check what was copied.",
  CRYPTO_ADDRESS_CHECKSUM:
    "The capital letters of the address do not fit its digits, so one was mistyped; copy it again.",
} as const;
