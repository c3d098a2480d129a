/**
 * Measures products on a graphics device: the engine's exact ones against TensorFlow.js's f32 ones
 * on the same adapter, in the same process, in turns. Drivers are chosen when a process starts, so
 * a child does the work.
 */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { softwareGraphics } from "../../conformance/webgpu/graphics.ts";
import { benchLine } from "../bench-line.ts";
import { mustHold } from "../bench-kit.ts";
import type { BenchKit } from "../bench-kit.ts";
import type { GraphicsAnswer } from "./graphics-figures.ts";

function answerOf(kit: BenchKit): Promise<GraphicsAnswer> {
  const path = fileURLToPath(new URL("./graphics-child.ts", import.meta.url));
  const child = fork(path, [kit.size, String(kit.peers)], {
    execArgv: [],
    env: { ...process.env, ...softwareGraphics() },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let words = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    words = (words + text).slice(-2_000);
  });
  return new Promise((resolve, reject) => {
    child.once("message", (answer) => resolve(answer as GraphicsAnswer));
    child.once("close", (code) => reject(new Error(`the child ended with ${code}: ${words}`)));
  });
}

/** Runs the benchmarks of graphics devices. */
export async function benchGraphics(kit: BenchKit): Promise<void> {
  const { adapter, figures, notes } = await answerOf(kit);
  for (const note of notes) kit.note(note);
  if (adapter === null) return;
  kit.note(`on ${adapter}`);
  for (const { name, isExact, gops, peerGops } of figures) {
    mustHold(isExact, name);
    const against =
      peerGops === undefined ? {} : { peer: "tfjs-backend-webgpu", peerValue: peerGops };
    kit.print(benchLine(`engine.${name} device=webgpu`, gops, "GOP/s", against));
  }
}
