/**
 * Decides how the kernels become text that NVIDIA's driver compiles. The texts lie in the tree,
 * because those who need them have no compiler for them: run `node native/cuda/build.mjs` after a
 * change of native/cuda or of the arithmetic in native/cpu that it shares, and commit what it
 * writes. The compiler is named beside the hashes; the same one makes the same text again.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const FOLDER = join(ROOT, "src-main/adapters/native-engine");

/** Turing has the first tensor cores for bytes; from 8.0 on there are larger ones, fed beside. */
export const CAPABILITIES = [80, 75];

/** @param {number} capability */
export const kernelsFile = (capability) => join(FOLDER, `cuda-kernels-${capability}.ptx.br`);
export const NOTE_FILE = join(FOLDER, "cuda-kernels.json");

const COMPILER = "nvcc";

/** Floating point as written: nothing contracted or flushed, every root and quotient exact. */
const FLAGS = [
  "-ptx",
  "-std=c++17",
  "-fmad=false",
  "-ftz=false",
  "-prec-div=true",
  "-prec-sqrt=true",
  "-Werror",
  "all-warnings",
];

/**
 * The text names the oldest version that has all its instructions, so that drivers older than the
 * compiler take it; a test has it assembled for every kind of device.
 */
const TEXT_VERSION = "7.8";

/** What stands for those digests; of their length, since names tell their own. */
const INTERNAL = "_00000000_10_kernels_cu_00000000";

/** The compiler, as it calls itself; undefined where there is none. */
export function compiler() {
  try {
    const words = execFileSync(COMPILER, ["--version"], { encoding: "utf8", stdio: "pipe" });
    return /release [^\n]*/u.exec(words)?.[0] ?? words;
  } catch {
    return undefined;
  }
}

/**
 * Builds the kernels of one capability.
 * @param {number} capability
 * @returns {string} their text
 */
export function buildKernels(capability) {
  const folder = mkdtempSync(join(tmpdir(), "vivian-cuda-"));
  try {
    const output = join(folder, "kernels.ptx");
    const words = [...FLAGS, `-arch=compute_${capability}`, "-o", output, "native/cuda/kernels.cu"];
    execFileSync(COMPILER, words, { cwd: ROOT, stdio: ["ignore", "ignore", "inherit"] });
    const text = readFileSync(output, "utf8");
    // What the compiler says of itself is no part of the kernels.
    const plain = text.replaceAll(/^\/\/.*\n/gmu, "");
    // Names of what is internal hold a digest of the folder it was compiled in.
    const anywhere = plain.replaceAll(/_[0-9a-f]{8}_10_kernels_cu_[0-9a-f]{8}/gu, INTERNAL);
    return anywhere.replace(/^\.version .*$/mu, `.version ${TEXT_VERSION}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** SHA-256 in hex. @param {string} text */
export const hashOf = (text) => createHash("sha256").update(text).digest("hex");

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const made = compiler();
  if (made === undefined) {
    console.error(`no ${COMPILER}: install NVIDIA's CUDA toolkit`);
    process.exit(1);
  }
  /** @type {Record<string, string>} */
  const hashes = {};
  for (const capability of CAPABILITIES) {
    const text = buildKernels(capability);
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
    const packed = brotliCompressSync(text, { params });
    writeFileSync(kernelsFile(capability), packed);
    hashes[capability] = hashOf(text);
    console.log(`${kernelsFile(capability)}: ${text.length} characters, ${packed.length} bytes`);
  }
  const note = { compiler: made, sha256: hashes };
  writeFileSync(NOTE_FILE, `${JSON.stringify(note, undefined, 2)}\n`);
}
