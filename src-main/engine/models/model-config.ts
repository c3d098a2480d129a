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

/** An image classifier and how it is trained. Numbers are rounded to f32 when compiled. */
export interface ModelConfig {
  readonly input: { readonly height: number; readonly width: number; readonly channels: number };
  readonly classes: number;
  readonly batchSize: number;
  readonly layers: readonly Layer[];
  readonly loss: "softmax-cross-entropy";
  readonly optimizer: SgdMomentum;
}
