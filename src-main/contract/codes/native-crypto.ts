/** Codes of the native crypto adapter: why a faster way to sign and check is not used. */
export const NATIVE_CRYPTO_CODES = {
  NATIVE_CRYPTO_ABSENT:
    "A faster way to check signatures does not load here; delete node_modules and run npm start.",
  NATIVE_CRYPTO_DISAGREES:
    "A faster way to check signatures answers wrongly here and is not used; report the processor.",
} as const;
