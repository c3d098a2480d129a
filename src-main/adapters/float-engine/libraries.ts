/**
 * Decides which builds of TensorFlow.js can serve as float engine. Two come with the program; the
 * third is an optional peer that nobody installs for the user.
 */

/** A build of TensorFlow.js: plain JavaScript, WebAssembly with SIMD, libtensorflow on a GPU. */
export type FloatLibrary = "tfjs-cpu" | "tfjs-wasm" | "tfjs-node-gpu";

/** All builds, the one to prefer where nothing is known of the machine first. */
export const FLOAT_LIBRARIES: readonly FloatLibrary[] = ["tfjs-wasm", "tfjs-cpu", "tfjs-node-gpu"];

/** The optional peer, as the user installs it; 4.22 is the last release there is. */
export const GPU_PACKAGE = "@tensorflow/tfjs-node-gpu";

/** Whether a text names a build. */
export function isFloatLibrary(text: unknown): text is FloatLibrary {
  return FLOAT_LIBRARIES.some((library) => library === text);
}
