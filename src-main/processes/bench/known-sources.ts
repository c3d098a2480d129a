/**
 * Decides which ways of computing `vivian bench` knows. Each is loaded only in the process that
 * asks it, so that a driver or a library that fails takes no other with it. A new one is a line.
 */

import type { BenchSource } from "./bench-source.ts";

/** By engine, in the order in which they are told. */
const SOURCES: Readonly<Record<string, () => Promise<BenchSource>>> = {
  "native-cpu": async () => (await import("./processor-sources.ts")).nativeSource,
  cuda: async () => (await import("./cuda-source.ts")).cudaSource,
  webgpu: async () => (await import("./gpu-source.ts")).webgpuSource,
  wasm: async () => (await import("./processor-sources.ts")).wasmSource,
  reference: async () => (await import("./processor-sources.ts")).referenceSource,
  "tfjs-wasm": async () => (await import("./float-source.ts")).floatSource("tfjs-wasm"),
  "tfjs-node-gpu": async () => (await import("./float-source.ts")).floatSource("tfjs-node-gpu"),
  "tfjs-cpu": async () => (await import("./float-source.ts")).floatSource("tfjs-cpu"),
};

/** Names of the ways of computing. */
export const BENCH_ENGINES: readonly string[] = Object.keys(SOURCES);

/** A way of computing by its name; `undefined` where it is unknown. */
export async function openSource(engine: string): Promise<BenchSource | undefined> {
  return Object.hasOwn(SOURCES, engine) ? SOURCES[engine]() : undefined;
}
