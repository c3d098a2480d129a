/**
 * Decides what a foreign model becomes as a whole: its input, its layers with a place each, its
 * classes, and how it would be trained here until its owner writes something else.
 */
import {
  CHANNELS_MAX,
  CLASSES_MAX,
  FEATURES_MAX,
  IMAGE_SIDE_MAX,
  TOKENS_MAX,
  VOCABULARY_MAX,
} from "../limits.ts";
import type {
  AdamW,
  ConcatLayer,
  ImageInput,
  Layer,
  ModelConfig,
  ResidualLayer,
} from "../models/model-config.ts";
import type { Place } from "../models/model-writer.ts";
import type { Shape } from "../program/program.ts";
import { convertLayer } from "./convert-layer.ts";
import { isCount, own } from "./foreign-value.ts";
import { joinLayers } from "./join-layers.ts";
import type { Chain, ChainItem } from "./join-layers.ts";
import { KerasOptions } from "./keras-layer.ts";
import { shown, shownValue, stop } from "./keras-stop.ts";
import type { Converted, WeightSlot } from "./layer-parts.ts";
import type { KerasGraph, KerasLayer } from "./keras-layer.ts";
import { shapeAfter } from "./sample-shape.ts";

/** A weight of the file and the state tensor it fills. */
export interface ModelSlot extends Pick<WeightSlot, "weight" | "also" | "isSecond"> {
  /** Name of the layer in the file. */
  readonly layer: string;
  /** Full name of the tensor here, such as "layer-3/weights". */
  readonly tensor: string;
}

/** A foreign model in the engine's terms. */
export interface ConvertedModel {
  readonly model: ModelConfig;
  readonly slots: readonly ModelSlot[];
  /** What differs from the model as it was made, in sentences. */
  readonly notes: readonly string[];
}

/** What a person says about a model that its file does not. */
export interface ImportChoice {
  /** The rows of numbers a model takes are the bytes of images of this size. */
  readonly image?: ImageInput;
}

/** Samples a step until the model's text says otherwise. */
const BATCH_SIZE = 32;

/** A rate that trains most models of this size, neither fast nor well tuned. */
const OPTIMIZER: AdamW = {
  type: "adam-w",
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0.01,
  schedule: [{ step: 1, rate: 0.001 }],
};

/** Options by which training elsewhere held weights back. */
const HELD_BACK = /_(regularizer|constraint)$/;

/** How far 1/255 as a double and as an f32 may lie apart, as a share. */
const RESCALING_SLACK = 1e-7;

/** Collects layers with their places. */
class ModelConversion {
  readonly slots: ModelSlot[] = [];
  readonly notes: string[] = [];
  readonly #fixed: string[] = [];
  readonly #heldBack: string[] = [];

  /** The layers of a chain; `before` names their places, such as "3/body-". */
  convert(chain: Chain, given: Shape, before: string, isTop: boolean) {
    const layers: Layer[] = [];
    let shape = given;
    for (const [index, item] of chain.entries()) {
      const place = `${before}${layers.length}`;
      const isLast = isTop && index === chain.length - 1;
      if (item.is === "join") {
        const joined = this.#join(item, shape, place);
        layers.push(joined);
        shape = shapeAfter(shape, joined);
        continue;
      }
      const { node } = item;
      const isScaling = node.kind === "Rescaling";
      if (isScaling && isTop && layers.length === 0 && shape.length === 3) {
        this.#rescale(node);
        continue;
      }
      const converted = convertLayer(node, { shape, isLast });
      this.#keep(node, converted, (at) => `${before}${layers.length + at}`);
      const { layers: made = [] } = converted;
      layers.push(...made);
      shape = made.reduce(shapeAfter, shape);
      if (shape.some((dim) => dim < 1)) {
        const rule = "the image is smaller than the window";
        stop("ENGINE_KERAS_GRAPH", { layer: node.name, rule });
      }
    }
    return { layers, shape };
  }

