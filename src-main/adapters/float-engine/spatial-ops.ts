/**
 * Decides the ops on images in float arithmetic. TensorFlow.js keeps the kernels of gradients from
 * its face and its WebAssembly build lacks that of the filter; both are asked by kernel name.
 */

import type { Tensor, Tensor4D, TensorInfo } from "@tensorflow/tfjs";

import type { FloatCall, FloatOp } from "./float-op.ts";

/** A kernel by its name; its attributes are those of the library's own gradient functions. */
function runKernel(
  { tf }: FloatCall,
  name: string,
  inputs: Readonly<Record<string, Tensor>>,
  attributes: Readonly<Record<string, unknown>>,
): Tensor {
  const kernelInputs = inputs as Record<string, TensorInfo>;
  return tf.engine().runKernel(name, kernelInputs as never, attributes as never) as Tensor;
}

/**
 * The image with its edge. Given a number for the edge, tfjs 4.22 takes a filter's height for its
 * width as well, so filters that are not square need an edge that is there.
 */
function withEdge({ tf }: FloatCall, image: Tensor, edge: number): Tensor4D {
  const sides: [number, number] = [edge, edge];
  return edge === 0
    ? (image as Tensor4D)
    : tf.pad(image as Tensor4D, [[0, 0], sides, sides, [0, 0]]);
}

const conv2d: FloatOp = (call) => {
  const {
    tf,
    inputs: [x, w],
    attributes: [, stride, pad],
  } = call;
  return tf.conv2d(withEdge(call, x, pad), w as Tensor4D, stride, "valid");
};

const conv2dGradientInput: FloatOp = (call) => {
  const {
    tf,
    inputs: [dy, filter],
    attributes: [, strides, pad],
    shape,
  } = call;
  const [images, height, width, channels] = shape;
  const inputShape = [images, height + 2 * pad, width + 2 * pad, channels];
  const attributes = { strides, pad: "valid", dataFormat: "NHWC", inputShape };
  const whole = runKernel(call, "Conv2DBackpropInput", { dy, filter }, attributes);
  return tf.slice(whole, [0, pad, pad, 0], [...shape]);
};

/** Images and channels change places; then the gradient is a convolution by dy, dilated. */
const conv2dGradientFilter: FloatOp = (call) => {
  const {
    tf,
    inputs: [image, gradient],
    attributes: [, stride, pad],
    shape,
  } = call;
  const x = tf.transpose(withEdge(call, image, pad), [3, 1, 2, 0]);
  const dy = tf.transpose(gradient as Tensor4D, [1, 2, 0, 3]);
  const taps = tf.conv2d(x, dy, 1, "valid", "NHWC", stride);
  const [height, width, channels, filters] = shape;
  // Where the stride leaves rows of the image over, taps beyond the filter come out as well.
  const own = tf.slice(taps, [0, 0, 0, 0], [channels, height, width, filters]);
  return tf.transpose(own, [1, 2, 0, 3]);
};

const maxPool: FloatOp = ({ tf, inputs: [x], attributes: [size, stride] }) =>
  tf.maxPool(x as Tensor4D, size, stride, "valid");

/** Ops on images, by the engine's names. */
export const SPATIAL_OPS: Readonly<Record<string, FloatOp>> = {
  conv2d,
  "conv2d-gradient-input": conv2dGradientInput,
  "conv2d-gradient-filter": conv2dGradientFilter,
  "max-pool": maxPool,
};
