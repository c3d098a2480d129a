/** Decides the maxima of the room; each bounds what a peer can make us hold or compute. */

/** Segments of one unit: the published list of 64-byte entries stays within 64 KiB. */
export const SEGMENTS_MAX = 1_023;

/** Bytes of a submitted specification; the ledger carries it inline in one record. */
export const SPECIFICATION_BYTES_MAX = 32_768;

/** Bytes of the model's JSON text; the rest of a specification is below 1 KiB. */
export const MODEL_TEXT_BYTES_MAX = 24_576;

/** Steps of one unit; a u32 on the wire, and a year at 100 steps a second is above it. */
export const STEPS_MAX = 100_000_000;

/** Samples of one batch; the batch of the largest sample stays far below 2 GiB. */
export const BATCH_SIZE_MAX = 65_536;

/** Samples a data set split may name (a u32 with room for first + count). */
export const SAMPLES_MAX = 0x7fff_ffff;

/** A window in commit time: 30 days; a longer one would hold bonds without end. */
export const WINDOW_MS_MAX = 2_592_000_000;

/** Hashes of an inclusion proof within one unit: ceil(log2(1023)). */
export const OPENING_PROOF_MAX = 10;

/** Candidates one draw may weigh. */
export const CANDIDATES_MAX = 65_536;

/** Bytes of a data set header: two texts and eleven integers. */
export const DATASET_HEADER_BYTES_MAX = 4_096;

/** Bytes of one decoded sample: 16 MiB holds a 2,048 × 2,048 image of four channels. */
export const SAMPLE_BYTES_MAX = 16_777_216;
