/**
 * Decides what a package brings besides the window: a folder `vivian/` from which the bundled Node
 * runs the daemon and every command, with nothing of the system's. Plain files, since plain Node
 * cannot read Electron's archives.
 */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { isNeeded, productionPackages } from "./production-packages.mjs";

/** @typedef {import("./production-packages.mjs").Target} Target */

/** Rooms that need the tree: set-up, and the window, which is packed apart. */
const LEFT_OUT = new Set(["bootstrap", "bootstrap.mjs", "bin", "shell"]);

/** What set-up has made, as the daemon looks for it from its own root. */
const MADE = ["assets/index.html", "build/data/digits.blob", "build/Release/vivian_native.node"];

/** What set-up makes on some systems only: the process that speaks to PJRT plugins. */
const MADE_ON_SOME = ["build/Release/vivian_pjrt"];

/** The oldest Node that runs our sources as they are (bootstrap/fitting-node.mjs). */
const OLDEST = [24, 15];

/** The command for a shell; a link to it on the PATH is followed to where it lies. */
const SHELL_COMMAND = `#!/bin/sh
# Runs the vivian command on the Node that belongs to it.
self=$0
while [ -h "$self" ]; do
  link=$(readlink "$self")
  case $link in
    /*) self=$link ;;
    *) self=\${self%/*}/$link ;;
  esac
done
root=$(CDPATH= cd -- "\${self%/*}/.." && pwd -P)
exec "$root/runtime/node" "$root/src-main/processes/cli.ts" "$@"
`;

const WINDOWS_COMMAND = [
  "@echo off",
  '"%~dp0..\\runtime\\node.exe" "%~dp0..\\src-main\\processes\\cli.ts" %*',
  "",
].join("\r\n");

/**
 * Lays the folder out.
 * @param {object} wish
 * @param {string} wish.root     the tree, set up
 * @param {string} wish.folder   gets `vivian/`; what was there of that name goes
 * @param {string} wish.node     the Node to bundle
 * @param {Target} wish.target
 * @returns {{ folder: string, packages: number, nodeVersion: string }}
 */
export function collectRuntime({ root, folder, node, target }) {
  const missing = MADE.filter((path) => !existsSync(join(root, path)));
  if (missing.length > 0) {
    throw new Error(`set-up has not made ${missing.join(", ")}; run npm run setup`);
  }
  const nodeVersion = checkNode(node);
  const partial = join(folder, `vivian.${process.pid}.partial`);
  rmSync(partial, { recursive: true, force: true });
  copyTree(join(root, "src-main"), join(partial, "src-main"), (path) => {
    return !LEFT_OUT.has(path.split("/")[0] ?? "") && !path.endsWith(".md");
  });
  copyTree(join(root, "assets"), join(partial, "assets"));
  const some = MADE_ON_SOME.filter((path) => existsSync(join(root, path)));
  for (const path of [...MADE.slice(1), ...some]) copyFile(join(root, path), join(partial, path));
  copyFile(join(root, "LICENSE"), join(partial, "LICENSE"));
  writeManifest(root, partial);
  const packages = copyPackages(root, partial, target);
  copyNode(node, partial, target);
  const placed = join(folder, "vivian");
  rmSync(placed, { recursive: true, force: true });
  renameSync(partial, placed);
  return { folder: placed, packages, nodeVersion };
}

/** Its version, asked of itself. A Node that needs libraries of its own cannot be moved. */
function checkNode(/** @type {string} */ node) {
  const question =
    "JSON.stringify([process.versions.node, process.config.variables.node_shared === true])";
  const asked = spawnSync(node, ["-p", question], { encoding: "utf8", timeout: 20_000 });
  if (asked.status !== 0) throw new Error(`${node} does not run here: ${asked.stderr ?? ""}`);
  const [version, isShared] = JSON.parse(asked.stdout);
  const [major = 0, minor = 0] = String(version).split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    throw new Error(`Node ${OLDEST.join(".")} or newer is bundled; ${node} is ${version}`);
  }
  if (isShared) throw new Error(`${node} needs libnode beside it; name one of nodejs.org's`);
  return String(version);
}

/** Only what the program reads of package.json: its version, and that its files are modules. */
function writeManifest(/** @type {string} */ root, /** @type {string} */ target) {
  const { name, version, license, type } = readJson(join(root, "package.json"));
  const text = JSON.stringify({ name, version, license, private: true, type }, undefined, 2);
  writeFileSync(join(target, "package.json"), `${text}\n`);
}

/** @param {string} root @param {string} target @param {Target} system */
function copyPackages(root, target, system) {
  const places = productionPackages(readJson(join(root, "package-lock.json")), system);
  for (const place of places) {
    if (!existsSync(join(root, place, "package.json"))) {
      throw new Error(`${place} is not installed for ${system.platform}-${system.arch}`);
    }
    const name = place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length);
    copyTree(join(root, place), join(target, place), (path) => {
      // A package within a package is named by the lock file itself.
      return !path.startsWith("node_modules/") && isNeeded(`${name}/${path}`, system);
    });
  }
  return places.length;
}

/** @param {string} node @param {string} target @param {Target} system */
function copyNode(node, target, { platform }) {
  const isWindows = platform === "win32";
  const program = join(target, "runtime", isWindows ? "node.exe" : "node");
  copyFile(node, program);
  chmodSync(program, 0o755);
  const licence = join(dirname(dirname(node)), "LICENSE");
  if (existsSync(licence)) copyFile(licence, join(target, "runtime", "LICENSE"));
  const command = join(target, "bin", isWindows ? "vivian.cmd" : "vivian");
  mkdirSync(dirname(command), { recursive: true });
  writeFileSync(command, isWindows ? WINDOWS_COMMAND : SHELL_COMMAND, { mode: 0o755 });
}

/**
 * Copies files; folders come about with their first file, so none is empty. Links are not copied.
 * @param {string} from
 * @param {string} to
 * @param {(path: string) => boolean} [takes]   path from the folder, with forward slashes
 */
function copyTree(from, to, takes = () => true, below = "") {
  for (const entry of readdirSync(join(from, below), { withFileTypes: true })) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) {
      if (takes(`${path}/`)) copyTree(from, to, takes, path);
    } else if (entry.isFile() && takes(path)) copyFile(join(from, path), join(to, path));
  }
}

function copyFile(/** @type {string} */ from, /** @type {string} */ to) {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { mode: 0 });
  chmodSync(to, statSync(from).mode & 0o755);
}

/** @param {string} file @returns {any} */
function readJson(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}
