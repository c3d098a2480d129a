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

/**
 * Passwords that wait for their try in one daemon: each takes a second of a processor and 128 MiB,
 * so they are tried one after the other, and whoever floods the daemon is refused at once.
 */
export const OPENINGS_WAITING_MAX = 4;

/** Longest try: a usual keystore takes seconds, the costliest that is taken under a minute. */
export const OPENING_MS_MAX = 120_000;

/** Previews of payments that wait to be paid; the oldest is forgotten for a further one. */
export const PREVIEWS_MAX = 16;

/** How long a preview can be paid: balance and receiver are as they were shown. */
export const PREVIEW_LIFE_MS = 600_000;

/** Wallets of one folder that are listed. */
export const WALLETS_MAX = 64;

/** Subjects of one owner; each is a file that is read when they are listed. */
export const SUBJECTS_MAX = 1_024;

/** The owner's word for a subject. */
export const SUBJECT_LABEL_BYTES_MAX = 128;

/** Key epochs of one subject that are kept: one more for each reader that was turned away. */
export const SUBJECT_EPOCHS_KEPT_MAX = 4_096;
