/** Decides how a hash is written on a command line: 64 hex digits. */

import { InvalidArgumentError } from "commander";

import { hexToBytes } from "../../contract/bytes.ts";

/** Reads 32 bytes; anything else is a usage error (exit code 2). */
export function readDigest(text: string): Uint8Array {
  if (/^[0-9a-fA-F]{64}$/.test(text)) return hexToBytes(text);
  throw new InvalidArgumentError("A hash has 64 hex digits.");
}
