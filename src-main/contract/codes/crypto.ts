/** Codes of the crypto room: why a key, address, signature or stored tree edge was refused. */
export const CRYPTO_CODES = {
  CRYPTO_FRONTIER:
    "The stored right edge of a Merkle tree has the wrong length; rebuild it from the records.",
  CRYPTO_SECRET_KEY: "The secret key is not 32 bytes in the curve's range; import another key.",
  CRYPTO_SHARED_SECRET: "The other side's key agrees on nothing secret; refuse that key.",
  CRYPTO_ENCRYPTION_KEY:
    "The encryption key has not the one form that counts; ask its owner for another.",
  CRYPTO_SEALED_FORM:
    "The bytes do not begin with a key and hide nothing; ask for what was sealed again.",
  CRYPTO_DECRYPT:
    "The bytes are for another key or purpose, or were changed; check which key they are for.",
  CRYPTO_ADDRESS: "The text is not 0x and 40 hex digits; check what was copied.",
  CRYPTO_ADDRESS_CHECKSUM:
    "The capital letters of the address do not fit its digits, so one was mistyped; copy it again.",
} as const;
