/** Decides what a model description holds: layers, loss, optimizer and batch, all static. */

/** Square filters, stride 1, padded so that the image keeps its size; then the activation. */
export interface Conv2dLayer {
  readonly type: "conv2d";
  readonly filters: number;
  readonly kernel: 3 | 5;
  readonly activation: Activation;
}

/** Windows of size × size that do not overlap. */
export interface MaxPoolLayer {
  readonly type: "max-pool";
  readonly size: number;
}

/** Image to vector. */
export interface FlattenLayer {
  readonly type: "flatten";
}

/** Fully connected, with bias; then the activation. */
export interface DenseLayer {
  readonly type: "dense";
  readonly units: number;
  readonly activation: Activation;
}

/** x > 0 ? x : 0. */
export interface ReluLayer {
  readonly type: "relu";
}

export type Activation = "relu" | "none";

export type Layer = Conv2dLayer | MaxPoolLayer | FlattenLayer | DenseLayer | ReluLayer;

/** Images: height × width × channels bytes a sample (encoding 0 of `load`). */
export interface ImageInput {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Tables: that many f32 a sample (encoding 1 of `load`). */
export interface FeatureInput {
  readonly features: number;
}

/** From step `step` on (1-based), the learning rate is `rate`. */
export interface SchedulePoint {
  readonly step: number;
  readonly rate: number;
}

/** v ← momentum·v + g; w ← w − rate·v. */
export interface SgdMomentum {
  readonly type: "sgd-momentum";
  readonly momentum: number;
  readonly schedule: readonly SchedulePoint[];
}

/** Moments of the gradient, corrected for their start at zero; decay apart from both. */
export interface AdamW {
  readonly type: "adam-w";
  /** Share of the mean gradient kept a step, below 1. */
  readonly beta1: number;
  /** Share of the mean squared gradient kept a step, below 1. */
  readonly beta2: number;
  /** Added to the root of the mean square; above 0. */
  readonly epsilon: number;
  readonly weightDecay: number;
  readonly schedule: readonly SchedulePoint[];
}

/** Operands of all products in 14 bits, or in 8: faster on some devices, and coarser. */
export type ModelProfile = "I14" | "I8";

/** A classifier and how it is trained. Numbers are rounded to f32 when compiled. */
export interface ModelConfig {
  readonly input: ImageInput | FeatureInput;
  readonly classes: number;
  readonly batchSize: number;
  readonly layers: readonly Layer[];
  readonly loss: "softmax-cross-entropy";
  readonly optimizer: SgdMomentum | AdamW;
  /** I14 where absent; a model's canonical text leaves I14 out. */
  readonly profile?: ModelProfile;
}

/** Elements of one sample. */
export function featureCount(input: ImageInput | FeatureInput): number {
  return "features" in input ? input.features : input.height * input.width * input.channels;
}
