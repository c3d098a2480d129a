/**
 * Decides how a worker's key is made ahead of its machine, for whoever hands keys out to many: a
 * new file of its own, closed to others. The worker's key signs units and energy and holds its
 * bond; pay goes elsewhere, so it needs no password.
 */

import { existsSync } from "node:fs";

import { Fault } from "../contract/outcome.ts";
import { addressOfSecretKey } from "../crypto/index.ts";
import { drawSecret } from "./development-keys.ts";
import { writeKeyFile } from "./key-file.ts";

/**
 * Writes a new key and answers its address, 20 bytes.
 * Throws Fault WALLET_EXPORT_EXISTS where a file is there, WALLET_KEY_IO.
 */
export function makeWorkerKey(file: string, random: (bytes: number) => Uint8Array): Uint8Array {
  if (existsSync(file)) throw new Fault("WALLET_EXPORT_EXISTS", `${file} exists`, { file });
  const secret = drawSecret("secp256k1", random);
  const address = addressOfSecretKey(secret);
  writeKeyFile(file, secret);
  return address;
}