  #join(
    { node, sides }: Extract<ChainItem, { is: "join" }>,
    shape: Shape,
    place: Place,
  ): ResidualLayer | ConcatLayer {
    if (node.kind === "Concatenate") return this.#concat(node, sides, shape, place);
    new KerasOptions(node, []);
    return this.#sum([sides[0], sides[1]], shape, place, node.name);
  }

  #concat(node: KerasLayer, sides: readonly Chain[], shape: Shape, place: Place): ConcatLayer {
    const made = sides.map((side, at) =>
      this.convert(side, shape, `${place}/branch-${at}-`, false),
    );
    const [first] = made;
    new KerasOptions(node, ["axis"]).lastAxis(first.shape.length);
    const isAlike = made.every((each) => {
      const [one, other] = [each.shape, first.shape].map((dims) => dims.slice(0, -1).join(" × "));
      return one === other && each.shape.length === first.shape.length;
    });
    if (!isAlike) {
      const shapes = made.map((each) => each.shape.join(" × ")).join(" and ");
      const rule = `all but the last axis are alike: ${shapes}`;
      stop("ENGINE_KERAS_GRAPH", { layer: node.name, rule });
    }
    return { type: "concat", branches: made.map((each) => each.layers) };
  }

  #sum(sides: readonly [Chain, Chain], shape: Shape, place: Place, name: string): ResidualLayer {
    const [longer, shorter] = sides[0].length >= sides[1].length ? sides : [sides[1], sides[0]];
    const body = this.convert(longer, shape, `${place}/body-`, false);
    const shortcut = this.convert(shorter, shape, `${place}/shortcut-`, false);
    const [a, b] = [body.shape, shortcut.shape].map((dims) => dims.join(" × "));
    if (a !== b || body.layers.length === 0) {
      const rule = a === b ? "a side of an Add has a layer" : `both sides are alike: ${a} and ${b}`;
      stop("ENGINE_KERAS_GRAPH", { layer: name, rule });
    }
    return { type: "residual", layers: body.layers, shortcut: shortcut.layers };
  }

  #keep(
    node: KerasLayer,
    { layers = [], note, slots = [] }: Converted,
    placeOf: (at: number) => Place,
  ): void {
    if (note !== undefined) this.notes.push(`${shown(node.name)}: ${note}.`);
    if (layers.length === 0) return;
    for (const { at = 0, tensor, ...slot } of slots) {
      this.slots.push({ layer: node.name, ...slot, tensor: `layer-${placeOf(at)}/${tensor}` });
    }
    if (slots.length === 0) return;
    if (own(node.config, "trainable") === false) this.#fixed.push(node.name);
    const held = Object.entries(node.config).some(([key, value]) => {
      return HELD_BACK.test(key) && value !== null;
    });
    if (held) this.#heldBack.push(node.name);
  }

  /** What is said of several layers at once, with the first of them. */
  notesInAll(): readonly string[] {
    const said = (names: readonly string[], what: string) => {
      const more = names.length > 1 ? ` and ${names.length - 1} more` : "";
      return names.length === 0 ? [] : [`${shown(names[0])}${more}: ${what}.`];
    };
    return [
      ...this.notes,
      ...said(this.#fixed, "held fixed there; here they are trained"),
      ...said(this.#heldBack, "regularisers and constraints are left out here"),
    ];
  }

  /** Images are divided by 255 when they are loaded, so a layer that does it is none. */
  #rescale(layer: KerasLayer): void {
    const options = new KerasOptions(layer, ["scale", "offset"]);
    options.only("offset", 0, "0");
    const scale = options.number("scale", { min: 0, max: 1 });
    if (Math.abs(scale * 255 - 1) > RESCALING_SLACK) {
      options.refuse("scale", "1/255, which is what images are multiplied by here");
    }
    this.notes.push(`${shown(layer.name)}: images are divided by 255 when they are read here.`);
  }
}

/** What a model takes: the sample's shape in the file, and as our input. */
interface ModelInput {
  readonly shape: Shape;
  readonly input: ModelConfig["input"];
  /** Layers before the first of the file. */
  readonly first: readonly Layer[];
}

function refuseInput(given: unknown, rule: string): never {
  stop("ENGINE_KERAS_SHAPE", { where: "input", given: shownValue(given), rule });
}

