/**
 * Decides what the conversions of layers share: what one gives, and which activations there are.
 */
import { WIDTH_MAX } from "../limits.ts";
import type { Activation, Layer } from "../models/model-config.ts";
import type { Shape } from "../program/program.ts";
import { own } from "./foreign-value.ts";
import type { ForeignObject } from "./foreign-value.ts";
import type { KerasLayer, KerasOptions } from "./keras-layer.ts";
import { shownValue, stop } from "./keras-stop.ts";

/** A weight of a Keras layer and the tensor of ours it fills; both are laid out alike. */
export interface WeightSlot {
  /** Last part of its name in the file, such as "kernel". */
  readonly weight: string;
  /** The same as Keras 3 calls it, where that differs. */
  readonly also?: string;
  /** Which of the layers it belongs to; the first where absent. */
  readonly at?: number;
  /** Fills the second of two values of the last axis; the first is 0. */
  readonly isSecond?: true;
  /** Last part of the state tensor's name, such as "weights". */
  readonly tensor: string;
}

/** What a layer becomes; without layers it is nothing here. */
export interface Converted {
  readonly layers?: readonly Layer[];
  readonly slots?: readonly WeightSlot[];
  readonly note?: string;
}

/** Where a layer stands. */
export interface LayerContext {
  /** Shape of a sample before the layer. */
  readonly shape: Shape;
  /** Whether the model answers with its value. */
  readonly isLast: boolean;
}

/** Reads the layers of one class. */
export type LayerReader = (layer: KerasLayer, context: LayerContext) => Converted;

/** Filters or units. */
export const WIDTH = { min: 1, max: WIDTH_MAX };
/** What is said of a softmax at the end. */
export const SOFTMAX_NOTE =
  "its softmax is part of the loss here: classes are the same, the values before it are kept";
/** Weights of what multiplies. */
export const KERNEL: WeightSlot = { weight: "kernel", tensor: "weights" };
export const BIAS: WeightSlot = { weight: "bias", tensor: "bias" };

/** Names of activations in files, and here; the last softmax of a model is dropped. */
const ACTIVATIONS: ReadonlyMap<unknown, Activation> = new Map<unknown, Activation>([
  [undefined, "none"],
  ["linear", "none"],
  ["relu", "relu"],
  ["relu6", "relu6"],
  ["gelu", "gelu"],
  ["swish", "silu"],
  ["silu", "silu"],
  ["tanh", "tanh"],
  ["sigmoid", "sigmoid"],
]);

/** A function's name: as it is, or as Keras 3 may write it, an object with the name in it. */
export function functionName(given: unknown): unknown {
  if (typeof given !== "object" || given === null) return given;
  const object = given as ForeignObject;
  return own(object, "class_name") === "function" ? own(object, "config") : given;
}

/** The activation of a layer, and whether it was a softmax that the loss brings. */
export function activationOf(
  { name, kind }: KerasLayer,
  options: KerasOptions,
  { isLast }: LayerContext,
): { readonly activation: Activation; readonly isSoftmax: boolean } {
  const given = functionName(options.any("activation"));
  const isSoftmax = given === "softmax" && isLast;
  const activation = isSoftmax ? "none" : ACTIVATIONS.get(given);
  const facts = { layer: name, kind, activation: shownValue(given) };
  if (activation === undefined) {
    const rule =
      given === "softmax"
        ? "softmax stands at the model's end only"
        : "linear, relu, relu6, gelu (not its approximation), swish, tanh, sigmoid";
    stop("ENGINE_KERAS_ACTIVATION", { ...facts, rule });
  }
  if (isLast && activation !== "none") {
    const rule = "the last layer ends in softmax or linear; train with categorical cross-entropy";
    stop("ENGINE_KERAS_ACTIVATION", { ...facts, rule });
  }
  return { activation, isSoftmax };
}
