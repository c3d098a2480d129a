/** Decides how `vivian bench` finds float engines: what exactness costs, nothing that earns. */

import { openFloatBackend } from "../../adapters/float-engine/index.ts";
import type { FloatBackend, FloatLibrary } from "../../adapters/float-engine/index.ts";
import { FAST, SLOW } from "./bench-source.ts";
import type { BenchSource } from "./bench-source.ts";
import { onProcessor } from "./processor-sources.ts";

/** A float engine by its library. */
export function floatSource(library: FloatLibrary): BenchSource {
  const isPlain = library === "tfjs-cpu";
  let opened: Promise<FloatBackend> | undefined;
  // Opened once: its process is what says whether the library is here.
  const open = (): Promise<FloatBackend> => (opened ??= openFloatBackend({ library }));
  return {
    engine: library,
    isExact: false,
    choices: async ({ all }) => {
      // Its step takes some ten seconds, which only says that it is no engine to train with.
      if (isPlain && !all) return [];
      await open();
      const onGpu = { device: "gpu0", name: "the GPU that libtensorflow takes" };
      const processor = onProcessor(null, 1, isPlain);
      return [library === "tfjs-node-gpu" ? { ...processor, ...onGpu } : processor];
    },
    open,
    options: () => ({ ...(isPlain ? SLOW : { ...FAST, productSize: 512 }), products: ["f32"] }),
  };
}
