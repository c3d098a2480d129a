/** Decides how much of a foreign key file or password is taken, and what guessing costs. */

/** A keystore is about 500 bytes; other programs add names and icons. */
export const KEYSTORE_BYTES_MAX = 65_536;

/** Bytes scrypt may fill (128·n·r): four times what the costliest usual wallets ask for. */
export const SCRYPT_MEMORY_BYTES_MAX = 1_073_741_824;

/** Passes over that memory; the published test vector has 8. */
export const SCRYPT_PARALLEL_MAX = 16;

/** Rounds of PBKDF2: 40 times the published test vector, still under a minute. */
export const PBKDF2_ROUNDS_MAX = 10_485_760;

/** Shortest password of a new wallet (NIST SP 800-63B, memorized secrets). */
export const PASSWORD_CHARACTERS_MIN = 8;

/** Longest password; a pasted file is none. */
export const PASSWORD_CHARACTERS_MAX = 1_024;

/** Wait after the first wrong password; each further one doubles it. */
export const BACK_OFF_FIRST_MS = 1_000;

/** Longest wait: an owner who tries to remember is never locked out for good. */
export const BACK_OFF_MAX_MS = 300_000;

/** Wallets of one folder that are listed. */
export const WALLETS_MAX = 64;
