/**
 * Decides which model is trained on the owner's data: the owner's own where one is given and fits,
 * else a small convolutional network for images and dense layers for a table.
 */

import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { formatCount } from "../../contract/units.ts";
import { parseModel } from "../../engine/index.ts";
import type { Layer, ModelConfig } from "../../engine/index.ts";
import type { ImportedSet } from "./import-messages.ts";

/** The batch and the length of a training. */
export interface TrainingSize {
  readonly batchSize: number;
  readonly steps: number;
}

/** The model that is trained when its owner brings none. */
export function chooseModel(set: ImportedSet, size: TrainingSize): Outcome<ModelConfig> {
  const { height, width, channels, classes, kind } = set.data;
  const layers: Layer[] = [];
  if (kind === "images") {
    layers.push({ type: "conv2d", filters: 16, kernel: 3, activation: "relu" });
    if (Math.min(height, width) >= 4) layers.push({ type: "max-pool", size: 2 });
    layers.push({ type: "flatten" });
  } else {
    layers.push({ type: "flatten" }, { type: "dense", units: 64, activation: "relu" });
  }
  layers.push({ type: "dense", units: classes, activation: "none" });
  return accept({
    input: { height, width, channels },
    classes,
    batchSize: size.batchSize,
    layers,
    loss: "softmax-cross-entropy",
    optimizer: { type: "sgd-momentum", momentum: 0.9, schedule: [{ step: 1, rate: 0.01 }] },
  });
}

/**
 * The owner's model, if it is one and takes this data.
 * @rejects ENGINE_MODEL_*, PROCESSES_MODEL_DATA
 */
export function readOwnModel(text: string, set: ImportedSet): Outcome<ModelConfig> {
  const model = parseModel(text);
  if (!model.ok) return model;
  const { data } = set;
  const takes = shapeWords(model.value.input, model.value.classes);
  const given = shapeWords(data, data.classes);
  if (takes !== given) return reject("PROCESSES_MODEL_DATA", { model: takes, data: given });
  if (model.value.batchSize > data.trainCount) {
    const batch = `batches of ${formatCount(model.value.batchSize)}`;
    const samples = `${formatCount(data.trainCount)} training samples`;
    return reject("PROCESSES_MODEL_DATA", { model: batch, data: samples });
  }
  return model;
}

function shapeWords({ height, width, channels }: ModelConfig["input"], classes: number): string {
  return `${height} × ${width} × ${channels} in ${classes} classes`;
}

/** A model's layers and optimizer in words. */
export function modelWords({ layers, optimizer }: ModelConfig): string {
  const words = layers.map(layerWords).filter((word) => word !== "");
  return `${words.join(", ")}; ${optimizer.type}`;
}

function layerWords(layer: Layer): string {
  switch (layer.type) {
    case "conv2d":
      return `convolution of ${layer.filters} filters ${layer.kernel}×${layer.kernel}`;
    case "max-pool":
      return `pooling by ${layer.size}`;
    case "dense":
      return `dense layer of ${layer.units}`;
    case "flatten":
    case "relu":
      return "";
  }
}
