/**
 * Decides how a build of TensorFlow.js is opened, and what is said where it cannot be. Only the
 * engine's own process comes here: a library that prints, keeps threads or crashes with its driver
 * has no place in the daemon.
 */

import { createRequire } from "node:module";

import type * as tfjs from "@tensorflow/tfjs";

import { Fault } from "../../contract/outcome.ts";
import { GPU_PACKAGE } from "./libraries.ts";
import type { FloatLibrary } from "./libraries.ts";

/** TensorFlow.js as its union package has it. */
export type Tensorflow = typeof tfjs;

/** An opened build. */
export interface OpenLibrary {
  readonly tf: Tensorflow;
  /** Version and how it computes, in words. */
  readonly variant: string;
}

/** What of libtensorflow's Node binding says whether a GPU computes. */
interface NodeBackend {
  readonly isUsingGpuDevice?: boolean;
}

/** Words of an import that failed because the addon was built for another Node. */
const OTHER_NODE = /isNullOrUndefined|NODE_MODULE_VERSION|different Node\.js version|napi_|N-API/;

/** Words of one that failed because a library of CUDA is missing. */
const NO_CUDA = /libcu|cudart|cudnn|nvcuda|libnvidia/i;

/**
 * Opens a build and makes it the current backend of this process.
 * @param gpuPackage  specifier of the optional peer; another one in tests
 * @throws Fault FLOAT_ENGINE_ABSENT, FLOAT_ENGINE_NODE, FLOAT_ENGINE_CUDA
 */
export async function openLibrary(
  library: FloatLibrary,
  gpuPackage: string = GPU_PACKAGE,
): Promise<OpenLibrary> {
  if (library === "tfjs-node-gpu") return openGpu(gpuPackage);
  const tf = (await import("@tensorflow/tfjs")) as Tensorflow;
  // Its checks for NaN and its greeting are for people who develop with it.
  tf.enableProdMode();
  if (library === "tfjs-wasm") await import("@tensorflow/tfjs-backend-wasm");
  const backend = library === "tfjs-wasm" ? "wasm" : "cpu";
  const isOpen = await tf.setBackend(backend);
  if (!isOpen) {
    const facts = { library, node: process.version };
    throw new Fault("FLOAT_ENGINE_NODE", `TensorFlow.js has no backend ${backend} here`, facts);
  }
  const how = library === "tfjs-wasm" ? await wasmWords(tf) : "plain JavaScript, 1 thread";
  return { tf, variant: `tfjs ${tf.version.tfjs}, ${how}` };
}

async function wasmWords(tf: Tensorflow): Promise<string> {
  const simd = (await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT")) === true;
  return `WebAssembly${simd ? " with SIMD" : ""}, 1 thread`;
}

async function openGpu(specifier: string): Promise<OpenLibrary> {
  restoreNodeFunction();
  const tf = await importGpu(specifier);
  await tf.ready();
  const backend = tf.backend() as NodeBackend;
  if (backend.isUsingGpuDevice !== true) {
    const why = "the library loads, but computes on no GPU";
    throw new Fault("FLOAT_ENGINE_CUDA", why, { package: GPU_PACKAGE });
  }
  return { tf, variant: `tfjs ${tf.version.tfjs}, libtensorflow on a GPU` };
}

/**
 * tfjs-node 4.22 asks `util.isNullOrUndefined` in every op that has a type, and Node 23 took it
 * away; the mended version was never released. Nothing else in this process reads that name.
 */
function restoreNodeFunction(): void {
  const util = createRequire(import.meta.url)("node:util") as Record<string, unknown>;
  util["isNullOrUndefined"] ??= (value: unknown): boolean => value === null || value === undefined;
}

async function importGpu(specifier: string): Promise<Tensorflow> {
  try {
    const module = (await import(specifier)) as { readonly default?: Tensorflow } & Tensorflow;
    return module.default ?? module;
  } catch (error) {
    throw importFault(error);
  }
}

/** What a failed import of the peer means. */
export function importFault(error: unknown): Fault {
  const { code, message } = error as NodeJS.ErrnoException;
  const [words] = String(message).split("\n");
  const facts = { package: GPU_PACKAGE, node: process.version };
  if (code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND") {
    return new Fault("FLOAT_ENGINE_ABSENT", `${GPU_PACKAGE} is not installed`, facts);
  }
  const kind = OTHER_NODE.test(message) ? "FLOAT_ENGINE_NODE" : "FLOAT_ENGINE_CUDA";
  if (kind === "FLOAT_ENGINE_NODE" || NO_CUDA.test(message)) {
    return new Fault(kind, words, facts, error);
  }
  return new Fault("FLOAT_ENGINE_ENDED", words, facts, error);
}
