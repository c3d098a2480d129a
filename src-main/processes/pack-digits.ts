/**
 * Packs the digits data set at build time: node src-main/processes/pack-digits.ts [target].
 * A target that already has the right digest is left as it is.
 */

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { DIGITS_BLOB_SHA256, packDigits, writeDatasetFile } from "../adapters/datasets/index.ts";
import { nativeSha256 } from "../adapters/native-crypto/index.ts";
import { bytesToHex } from "../contract/bytes.ts";
import { Fault } from "../contract/outcome.ts";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Where set-up leaves the packed digits. */
const target = process.argv[2] ?? join(root, "build", "data", "digits.blob");

/** Whether the target is already what it would become. */
function isFresh(): boolean {
  if (!existsSync(target)) return false;
  return bytesToHex(nativeSha256(readFileSync(target))) === DIGITS_BLOB_SHA256;
}

/** The folder of the ten source files. */
function sourceFolder(): string {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve("mnist/package.json")), "src", "digits");
}

try {
  if (!isFresh()) writeDatasetFile(target, packDigits(nativeSha256, sourceFolder()));
} catch (error) {
  if (!(error instanceof Fault)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = 1;
}
