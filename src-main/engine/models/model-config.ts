/** Decides what a model description holds: layers, loss, optimizer and batch, all static. */

/** Square filters, a bias, then the activation. */
export interface Conv2dLayer {
  readonly type: "conv2d";
  readonly filters: number;
  readonly kernel: number;
  /** Pixels from one window to the next; 1 where absent. */
  readonly stride?: number;
  /** Padded so that the image is only divided by the stride where absent, else not at all. */
  readonly padding?: "valid";
  /** False: none is added. */
  readonly bias?: false;
  readonly activation: Activation;
}

/** Which windows a pool has. */
export interface PoolWindows {
  readonly size: number;
  /** Pixels from one window to the next; the size where absent. */
  readonly stride?: number;
  /** Windows reach over the edges so that the image is only divided by the stride. */
  readonly padding?: "same";
}

/** The largest of each window of size × size; what lies outside of the image is never it. */
export interface MaxPoolLayer extends PoolWindows {
  readonly type: "max-pool";
}

/** The largest of each channel over the whole image: image to vector. */
export interface GlobalMaxPoolLayer {
  readonly type: "global-max-pool";
}

/** Pixels at an axis' begin and its end. */
export type Ends = readonly [before: number, after: number];

/** Zeros around an image, or pixels cut off from it. */
export interface EdgeLayer {
  readonly type: "zero-pad" | "crop";
  readonly rows: Ends;
  readonly columns: Ends;
}

/**
 * Each channel on its own through square filters, `multiplier` of them a channel; a bias, then the
 * activation.
 */
export interface DepthwiseConv2dLayer {
  readonly type: "depthwise-conv2d";
  readonly kernel: number;
  /** Pixels from one window to the next; 1 where absent. */
  readonly stride?: number;
  /** Padded so that the image is only divided by the stride where absent, else not at all. */
  readonly padding?: "valid";
  /** 1 where absent. */
  readonly multiplier?: number;
  /** False: none is added. */
  readonly bias?: false;
  readonly activation: Activation;
}

/** x > 0 ? x : slope · x. */
export interface LeakyReluLayer {
  readonly type: "leaky-relu";
  readonly slope: number;
}

/** What each branch makes of x, one after the other along the last axis; an empty one is x. */
export interface ConcatLayer {
  readonly type: "concat";
  readonly branches: readonly (readonly Layer[])[];
}

/** The mean of each channel over the whole image: image to vector. */
export interface GlobalAveragePoolLayer {
  readonly type: "global-average-pool";
}

/** Image to vector. */
export interface FlattenLayer {
  readonly type: "flatten";
}

/** The same elements of a sample, in the same order, under another shape. */
export interface ReshapeLayer {
  readonly type: "reshape";
  readonly shape: readonly number[];
}

/** Fully connected, with bias; then the activation. Of a sequence, each vector on its own. */
export interface DenseLayer {
  readonly type: "dense";
  readonly units: number;
  /** False: none is added. */
  readonly bias?: false;
  readonly activation: Activation;
}

/** x > 0 ? x : 0. */
export interface ReluLayer {
  readonly type: "relu";
}

/** An activation on its own. */
export interface ActivationLayer {
  readonly type: "activation";
  readonly activation: Exclude<Activation, "none" | "relu">;
}

/**
 * What the layers make of x, plus what the shortcut makes of it (He et al. 2015,
 * arXiv 1512.03385); a shortcut without layers is x itself.
 */
export interface ResidualLayer {
  readonly type: "residual";
  readonly layers: readonly Layer[];
  readonly shortcut: readonly Layer[];
}

/**
 * Two convolutions 3 × 3, the first with the stride, added to x, then relu; where size or channels
 * change, x goes through a convolution 1 × 1 first.
 */
export interface ResidualBlockLayer {
  readonly type: "residual-block";
  readonly filters: number;
  /** 1 where absent. */
  readonly stride?: number;
  /** Batch norm after each convolution, or biases instead. */
  readonly norm: "batch" | "none";
}

/** Tokens to vectors; learned positions are added. */
export interface EmbeddingLayer {
  readonly type: "embedding";
  readonly width: number;
  readonly positions: "learned" | "rotary";
}

/** x + attention(norm(x)), then that + mlp(norm(…)): pre-norm, causal, GELU. */
export interface TransformerBlockLayer {
  readonly type: "transformer-block";
  readonly heads: number;
  /** Units between the two layers of the mlp. */
  readonly hidden: number;
}

/** Each row to mean 0 and variance 1, then gain and shift. */
export interface LayerNormLayer {
  readonly type: "layer-norm";
  /** Inside the root; 1e-5 where absent. */
  readonly epsilon?: number;
}

/** Each row divided by the root of its mean square, then gain. */
export interface RmsNormLayer {
  readonly type: "rms-norm";
}

/** Vectors to one value a class of the vocabulary; tied: by the table of the embedding. */
export interface TokenHeadLayer {
  readonly type: "token-head";
  readonly tied: boolean;
}

/** That share of elements falls out while training, the others are scaled up. */
export interface DropoutLayer {
  readonly type: "dropout";
  readonly rate: number;
}

/** Means of windows of size × size, each over the pixels of it that lie in the image. */
export interface AveragePoolLayer extends PoolWindows {
  readonly type: "average-pool";
}

/** Each channel to mean 0 and variance 1 over the batch, then gain and shift. */
export interface BatchNormLayer {
  readonly type: "batch-norm";
  /** Share of the running statistics kept a step, below 1. */
  readonly momentum: number;
  /** Inside the root; 1e-5 where absent. */
  readonly epsilon?: number;
}

export type Activation = "relu" | "relu6" | "gelu" | "silu" | "tanh" | "sigmoid" | "none";

/** Layers of models that read sequences of tokens. */
export type SequenceLayer =
  EmbeddingLayer | TransformerBlockLayer | LayerNormLayer | RmsNormLayer | TokenHeadLayer;

export type Layer =
  | Conv2dLayer
  | DepthwiseConv2dLayer
  | EdgeLayer
  | MaxPoolLayer
  | GlobalMaxPoolLayer
  | LeakyReluLayer
  | ConcatLayer
  | FlattenLayer
  | DenseLayer
  | ReluLayer
  | DropoutLayer
  | AveragePoolLayer
  | GlobalAveragePoolLayer
  | ReshapeLayer
  | ActivationLayer
  | ResidualLayer
  | ResidualBlockLayer
  | BatchNormLayer
  | SequenceLayer;

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

/** Text: that many tokens a sample, and one more that the last of them is to foretell. */
export interface TokenInput {
  readonly tokens: number;
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
  readonly input: ImageInput | FeatureInput | TokenInput;
  /** Labels there are; of a model that reads tokens, its vocabulary. */
  readonly classes: number;
  readonly batchSize: number;
  readonly layers: readonly Layer[];
  readonly loss: "softmax-cross-entropy";
  readonly optimizer: SgdMomentum | AdamW;
  /** I14 where absent; a model's canonical text leaves I14 out. */
  readonly profile?: ModelProfile;
  /** Largest norm of all gradients together; unlimited where absent. */
  readonly clipNorm?: number;
  /** Equal parts the batch is computed in, whose gradients are added; 1 where absent. */
  readonly accumulate?: number;
}

/** Elements of one sample, without its label; of a text, its tokens without the last. */
export function featureCount(input: ModelConfig["input"]): number {
  if ("features" in input) return input.features;
  if ("tokens" in input) return input.tokens;
  return input.height * input.width * input.channels;
}
