/**
 * Decides how the native engine comes about: node-gyp on the fitting Node, against that Node's own
 * headers, whenever binding.gyp or anything in native/ has changed. Without a compiler the program
 * still runs, on the same kernels as WebAssembly; one line says which package makes it faster.
 */
import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { runCommand } from "./command.mjs";
import { addonFile, buildFolder, inRoot, root } from "./folders.mjs";
import { say, step } from "./journal.mjs";
import { cleanEnvironment } from "./npm.mjs";
import { SetupFailure, failureFrom, saysDiskFull } from "./setup-failure.mjs";
import { filesBelow, forgetStamp, freshResult, writeStamp } from "./stamp.mjs";

/** @typedef {import("./fitting-node.mjs").FittingNode} FittingNode */

const OUTPUT = "build/Release/vivian_native.node";
const HEADERS_LINK = "build/node-headers";

/**
 * The addon's state: a file to load, or the reason why there is none.
 * @typedef {{ file: string } | { absent: string }} Addon
 */

/** @param {FittingNode} node @param {string[]} outputs */
function inputsFor(node, ...outputs) {
  return {
    name: "addon",
    key: `${process.platform}-${process.arch} node ${node.version}`,
    files: ["binding.gyp", ...filesBelow("native")],
    outputs,
  };
}

/**
 * The addon where nothing has to be built: it is fresh, or this tree has none, or its sources have
 * failed to compile and have not changed since (`forgetFailedAddon` makes it try again).
 * @param {FittingNode} node
 * @returns {Addon | undefined}
 */
export function freshAddon(node) {
  if (!existsSync(inRoot("binding.gyp"))) return { absent: "this tree has no native engine" };
  if (freshResult(inputsFor(node, OUTPUT)) === "built") return { file: addonFile };
  if (freshResult(inputsFor(node)) === "failed") return { absent: failedLine() };
  return undefined;
}

/** Lets the next run compile again, for a person who has mended the compiler. */
export function forgetFailedAddon(/** @type {FittingNode} */ node) {
  if (freshResult(inputsFor(node)) === "failed") forgetStamp("addon");
}

function failedLine() {
  const what = "SETUP_ADDON: the native engine does not compile here";
  return `${what} (details: build/setup.log; npm run setup tries again)`;
}

/**
 * Builds the addon, or says in one line what is missing for it.
 * @param {FittingNode} node
 * @returns {Promise<Addon>}
 */
export async function buildAddon(node) {
  const missing = missingTool();
  if (missing !== undefined) {
    const absent = `SETUP_NO_COMPILER: no ${missing}, so no native engine: ${installLine()}`;
    say(`set-up: ${absent}`);
    return { absent };
  }
  let failed = false;
  await step("building the native engine", "native engine built", async () => {
    failed = !(await runNodeGyp(node));
    if (failed) throw new SetupFailure("SETUP_ADDON", failedLine());
  }).catch((error) => {
    if (!failed) throw error;
  });
  if (!failed) {
    writeStamp(inputsFor(node, OUTPUT), "built");
    return { file: addonFile };
  }
  forgetStamp("addon");
  writeStamp(inputsFor(node), "failed");
  return { absent: failedLine() };
}

/** True where the addon was built; a full disk is thrown. @param {FittingNode} node */
async function runNodeGyp(node) {
  const gyp = inRoot("node_modules", "node-gyp", "bin", "node-gyp.js");
  const headers = node.headers === undefined ? [] : [`--nodedir=${plainPath(node.headers)}`];
  // Never `rebuild` or `clean`: node-gyp's build/ is also where Node, data and stamps lie.
  const args = [gyp, "configure", "build", "--release", ...headers, ...parallel()];
  const env = { ...cleanEnvironment(), ...compilerChoice() };
  const result = await runCommand(node.file, args, { cwd: root, env });
  if (result.code === 0 && existsSync(addonFile)) return true;
  if (saysDiskFull(result.output)) {
    throw failureFrom("build the native engine", result.output, { code: "", message: "" });
  }
  if (node.headers === undefined && /install|ENOTFOUND|ECONNREFUSED/.test(result.output)) {
    const failure = failureFrom("fetch Node's headers", result.output, { code: "", message: "" });
    if (failure.code !== "") throw failure;
  }
  return false;
}

/**
 * A name for the headers that holds no space: gyp's make files break at one. A link inside build/,
 * named from the root, has none wherever the tree and Node lie; Windows' build tool does not mind.
 * @param {string} headers
 */
function plainPath(headers) {
  if (process.platform === "win32") return headers;
  mkdirSync(buildFolder, { recursive: true });
  rmSync(inRoot(HEADERS_LINK), { force: true });
  symlinkSync(headers, inRoot(HEADERS_LINK));
  return HEADERS_LINK;
}

function parallel() {
  return process.platform === "win32" ? [] : ["--jobs=max"];
}

/** The first tool that a build needs and this machine lacks. */
function missingTool() {
  // Windows finds its tools through the registry, which node-gyp does better than we could.
  if (process.platform === "win32") return undefined;
  const python = process.env["PYTHON"] ?? process.env["npm_config_python"];
  if (python === undefined && !onPath("python3") && !onPath("python")) return "Python 3";
  if (!onPath("make") && !onPath("gmake")) return "make";
  const compilers = [process.env["CXX"]?.split(" ")[0] ?? "", "g++", "c++", "clang++"];
  return compilers.some((name) => name !== "" && onPath(name)) ? undefined : "C++ compiler";
}

/** make takes g++ unless told otherwise; a machine may have clang alone. */
function compilerChoice() {
  if (process.env["CXX"] !== undefined || process.platform === "win32") return {};
  if (onPath("g++") || !onPath("clang++")) return {};
  return { CXX: "clang++", CC: "clang" };
}

/** @param {string} program */
function onPath(program) {
  if (program.includes("/")) return existsSync(program);
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders.some((folder) => folder !== "" && existsSync(join(folder, program)));
}

function installLine() {
  if (process.platform === "darwin") return "xcode-select --install";
  if (process.platform === "win32") {
    return "install Visual Studio Build Tools (Desktop development with C++) and Python 3";
  }
  return "apt-get install g++ make python3 (or your system's packages of these names)";
}
