/** The face of the engine room. */
export { canon, firstNonCanonical, floatOfBits, bitsOfFloat, isCanonicalBits } from "./canon.ts";
export type { Weight } from "./keras/decode-weights.ts";
export { exportLayersModel } from "./keras/export-layers-model.ts";
export type { ExportedModel, ExportWords } from "./keras/export-layers-model.ts";
export { importLayersModel } from "./keras/import-layers-model.ts";
export type { ImportedModel } from "./keras/import-layers-model.ts";
export type { ImportChoice } from "./keras/convert-model.ts";
export { KNOWN_KINDS } from "./keras/known-layers.ts";
export { readModelDocument, readWeights } from "./keras/read-document.ts";
export type { WeightGroup } from "./keras/read-manifest.ts";
export { shapeAfter } from "./keras/sample-shape.ts";
export { compileEvaluation, compileTraining, sampleBytes, stateMapping } from "./compile.ts";
export type { GptSize } from "./models/default-gpt.ts";
export { defaultSteps, defaultTraining, estimatedStepSeconds } from "./models/default-training.ts";
export type { DataShape, DefaultTraining } from "./models/default-training.ts";
export { DIGITS_CNN, DIGITS_CNN_STEPS } from "./models/digits-cnn.ts";
export { DIGITS_TINY, DIGITS_TINY_STEPS } from "./models/digits-tiny.ts";
export { featureCount } from "./models/model-config.ts";
export type {
  AdamW,
  FeatureInput,
  ImageInput,
  Layer,
  ModelConfig,
  ModelProfile,
  SchedulePoint,
  SgdMomentum,
  TokenInput,
} from "./models/model-config.ts";
export { modelText } from "./models/model-text.ts";
export { parseModel, readModelValue } from "./models/parse-model.ts";
export { ENCODING, batchBytes, encodedSampleBytes } from "./ops/load.ts";
export { elementCount } from "./ops/op.ts";
export { opNames } from "./ops/registry.ts";
export { linearSchedule } from "./optimizers/schedule-table.ts";
export { profileId } from "./profile-id.ts";
export { checkProgram, openProgram } from "./program/check.ts";
export { opCost, shapeOfValue, stepCost } from "./program/cost.ts";
export { programHash, programLeaves } from "./program/hash.ts";
export type {
  Initialiser,
  OpRecord,
  Program,
  ProgramOutput,
  Shape,
  StateTensor,
  StateUpdate,
  ValueRef,
} from "./program/program.ts";
export { decodeProgram, encodeProgram } from "./program/wire.ts";
export { initialState, initialStates } from "./random/initialise.ts";
export { batchIndices, permute } from "./random/permutation.ts";
export { philox } from "./random/philox.ts";
export { purposeKey } from "./random/purpose-key.ts";
export { evaluateOpElement, evaluateStep, updatedStates } from "./reference/evaluate.ts";
export type { ReadValue, StepInput } from "./reference/evaluate.ts";
export { ReferenceBackend } from "./reference/reference-backend.ts";
export {
  decodeState,
  encodeState,
  encodeStateInto,
  stateBytesSize,
  stateViews,
} from "./state/state-bytes.ts";
export { blockLeaves, blockTreeRoot, stateRoot, tensorLeaf } from "./state/state-root.ts";
