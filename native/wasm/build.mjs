/**
 * Decides how the kernels become one WebAssembly module. The module lies in the tree, because those
 * who need it have no compiler: run `node native/wasm/build.mjs` after a change of native/cpu and
 * commit what it writes. Compiler and linker are named beside the module's hash; the same ones make
 * the same bytes again, wherever the tree lies.
 */
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The module and the note beside it. */
export const MODULE_FILE = join(ROOT, "src-main/adapters/wasm-engine/kernels.wasm");
export const NOTE_FILE = join(ROOT, "src-main/adapters/wasm-engine/kernels.json");

const COMPILER = "clang++";
const LINKER = "wasm-ld";
const JOBS = 2;

/** Floating point as written, as in binding.gyp; no exceptions, since nothing here throws. */
const FLAGS = [
  "--target=wasm32-wasi",
  "-msimd128",
  "-mbulk-memory",
  "-std=c++20",
  "-ffp-contract=off",
  "-fno-fast-math",
  "-fno-math-errno",
  "-fno-trapping-math",
  "-fno-exceptions",
  "-fno-rtti",
  "-fvisibility=hidden",
  "-Wall",
  "-Wextra",
  "-Werror",
  "-Wno-missing-field-initializers",
  "-Wno-unused-private-field",
  "-Wno-unknown-warning-option",
];

/** Measured: -O3 is no faster here and a fifth larger; what plans a step runs once. */
const KERNEL_FLAGS = ["-DVIVIAN_LEVEL=4", "-O2"];
const SESSION_FLAGS = ["-Os"];

/** The stack lies first, so that running out of it ends the call instead of writing over data. */
const LINK_FLAGS = [
  "--target=wasm32-wasi",
  "-mexec-model=reactor",
  "-Wl,--strip-all",
  "-Wl,--stack-first",
  "-Wl,-z,stack-size=1048576",
  "-Wl,--max-memory=4294967296",
];

const SESSION_SOURCES = [
  "native/cpu/attention-plan.cc",
  "native/cpu/depthwise-plan.cc",
  "native/cpu/bound-plan.cc",
  "native/cpu/memory-plan.cc",
  "native/cpu/program.cc",
  "native/cpu/row-chain.cc",
  "native/cpu/sequence-shape-rules.cc",
  "native/cpu/session.cc",
  "native/cpu/shape-rules.cc",
  "native/cpu/simd-levels.cc",
  "native/cpu/step-layout.cc",
  "native/cpu/step-plan.cc",
  "native/wasm/face.cc",
  "native/wasm/one-thread.cc",
];

/** What measures a processor's limits is of no use behind a virtual machine. */
const LEFT_OUT = new Set(["native/cpu/peak.cc", "native/cpu/triad.cc"]);

/** The kernels listed in binding.gyp. */
function kernelSources() {
  const text = readFileSync(join(ROOT, "binding.gyp"), "utf8");
  const list = /"kernel_sources": \[([^\]]*)\]/.exec(text)?.[1] ?? "";
  const sources = [...list.matchAll(/"([^"]+)"/g)].map(([, source]) => source ?? "");
  return sources.filter((source) => !LEFT_OUT.has(source));
}

/** Compiler and linker, as they call themselves; undefined where one is missing. */
export function tools() {
  try {
    const versionOf = (/** @type {string} */ program) =>
      execFileSync(program, ["--version"], { encoding: "utf8", stdio: "pipe" }).split("\n")[0];
    return { compiler: versionOf(COMPILER) ?? "", linker: versionOf(LINKER) ?? "" };
  } catch {
    return undefined;
  }
}

/** @param {string[]} words @returns {Promise<void>} */
function compile(words) {
  return new Promise((resolve, reject) => {
    const child = spawn(COMPILER, words, { cwd: ROOT, stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text) => (said += text));
    child.once("error", reject);
    child.once("close", (code) => (code === 0 ? resolve() : reject(new Error(said))));
  });
}

/**
 * Builds the module.
 * @returns {Promise<Uint8Array>} its bytes
 */
export async function buildModule() {
  const folder = mkdtempSync(join(tmpdir(), "vivian-wasm-"));
  try {
    const kernels = kernelSources().map((source) => ({ source, own: KERNEL_FLAGS }));
    const others = SESSION_SOURCES.map((source) => ({ source, own: SESSION_FLAGS }));
    const all = [...kernels, ...others].map(({ source, own }) => {
      return { source, own, object: join(folder, `${basename(source)}.o`) };
    });
    const left = [...all];
    const work = async () => {
      for (let next = left.pop(); next !== undefined; next = left.pop()) {
        await compile([...FLAGS, ...next.own, "-c", next.source, "-o", next.object]);
      }
    };
    await Promise.all(Array.from({ length: JOBS }, work));
    const output = join(folder, "kernels.wasm");
    await compile([...LINK_FLAGS, ...all.map(({ object }) => object), "-o", output]);
    return new Uint8Array(readFileSync(output));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** SHA-256 in hex. @param {Uint8Array} bytes */
export function hashOf(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const made = tools();
  if (made === undefined) {
    console.error(
      `no ${COMPILER} or ${LINKER}: apt-get install clang lld wasi-libc libc++-dev-wasm32`,
    );
    process.exit(1);
  }
  const bytes = await buildModule();
  writeFileSync(MODULE_FILE, bytes);
  const note = { sha256: hashOf(bytes), bytes: bytes.length, ...made };
  writeFileSync(NOTE_FILE, `${JSON.stringify(note, undefined, 2)}\n`);
  console.log(`${MODULE_FILE}: ${bytes.length} bytes, SHA-256 ${note.sha256}`);
}
