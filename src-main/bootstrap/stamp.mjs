/**
 * Decides whether a step of set-up is fresh. A stamp names what the step read (a key, and files
 * with their size and time), what it made, and the hash of what it read. Sizes and times are
 * compared first, because that costs microseconds; bytes are hashed only where one of them has
 * changed, so a fresh clone or a touched file does not cost a rebuild.
 */
import { createHash } from "node:crypto";
import {
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { root, stampFolder } from "./folders.mjs";

/**
 * What a step reads and makes. Paths are relative to the repository's root.
 * @typedef {object} StepInputs
 * @property {string} name        the stamp's file name
 * @property {string} key         everything besides files that the result depends on
 * @property {string[]} files     files read
 * @property {string[]} outputs   files and folders made; a missing one makes the step stale
 */

const STAMP_FORMAT = 1;

/** Size and time of a file, or "absent". */
function sizeAndTime(/** @type {string} */ path) {
  const stats = statSync(join(root, path), { throwIfNoEntry: false });
  if (stats === undefined) return "absent";
  return stats.isDirectory() ? "folder" : `${stats.size} ${stats.mtimeMs}`;
}

function sizesAndTimes(/** @type {string[]} */ paths) {
  return paths.map((path) => `${path} ${sizeAndTime(path)}`);
}

/** SHA-256 over the key and the names, lengths and bytes of the files. */
function contentHash(/** @type {StepInputs} */ inputs) {
  const hash = createHash("sha256").update(`${inputs.key}\n`);
  for (const path of inputs.files) {
    const bytes = readFileSync(join(root, path));
    hash.update(`${path} ${bytes.length}\n`).update(bytes);
  }
  return hash.digest("hex");
}

/** @param {StepInputs} inputs */
function stampFile(inputs) {
  return join(stampFolder, `${inputs.name}.json`);
}

/**
 * What the step left behind when it last ended with these inputs: `undefined` where it has to run.
 * @param {StepInputs} inputs
 * @returns {string | undefined} the result given to `writeStamp`
 */
export function freshResult(inputs) {
  let stamp;
  try {
    stamp = JSON.parse(readFileSync(stampFile(inputs), "utf8"));
  } catch {
    return undefined;
  }
  if (stamp.format !== STAMP_FORMAT || stamp.key !== inputs.key) return undefined;
  const outputs = sizesAndTimes(inputs.outputs);
  if (outputs.some((line) => line.endsWith(" absent"))) return undefined;
  if (!equalLists(outputs, stamp.outputs)) return undefined;
  if (equalLists(sizesAndTimes(inputs.files), stamp.files)) return stamp.result;
  if (inputs.files.some((path) => sizeAndTime(path) === "absent")) return undefined;
  if (contentHash(inputs) !== stamp.hash) return undefined;
  writeStamp(inputs, stamp.result);
  return stamp.result;
}

/**
 * Records that the step has ended with these inputs.
 * @param {StepInputs} inputs
 * @param {string} result   a word that `freshResult` gives back
 */
export function writeStamp(inputs, result) {
  const stamp = {
    format: STAMP_FORMAT,
    key: inputs.key,
    hash: contentHash(inputs),
    files: sizesAndTimes(inputs.files),
    outputs: sizesAndTimes(inputs.outputs),
    result,
  };
  mkdirSync(stampFolder, { recursive: true });
  const partial = `${stampFile(inputs)}.${process.pid}`;
  writeFileSync(partial, `${JSON.stringify(stamp, undefined, 1)}\n`);
  renameSync(partial, stampFile(inputs));
}

/** Forgets a step, so that it runs the next time. @param {string} name */
export function forgetStamp(name) {
  rmSync(join(stampFolder, `${name}.json`), { force: true });
}

/**
 * Every file below a folder, relative to the root, in byte order; empty where there is none.
 * @param {string} folder
 * @returns {string[]}
 */
export function filesBelow(folder) {
  let entries;
  try {
    entries = readdirSync(join(root, folder), { withFileTypes: true });
  } catch {
    return [];
  }
  return entries
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      return entry.isDirectory() ? filesBelow(path) : [path];
    })
    .sort();
}

/** @param {string[]} a @param {unknown} b */
function equalLists(a, b) {
  return Array.isArray(b) && a.length === b.length && a.every((line, index) => line === b[index]);
}
