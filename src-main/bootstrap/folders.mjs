/**
 * Decides where set-up keeps what it makes. Everything lies under `build/`, which is not committed,
 * so that removing that folder (and node_modules/) is a complete reset.
 */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root, found from this file, so that the working directory does not matter. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export const buildFolder = join(root, "build");
export const stampFolder = join(buildFolder, "stamps");
export const nodeFolder = join(buildFolder, "node");
export const dataFolder = join(buildFolder, "data");
export const logFile = join(buildFolder, "setup.log");
export const lockFolder = join(buildFolder, "setup.lock");
export const addonFile = join(buildFolder, "Release", "vivian_native.node");

/** A path inside the repository. @param {...string} parts */
export function inRoot(...parts) {
  return join(root, ...parts);
}
