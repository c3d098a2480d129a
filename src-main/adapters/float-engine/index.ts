/** The face of the float engine: TensorFlow.js for looking and comparing, never for proofs. */
export { openFloatBackend } from "./float-backend.ts";
export type { FloatBackend, FloatBackendOptions } from "./float-backend.ts";
export { FLOAT_LIBRARIES, isFloatLibrary } from "./libraries.ts";
export type { FloatLibrary } from "./libraries.ts";
export { answersOf, evaluateWeights } from "./evaluate-weights.ts";
export type { WeightsEvaluation } from "./evaluate-weights.ts";
