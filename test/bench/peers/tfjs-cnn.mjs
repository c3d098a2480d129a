/**
 * The standard CNN step in TensorFlow.js, pure JavaScript. Answers seconds per step for each number
 * read. Started with the folder that it is installed in and the optimizer.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";

const [folder, optimizer] = process.argv.slice(2);
const tf = createRequire(join(folder, "package.json"))("@tensorflow/tfjs");
await tf.setBackend("cpu");
const same = { kernelSize: 3, padding: "same", activation: "relu" };
const model = tf.sequential({
  layers: [
    tf.layers.conv2d({ inputShape: [28, 28, 1], filters: 16, ...same }),
    tf.layers.maxPooling2d({ poolSize: 2 }),
    tf.layers.conv2d({ filters: 32, ...same }),
    tf.layers.maxPooling2d({ poolSize: 2 }),
    tf.layers.flatten(),
    tf.layers.dense({ units: 10, activation: "softmax" }),
  ],
});
// It has no decay that is apart from the gradient; Adam costs the same.
const train = optimizer === "adam-w" ? tf.train.adam(1e-3) : tf.train.momentum(1e-2, 0.9);
model.compile({ optimizer: train, loss: "categoricalCrossentropy" });
const images = tf.randomUniform([64, 28, 28, 1], 0, 1, "float32", 1);
const labels = tf.oneHot(tf.range(0, 64, 1, "int32").mod(tf.scalar(10, "int32")), 10);
console.log(`tfjs-${tf.version.tfjs}`);
for await (const line of createInterface({ input: process.stdin })) {
  const count = Number(line);
  const began = performance.now();
  for (let run = 0; run < count; run += 1) await model.trainOnBatch(images, labels);
  console.log((performance.now() - began) / 1000 / count);
}