function readInput(graph: KerasGraph, chain: Chain, { image }: ImportChoice): ModelInput {
  const given = graph.batchShape;
  if (!Array.isArray(given) || given.length < 2 || given.length > 4) {
    return refuseInput(given, "[null, numbers], [null, tokens] or [null, height, width, channels]");
  }
  const dims = given.slice(1);
  if (!dims.every((dim) => isCount(dim, 1, FEATURES_MAX))) {
    return refuseInput(given, `every size but the batch's is written, 1 to ${FEATURES_MAX}`);
  }
  const begin = chain[0];
  const kind = begin?.is === "layer" ? begin.node.kind : "";
  if (dims.length === 1) return rowInput(dims[0], kind, image);
  if (image !== undefined) refuseInput(given, "rows of numbers, to be read as images");
  const [height, width, channels = 1] = dims;
  if (dims.length === 2 && kind !== "Flatten" && kind !== "Reshape") {
    return refuseInput(given, "[null, height, width, channels] for images");
  }
  if (height > IMAGE_SIDE_MAX || width > IMAGE_SIDE_MAX || channels > CHANNELS_MAX) {
    refuseInput(given, `sides up to ${IMAGE_SIDE_MAX}, channels up to ${CHANNELS_MAX}`);
  }
  return { shape: [height, width, channels], input: { height, width, channels }, first: [] };
}

function rowInput(count: number, kind: string, image: ImageInput | undefined): ModelInput {
  if (kind === "Embedding") {
    if (image !== undefined) refuseInput(count, "rows of numbers, to be read as images");
    if (count > TOKENS_MAX) refuseInput(count, `at most ${TOKENS_MAX} tokens`);
    return { shape: [count], input: { tokens: count }, first: [] };
  }
  if (image === undefined) return { shape: [count], input: { features: count }, first: [] };
  const { height, width, channels } = image;
  if (height * width * channels !== count) {
    refuseInput(count, `${height} × ${width} × ${channels} numbers`);
  }
  return { shape: [count], input: image, first: [{ type: "flatten" }] };
}

/** Classes of the last value: of a text its vocabulary, which both ends must agree on. */
function classesOf({ input }: ModelInput, chain: Chain, shape: Shape): number {
  const last = shape[shape.length - 1];
  if ("tokens" in input) {
    const begin = chain[0];
    const vocabulary = begin?.is === "layer" ? own(begin.node.config, "input_dim") : undefined;
    if (shape.length === 2 && last === vocabulary) return last;
    const end = `Dense(${shownValue(vocabulary)})`;
    const rule = `of tokens a model foretells the next one: it ends in ${end}`;
    return stop("ENGINE_KERAS_SHAPE", { where: "output", given: shownValue([...shape]), rule });
  }
  if (shape.length === 1 && isCount(last, 2, CLASSES_MAX)) return last;
  const rule = `a value a class, 2 to ${CLASSES_MAX}; of two classes one may end in a sigmoid`;
  return stop("ENGINE_KERAS_SHAPE", { where: "output", given: shownValue([...shape]), rule });
}

/**
 * Converts a graph.
 * Stops with ENGINE_KERAS_LAYER, _OPTION, _ACTIVATION, _GRAPH, _SHAPE.
 */
export function convertModel(graph: KerasGraph, choice: ImportChoice): ConvertedModel {
  const chain = joinLayers(graph);
  const input = readInput(graph, chain, choice);
  const conversion = new ModelConversion();
  const begun = input.first.length;
  const { layers, shape } = conversion.convert(chain, input.shape, "", true);
  const classes = classesOf(input, chain, shape);
  const model: ModelConfig = {
    input: input.input,
    classes: "tokens" in input.input ? Math.min(classes, VOCABULARY_MAX) : classes,
    batchSize: BATCH_SIZE,
    layers: [...input.first, ...layers],
    loss: "softmax-cross-entropy",
    optimizer: OPTIMIZER,
  };
  return {
    model,
    slots: conversion.slots.map((slot) => moved(slot, begun)),
    notes: conversion.notesInAll(),
  };
}

/** The slot of a layer that stands `by` places further on. */
function moved(slot: ModelSlot, by: number): ModelSlot {
  if (by === 0) return slot;
  const tensor = slot.tensor.replace(/^layer-(\d+)/, (_, place) => `layer-${Number(place) + by}`);
  return { ...slot, tensor };
}
