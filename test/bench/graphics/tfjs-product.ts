/**
 * Decides how TensorFlow.js multiplies on the same adapter: its WebGPU backend is a browser's, so
 * it is given the device and the globals that it would find there.
 */
import { createRequire } from "node:module";
import { create, globals } from "webgpu";

const require = createRequire(import.meta.url);

/** Held, because Dawn ends with it. */
const root = create([]);

/** Multiplies some times and answers the last product. */
export type TfjsProduct = (times: number) => Promise<Float32Array>;

/* eslint-disable @typescript-eslint/no-explicit-any -- the package's types are a browser's */
let loaded: Promise<any> | undefined;

async function load(): Promise<any> {
  Object.assign(globalThis, globals);
  const browser = { gpu: root, userAgent: "node" };
  Object.defineProperty(globalThis, "navigator", { value: browser, configurable: true });
  const tf = require("@tensorflow/tfjs");
  const { WebGPUBackend } = require("@tensorflow/tfjs-backend-webgpu");
  const adapter = await root.requestAdapter();
  if (adapter === null) throw new Error("no adapter");
  const { limits } = adapter;
  const device = await adapter.requestDevice({
    requiredLimits: {
      maxBufferSize: limits.maxBufferSize,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
    },
  });
  tf.removeBackend("webgpu");
  tf.registerBackend("webgpu", () => new WebGPUBackend(device, adapter.info));
  // Small tensors would else be computed in JavaScript.
  tf.env().set("WEBGPU_CPU_FORWARD", false);
  if (!(await tf.setBackend("webgpu"))) throw new Error("its backend does not start");
  return tf;
}

/** Uploads two square matrices; the product is made on the device and read back. */
export async function openTfjsProduct(
  side: number,
  [a, b]: readonly [Float32Array, Float32Array],
): Promise<TfjsProduct> {
  loaded ??= load();
  const tf = await loaded;
  const [left, right] = [tf.tensor2d(a, [side, side]), tf.tensor2d(b, [side, side])];
  return async (times) => {
    for (let i = 1; i < times; i += 1) tf.matMul(left, right).dispose();
    const product = tf.matMul(left, right);
    const values: Float32Array = await product.data();
    product.dispose();
    return values;
  };
}
