/**
 * Decides how a model leaves as a LayersModel: what its model.json says and the bytes of its one
 * weight file. Where no values are joined it is a Sequential, else a Functional model; it ends in a
 * softmax, so that it answers with a chance a class.
 */
import type { Outcome } from "../../contract/outcome.ts";
import { compileEvaluation } from "../compile.ts";
import { LAYERS_MAX } from "../limits.ts";
import type { Layer, ModelConfig } from "../models/model-config.ts";
import { blockParts } from "../models/residual.ts";
import type { Program, Shape } from "../program/program.ts";
import { writeLayer } from "./export-layer.ts";
import type { WrittenLayer } from "./export-layer.ts";
import { ended, KerasStop } from "./keras-stop.ts";
import { shapeAfter } from "./sample-shape.ts";

/** A model for other programs. */
export interface ExportedModel {
  /** The value of model.json. */
  readonly document: unknown;
  /** Little-endian f32 of all weights, in the order of the manifest. */
  readonly weights: Uint8Array;
}

/** What a file says beside its layers. */
export interface ExportWords {
  /** Name of the weight file beside model.json. */
  readonly weightsFile: string;
  /** The program that writes it. */
  readonly generatedBy: string;
  /** Facts for whoever uses the model, such as the names of its classes. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A layer of the graph that is written. */
interface GraphNode extends WrittenLayer {
  readonly name: string;
  readonly place: string;
  readonly inputs: readonly string[];
}

/** Shape of a sample, as the model takes it. */
function sampleShape({ input }: ModelConfig): Shape {
  if ("features" in input) return [input.features];
  if ("tokens" in input) return [input.tokens];
  return [input.height, input.width, input.channels];
}

/** Name of the input layer. */
const INPUT = "input";

/** Lays out the layers of a model as nodes, each with what it takes its value from. */
class GraphWriter {
  readonly nodes: GraphNode[] = [];
  /** Whether values are added or joined somewhere. */
  forks = false;
  readonly #vocabulary: number;

  constructor(vocabulary: number) {
    this.#vocabulary = vocabulary;
  }

  /** Writes layers one after the other; gives the name and shape of the last value. */
  chain(layers: readonly Layer[], from: string, given: Shape, before: string) {
    let [value, shape] = [from, given];
    for (const [index, layer] of layers.entries()) {
      value = this.#layer(layer, value, shape, `${before}${index}`);
      shape = shapeAfter(shape, layer);
    }
    return { value, shape };
  }

  #layer(layer: Layer, from: string, shape: Shape, place: string): string {
    if (layer.type === "residual-block") {
      const { residual, after } = blockParts(layer, [1, ...shape]);
      const sum = this.#layer(residual, from, shape, place);
      return this.#layer(after, sum, shapeAfter(shape, layer), `${place}/after`);
    }
    if (layer.type === "concat") {
      this.forks = true;
      const ends = layer.branches.map((branch, at) =>
        this.chain(branch, from, shape, `${place}/branch-${at}-`),
      );
      const values = ends.map(({ value }) => value);
      return this.add({ kind: "Concatenate", options: { axis: -1 } }, place, values);
    }
    if (layer.type !== "residual") {
      return this.add(writeLayer(layer, this.#vocabulary, place), place, [from]);
    }
    this.forks = true;
    const shortcut = this.chain(layer.shortcut, from, shape, `${place}/shortcut-`);
    const body = this.chain(layer.layers, from, shape, `${place}/body-`);
    return this.add({ kind: "Add", options: {} }, place, [body.value, shortcut.value]);
  }

  add(layer: WrittenLayer, place: string, inputs: readonly string[]): string {
    const name = `layer_${place.replaceAll(/[/-]/g, "_")}_${layer.kind.toLowerCase()}`;
    this.nodes.push({ ...layer, name, place, inputs });
    return name;
  }
}

function topology(model: ModelConfig, nodes: readonly GraphNode[], isGraph: boolean): unknown {
  const batchShape = [null, ...sampleShape(model)];
  const dtype = "tokens" in model.input ? "int32" : "float32";
  const entries = nodes.map(({ kind, name, options, inputs }) => ({
    class_name: kind,
    config: { name, trainable: true, ...options },
    ...(isGraph ? { name, inbound_nodes: [inputs.map((input) => [input, 0, 0, {}])] } : {}),
  }));
  const start = {
    class_name: "InputLayer",
    config: { batch_input_shape: batchShape, dtype, sparse: false, name: INPUT },
    ...(isGraph ? { name: INPUT, inbound_nodes: [] } : {}),
  };
  const config = {
    name: "vivian",
    layers: [start, ...entries],
    ...(isGraph
      ? {
          input_layers: [[INPUT, 0, 0]],
          output_layers: [[nodes[nodes.length - 1].name, 0, 0]],
        }
      : {}),
  };
  return { class_name: isGraph ? "Model" : "Sequential", config, keras_version: "2.15.0" };
}

/** The manifest's weights, and their bytes joined. */
function weightsOf(
  nodes: readonly GraphNode[],
  program: Program,
  states: readonly Float32Array[],
): { readonly specs: readonly object[]; readonly bytes: Uint8Array } {
  const found = nodes.flatMap(({ name, place, weights = [] }) =>
    weights.map(([weight, tensor]) => {
      const at = program.states.findIndex((state) => state.name === `layer-${place}/${tensor}`);
      return { name: `${name}/${weight}`, at };
    }),
  );
  const specs = found.map(({ name, at }) => {
    return { name, shape: program.states[at].shape, dtype: "float32" };
  });
  const count = found.reduce((sum, { at }) => sum + states[at].length, 0);
  const bytes = new Uint8Array(4 * count);
  const view = new DataView(bytes.buffer);
  let first = 0;
  for (const { at } of found) {
    for (const value of states[at]) {
      view.setFloat32(first, value, true);
      first += 4;
    }
  }
  return { specs, bytes };
}

/**
 * Writes a model.
 * @param states  of its forward pass (`compileEvaluation`), in that program's order
 * @rejects ENGINE_KERAS_EXPORT with the layer; the codes of `compileEvaluation`
 */
export function exportLayersModel(
  model: ModelConfig,
  states: readonly Float32Array[],
  { weightsFile, generatedBy, metadata }: ExportWords,
): Outcome<ExportedModel> {
  return ended(() => {
    const program = compileEvaluation(model, 1);
    if (!program.ok) throw new KerasStop(program.rejection);
    const writer = new GraphWriter(model.classes);
    const { value } = writer.chain(model.layers, INPUT, sampleShape(model), "");
    const softmax = { kind: "Activation", options: { activation: "softmax" } };
    writer.add(softmax, String(Math.min(model.layers.length, LAYERS_MAX)), [value]);
    const { specs, bytes } = weightsOf(writer.nodes, program.value, states);
    const document = {
      format: "layers-model",
      generatedBy,
      convertedBy: null,
      modelTopology: topology(model, writer.nodes, writer.forks),
      weightsManifest: [{ paths: [weightsFile], weights: specs }],
      userDefinedMetadata: metadata,
    };
    return { document, weights: bytes };
  });
}
