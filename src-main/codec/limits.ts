/** Decides the room's own maxima; each format names those of its fields where it is declared. */

/** A length prefix is a u32, so nothing longer can be said. */
export const LENGTH_MAX = 0xffff_ffff;

/** First guess for an encoding; most records fit and the writer doubles when they do not. */
export const WRITER_FIRST_BYTES = 256;

/** Largest buffer a writer keeps for the next value; most values are far smaller. */
export const WRITER_KEPT_BYTES = 65_536;
