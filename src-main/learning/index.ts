/** The face of the learning room: proof of learning as pure steps. */
export {
  brokenSpecificationRule,
  finalSpecification,
  jobSpecificationCodec,
  PRICE_BASE_PER_MEGAMAC,
  segmentCount,
  SPECIFICATION_VERSION,
  specificationHash,
  templateHash,
  unitPrice,
  versionFor,
} from "./1-specify.ts";
export type { JobSpecification } from "./1-specify.ts";
export { assignmentWeight, pickWeighted, unitId } from "./2-assign.ts";
export type { Candidate } from "./2-assign.ts";
export {
  batchDigest,
  chainNext,
  chainStart,
  foldChain,
  innerDigest,
  segmentBoundaries,
  segmentSteps,
} from "./3-train.ts";
export type { ChainOrigin, SegmentCommitment } from "./3-train.ts";
export { innerListRoot, publishedListCodec, sealOf } from "./4-commit.ts";
export type { SealFields } from "./4-commit.ts";
export {
  challengeAlpha,
  detectionOdds,
  drawSegments,
  innerCommitment,
  innerOpeningsCodec,
  isVerdict,
  openInners,
  verifyOpenings,
} from "./5-challenge.ts";
export type { Draw, InnerOpening } from "./5-challenge.ts";
export { splitPrice } from "./7-settle.ts";
export type { PriceSplit } from "./7-settle.ts";
export {
  datasetLeafHashes,
  datasetRoot,
  datasetSample,
  answersPerSample,
  writeAnswers,
  packDataset,
  readDataset,
} from "./dataset.ts";
export type { Dataset, DatasetHeader } from "./dataset.ts";
export {
  MODEL_TEXT_BYTES_MAX,
  SEGMENTS_MAX,
  SPECIFICATION_BYTES_MAX,
  STEPS_MAX,
} from "./limits.ts";
