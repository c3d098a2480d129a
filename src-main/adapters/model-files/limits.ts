/** Decides how much of a model's files is read. */

/** Bytes of a model.json; a network of a thousand layers has some two million. */
export const MODEL_JSON_BYTES_MAX = 16_777_216;

/** Bytes of the weights kept beside a model's text; the engine's limit on f32 and a head. */
export const KEPT_WEIGHTS_BYTES_MAX = 1_073_741_824;

/** Bytes that tell one kind of file from another. */
export const MAGIC_BYTES = 8;
