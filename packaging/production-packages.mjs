/**
 * Decides which packages of `node_modules/` the daemon needs on a system: what `package.json` names
 * as dependencies, what those need in turn, and of the optional ones those made for that system.
 * The lock file is asked, so that nothing depends on what else happens to be installed.
 */

/**
 * What is packed for.
 * @typedef {object} Target
 * @property {NodeJS.Platform} platform
 * @property {string} arch
 * @property {"glibc" | "musl" | undefined} libc   on Linux
 */

/**
 * An entry of the lock file, as far as it is read.
 * @typedef {object} LockEntry
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [optionalDependencies]
 * @property {boolean} [optional]
 * @property {string[]} [os]
 * @property {string[]} [cpu]
 * @property {string[]} [libc]
 */

/**
 * The folders that have to be packed, in byte order.
 * @param {{ packages: Record<string, LockEntry> }} lock
 * @param {Target} target
 * @returns {string[]} "node_modules/lmdb", "node_modules/lmdb/node_modules/node-addon-api", …
 */
export function productionPackages(lock, target) {
  const found = new Set();
  const waiting = [""];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    const entry = lock.packages[place] ?? {};
    const names = Object.keys({ ...entry.dependencies, ...entry.optionalDependencies });
    for (const name of names) {
      const at = resolvePackage(lock, place, name);
      if (at === undefined) {
        if (entry.optionalDependencies?.[name] !== undefined) continue;
        throw new Error(`package-lock.json names ${name} for ${place} and does not have it`);
      }
      if (found.has(at) || !suits(lock.packages[at] ?? {}, target)) continue;
      found.add(at);
      waiting.push(at);
    }
  }
  return [...found].sort((a, b) => (a < b ? -1 : 1));
}

/** Node's own way up: the package's folder, its parent's, … @param {{packages: object}} lock */
function resolvePackage(lock, /** @type {string} */ from, /** @type {string} */ name) {
  for (let place = from; ; place = place.slice(0, Math.max(0, place.lastIndexOf("node_modules")))) {
    const base = place === "" || place.endsWith("/") ? place : `${place}/`;
    const at = `${base}node_modules/${name}`;
    if (at in lock.packages) return at;
    if (place === "") return undefined;
  }
}

/** True where a package is made for the target. @param {LockEntry} entry @param {Target} target */
function suits(entry, { platform, arch, libc }) {
  const among = (/** @type {string[] | undefined} */ list, /** @type {string} */ word) =>
    list === undefined || list.includes(word);
  const isLibc = entry.libc === undefined || libc === undefined || entry.libc.includes(libc);
  return among(entry.os, platform) && among(entry.cpu, arch) && isLibc;
}

/** Parts of packages that only a compiler or a reader needs. */
const UNUSED = [
  /\.(d\.[cm]?ts|map|cc|cpp|c|h|hpp|gyp|gypi|md|markdown|tgz)$/i,
  /^lmdb\/dependencies\//,
  /^koffi\/(vendor|doc|lib)\//,
  /^secp256k1\/src\//,
  /^usearch\/(c|cpp|cmake|include|numkong)\//,
  // Of TensorFlow.js's many forms the one that Node loads, and the WebAssembly.
  /^@tensorflow\/[^/]+\/(?!package\.json$|(dist|wasm-out)\/(tf[^/]*\.node\.js|[^/]*\.wasm)?$)/,
  /^gpt-tokenizer\/(cjs|data|src)\//,
  /^webgpu\/build\//,
];

/** A licence is packed with what it covers, whatever its file is called. */
const LICENCE = /(^|\/)(licen[cs]e|copying|notice)[^/]*$/i;

/** `prebuilds/<system>-<processor>/`; "+" joins processors of one file. */
const PREBUILD = /(?:^|\/)prebuilds\/([a-z0-9]+)-([a-z0-9+]+)\//;

/** Dawn: one folder a system and processor; on macOS one for both. */
const DAWN = /^webgpu\/dist\/([a-z0-9]+)-([a-z0-9]+)\//;

/**
 * True where a file of a package is needed at run time on the target.
 * @param {string} path     "lmdb/index.js": name of the package, then the path in it
 * @param {Target} target
 */
export function isNeeded(path, { platform, arch }) {
  if (LICENCE.test(path)) return true;
  const prebuild = PREBUILD.exec(path);
  if (prebuild !== null) {
    return prebuild[1] === platform && (prebuild[2] ?? "").split("+").includes(arch);
  }
  const dawn = DAWN.exec(path);
  if (dawn !== null) {
    return dawn[1] === platform && (dawn[2] === arch || dawn[2] === "universal");
  }
  return !UNUSED.some((pattern) => pattern.test(path));
}
