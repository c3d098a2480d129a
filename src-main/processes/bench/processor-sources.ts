/** Decides how `vivian bench` finds the exact engines that compute on the processor. */

import { cpus } from "node:os";

import {
  createNativeBackend,
  nativeBackends,
  selfCheck,
} from "../../adapters/native-engine/index.ts";
import { createWasmBackend } from "../../adapters/wasm-engine/index.ts";
import { Fault } from "../../contract/outcome.ts";
import { ReferenceBackend } from "../../engine/index.ts";
import { FAST, SLOW } from "./bench-source.ts";
import type { BenchChoice, BenchSource } from "./bench-source.ts";

/** The processor as one choice. */
export function onProcessor(variant: string | null, threads: number, isSlow = false): BenchChoice {
  const name = (cpus()[0]?.model ?? "").trim();
  return { device: "cpu0", name: name === "" ? "processor" : name, variant, threads, isSlow };
}

/** The compiled engine: its fastest level on one thread and on all; every level where asked. */
export const nativeSource: BenchSource = {
  engine: "native-cpu",
  isExact: true,
  choices: ({ threads, all }) => {
    // Set-up says so when a build failed; an older file that it left behind must not be used.
    if (process.env["VIVIAN_ADDON"] === "absent") {
      return Promise.reject(new Fault("NATIVE_ENGINE_ABSENT", "it could not be built"));
    }
    const probe = nativeBackends();
    if (!probe.available) return Promise.reject(probe.fault);
    const [fastest, ...slower] = probe.levels.toReversed();
    const counts = threads > 1 ? [threads, 1] : [1];
    return Promise.resolve([
      ...counts.map((count) => onProcessor(fastest, count)),
      ...(all ? slower.map((level) => onProcessor(level, 1, level === "scalar")) : []),
    ]);
  },
  open: ({ variant, threads }) =>
    Promise.resolve(
      createNativeBackend({ threads, ...(variant === null ? {} : { simd: variant }) }),
    ),
  options: ({ isSlow }) => (isSlow ? { ...SLOW, steps: ["cnn", "mlp"] } : FAST),
  wrongOps: selfCheck,
};

/** The same kernels where no addon can be built. */
export const wasmSource: BenchSource = {
  engine: "wasm",
  isExact: true,
  choices: () => Promise.resolve([onProcessor(null, 1)]),
  open: () => Promise.resolve(createWasmBackend()),
  options: () => ({ ...FAST, productSize: 512 }),
  wrongOps: selfCheck,
};

/** The definition itself; it is compared with nothing. */
export const referenceSource: BenchSource = {
  engine: "reference",
  isExact: true,
  choices: () => Promise.resolve([onProcessor(null, 1, true)]),
  open: () => Promise.resolve(new ReferenceBackend()),
  options: () => SLOW,
};
