/**
 * Writes a model of TensorFlow.js as Keras 3 would: from its documentation and its source
 * (keras/src: `serialize_keras_object`, `serialize_node`, `Functional.get_config`,
 * `Sequential.get_config`), not from a file that Keras 3 wrote.
 */

type Json = Readonly<Record<string, unknown>>;

/** A value that a layer gave. */
const tensor = (name: string) => ({
  class_name: "__keras_tensor__",
  config: { shape: [null, 1], dtype: "float32", keras_history: [name, 0, 0] },
});

const POLICY = {
  module: "keras",
  class_name: "DTypePolicy",
  config: { name: "float32" },
  registered_name: null,
};

/** How an option is called there, where that differs. */
const RENAMED: Readonly<Record<string, string>> = { alpha: "negative_slope" };
const GONE = new Set(["batch_input_shape", "rank", "sparse"]);

function config3(config: Json): Json {
  const kept = Object.entries(config).filter(([key]) => !GONE.has(key));
  const renamed = kept.map(([key, value]) => [RENAMED[key] ?? key, value]);
  return { ...(Object.fromEntries(renamed) as Json), dtype: POLICY };
}

/** The layers from which a layer takes its values, as TensorFlow.js writes them. */
const sourcesOf = (layer: Json): string[] =>
  ((layer["inbound_nodes"] as string[][][] | undefined) ?? []).flatMap((node) =>
    node.map(([name]) => name),
  );

function layer3(layer: Json): Json {
  const config = layer["config"] as Json;
  const kind = String(layer["class_name"]);
  const about = { module: "keras.layers", class_name: kind, registered_name: null };
  if (kind === "InputLayer") {
    const { name } = config;
    const options = { batch_shape: config["batch_input_shape"], dtype: "float32", sparse: false };
    return { ...about, config: { ...options, ragged: false, name }, name, inbound_nodes: [] };
  }
  const tensors = sourcesOf(layer).map(tensor);
  const args = tensors.length > 1 ? [tensors] : tensors;
  const built = { build_config: { input_shape: [null, 1] } };
  const name = config["name"];
  const called = { name, inbound_nodes: [{ args, kwargs: {} }] };
  return { ...about, config: config3(config), ...built, ...called };
}

/** A topology of TensorFlow.js in the form of Keras 3. */
export function keras3(topology: unknown): unknown {
  const { class_name, config } = topology as { class_name: string; config: Json };
  const given = config["layers"] as Json[];
  const start = (given[0]["config"] as Json)["batch_input_shape"];
  const isSequential = class_name === "Sequential";
  const input = {
    class_name: "InputLayer",
    config: { batch_input_shape: start, name: "input_layer" },
  };
  const hasInput = given[0]["class_name"] === "InputLayer";
  const layers = (hasInput ? given : [input, ...given]).map((layer) => {
    const { inbound_nodes, ...rest } = layer3(layer);
    return isSequential ? rest : { ...rest, inbound_nodes };
  });
  const end = (key: string) => (config[key] as unknown[][] | undefined)?.[0];
  const ends = { input_layers: end("input_layers"), output_layers: end("output_layers") };
  const more = isSequential ? { build_input_shape: start } : ends;
  return {
    keras_version: "3.8.0",
    backend: "tensorflow",
    model_config: {
      module: "keras",
      class_name: isSequential ? "Sequential" : "Functional",
      config: { name: "model", trainable: true, dtype: POLICY, layers, ...more },
      registered_name: class_name,
    },
  };
}

/** A weight's name there: behind the model's, and a depthwise kernel is a kernel. */
export function weightName3(name: string): string {
  const isSeparable = name.includes("separable");
  const plain = isSeparable ? name : name.replace("depthwise_kernel", "kernel");
  return `model/${plain}`;
}
