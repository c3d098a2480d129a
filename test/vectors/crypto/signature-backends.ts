/** Decides which backends of account signatures the vectors are put to: all that load here. */

import {
  loadCompiled,
  loadWasm,
  signaturesOver,
} from "../../../src-main/adapters/native-crypto/index.ts";
import { nobleSignatures } from "../../../src-main/crypto/index.ts";
import type { SignatureBackend } from "../../../src-main/crypto/index.ts";

/** Name and backend; the compiled one only where the package has a binary for this machine. */
export async function signatureBackends(): Promise<(readonly [string, SignatureBackend])[]> {
  const backends: (readonly [string, SignatureBackend])[] = [
    ["the definition", nobleSignatures],
    ["libsecp256k1 as WebAssembly", signaturesOver(await loadWasm())],
  ];
  try {
    backends.push(["libsecp256k1, compiled", signaturesOver(loadCompiled())]);
  } catch {
    console.log("skipped: npm secp256k1 has no binary for this machine");
  }
  return backends;
}
