/**
 * Decides which programs figures are compared with and where they come from: PyTorch and numpy
 * come with the system, TensorFlow.js is the float engine's own.
 */

import { fileURLToPath } from "node:url";
import { startPeer } from "./line-peer.ts";
import type { Peer } from "./line-peer.ts";

const REPOSITORY = fileURLToPath(new URL("../../..", import.meta.url));

/** So many threads, whatever library does the work. */
function withThreads(threads: number): Readonly<Record<string, string>> {
  const count = String(threads);
  return { OMP_NUM_THREADS: count, OPENBLAS_NUM_THREADS: count, MKL_NUM_THREADS: count };
}

/** Keeps PyTorch and what it calls to AVX2, as a machine without AVX-512 would. */
const AVX2_ONLY = {
  ATEN_CPU_CAPABILITY: "avx2",
  ONEDNN_MAX_CPU_ISA: "AVX2",
  OPENBLAS_CORETYPE: "Haswell",
} as const;

const beside = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Optimizer of the standard step. */
export type PeerOptimizer = "sgd-momentum" | "adam-w";

type Note = (text: string) => void;

/** The system's own Python has the system's packages; another may stand before it on PATH. */
const PYTHONS = ["/usr/bin/python3", "python3"];

async function startPython(
  script: string,
  argument: string | readonly string[],
  isWanted: (name: string) => boolean,
  environment: Readonly<Record<string, string>> = withThreads(1),
): Promise<Peer | string> {
  let found: Peer | string = "no Python 3";
  for (const python of PYTHONS) {
    const peer = await startPeer(python, [beside(script), ...[argument].flat()], environment);
    if (typeof peer === "string") {
      if (typeof found === "string") found = peer;
      continue;
    }
    if (typeof found !== "string") found.close();
    found = peer;
    if (isWanted(peer.name)) break;
  }
  return found;
}

/** Levels of processors that have no AVX-512. */
const WITHOUT_AVX512: readonly string[] = ["avx2", "avxvnni"];

/** One thread, or so many, with no more than the instructions of a processor of `simd`. */
function environmentOf(threads: number, simd: string): Readonly<Record<string, string>> {
  return { ...withThreads(threads), ...(WITHOUT_AVX512.includes(simd) ? AVX2_ONLY : {}) };
}

/** PyTorch's step, one thread, at most with the instructions of `simd`. */
export async function torchPeer(
  optimizer: PeerOptimizer,
  simd: string,
  note: Note,
): Promise<Peer | undefined> {
  const environment = environmentOf(1, simd);
  const peer = await startPython("torch-cnn.py", optimizer, () => true, environment);
  return known(peer, "PyTorch", "apt-get install python3-torch", note);
}

/** PyTorch's transformer step on as many threads, at most with the instructions of `simd`. */
export async function torchTransformerPeer(
  threads: number,
  simd: string,
  note: Note,
): Promise<Peer | undefined> {
  const environment = environmentOf(threads, simd);
  const argument = String(threads);
  const peer = await startPython("torch-transformer.py", argument, () => true, environment);
  return known(peer, "PyTorch", "apt-get install python3-torch", note);
}

/** Sizes of a product: C [m, n] = A [m, k] · B [k, n]. */
export interface ProductSize {
  readonly m: number;
  readonly k: number;
  readonly n: number;
}

/** sgemm of numpy's library, one thread, at most with the instructions of `simd`. */
export async function sgemmPeer(
  { m, k, n }: ProductSize,
  simd: string,
  note: Note,
): Promise<Peer | undefined> {
  // Where numpy is linked with the plain BLAS, another Python's may have OpenBLAS.
  const isFast = (name: string): boolean => name.startsWith("openblas");
  const sizes = [m, k, n].map(String);
  const peer = await startPython("sgemm.py", sizes, isFast, environmentOf(1, simd));
  return known(peer, "numpy", "apt-get install python3-numpy libopenblas0-pthread", note);
}

/** PyTorch on a CUDA device: a product, or a standard step (torch-cuda.py). */
export async function torchCudaPeer(
  kind: string,
  choice: string,
  note: Note,
): Promise<Peer | undefined> {
  const peer = await startPython("torch-cuda.py", [kind, choice], () => true, withThreads(4));
  return known(peer, `PyTorch with CUDA for ${kind} ${choice}`, "pip install torch", note);
}

/** TensorFlow.js in plain JavaScript. */
export async function tfjsPeer(optimizer: PeerOptimizer, note: Note): Promise<Peer | undefined> {
  const peer = await startPeer(process.execPath, [beside("tfjs-cnn.mjs"), REPOSITORY, optimizer]);
  return known(peer, "TensorFlow.js", "npm install", note);
}

function known(peer: Peer | string, what: string, how: string, note: Note): Peer | undefined {
  if (typeof peer !== "string") return peer;
  note(`no ${what} here (${peer}); for its figures: ${how}`);
  return undefined;
}
