/** What tests of model files need of MobileNets (arXiv 1704.04861, 1801.04381), by their layers. */
import * as tf from "@tensorflow/tfjs";
import { stir } from "./tfjs-parts.ts";

const { layers } = tf;
type Value = tf.SymbolicTensor;
type Layer = tf.layers.Layer;

/** What is left after the layers, one after the other. */
function through(value: Value, ...each: Layer[]): Value {
  return each.reduce((at, layer) => layer.apply(at) as Value, value);
}

const edge = (): Layer =>
  layers.zeroPadding2d({
    padding: [
      [0, 1],
      [0, 1],
    ],
  });

const normed = (): Layer[] => [layers.batchNormalization({})];
const bent = (): Layer[] => [...normed(), layers.reLU({ maxValue: 6 })];

const point = (filters: number): Layer =>
  layers.conv2d({ filters, kernelSize: 1, padding: "same", useBias: false });

/** As the models do: where pixels are skipped, zeros stand at the end of both axes. */
function depth(strides: number): Layer[] {
  const window = { kernelSize: 3, useBias: false };
  if (strides === 1) return [layers.depthwiseConv2d({ ...window, padding: "same" }), ...bent()];
  return [edge(), layers.depthwiseConv2d({ ...window, strides, padding: "valid" }), ...bent()];
}

/** Filters at full width and stride of each pair of convolutions. */
const FIRST = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [1024, 2],
  [1024, 1],
] as const;

/** MobileNet at a quarter of its width over images of side × side × 3. */
export function mobileNet1(side: number, classes: number): tf.LayersModel {
  const input = tf.input({ shape: [side, side, 3] });
  const begin = layers.conv2d({ filters: 8, kernelSize: 3, strides: 2, useBias: false });
  let at = through(input, edge(), begin, ...bent());
  for (const [filters, strides] of FIRST) {
    at = through(at, ...depth(strides), point(filters / 4), ...bent());
  }
  const mean = layers.globalAveragePooling2d({}) as Layer;
  at = through(at, mean, layers.reshape({ targetShape: [1, 1, 256] }));
  at = through(at, layers.dropout({ rate: 0.001 }));
  at = through(at, layers.conv2d({ filters: classes, kernelSize: 1, padding: "same" }));
  at = through(at, layers.reshape({ targetShape: [classes] }));
  return tf.model({
    inputs: input,
    outputs: through(at, layers.activation({ activation: "softmax" })),
  });
}

/** How often wider within, filters at full width, blocks, stride of the first. */
const SECOND = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

/** A quarter of a width as a multiple of eight, at least eight. */
const quarter = (filters: number): number => Math.max(8, Math.floor((filters / 4 + 4) / 8) * 8);

function inverted(from: Value, wider: number, filters: number, strides: number): Value {
  const channels = from.shape[3] as number;
  const wide = wider === 1 ? from : through(from, point(wider * channels), ...bent());
  const end = through(wide, ...depth(strides), point(filters), ...normed());
  if (strides > 1 || channels !== filters) return end;
  return layers.add().apply([from, end]) as Value;
}

/** MobileNetV2 at a quarter of its width, with 64 filters at its end. */
export function mobileNet2(side: number, classes: number): tf.LayersModel {
  const input = tf.input({ shape: [side, side, 3] });
  const begin = { filters: 8, kernelSize: 3, strides: 2, padding: "same", useBias: false } as const;
  let at = through(input, layers.conv2d(begin), ...bent());
  for (const [wider, filters, count, stride] of SECOND) {
    for (let block = 0; block < count; block += 1) {
      at = inverted(at, wider, quarter(filters), block === 0 ? stride : 1);
    }
  }
  at = through(at, point(64), ...bent(), layers.globalAveragePooling2d({}) as Layer);
  const end = layers.dense({ units: classes, activation: "softmax" }) as Layer;
  return tf.model({ inputs: input, outputs: through(at, end) });
}

/**
 * Gives a model weights from a seed, and its norms statistics of these samples, as a trained
 * model's are: through so many layers they would else all come to one answer. A channel that
 * hardly varies is not stretched to the width of the others, since it would be its rounding that is
 * seen.
 */
export function settle(model: tf.LayersModel, seed: number, samples: tf.Tensor): void {
  stir(model, seed);
  tf.tidy(() => {
    const known = new Map<number, tf.Tensor>();
    // The first layer is the input.
    for (const layer of model.layers.slice(1)) {
      const given = [layer.input].flat().map(({ id }) => known.get(id) ?? samples);
      if (layer.getClassName() === "BatchNormalization") {
        const { mean, variance } = tf.moments(given[0], [0, 1, 2]);
        const [gamma, beta] = layer.getWeights();
        layer.setWeights([gamma, beta, mean, variance.add(variance.mean())]);
      }
      const [only] = given;
      const made = given.length === 1 ? layer.apply(only) : layer.apply(given);
      known.set((layer.output as Value).id, made as tf.Tensor);
    }
  });
}
