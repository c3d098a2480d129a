import {
  chooseMapHashing,
  nativeEd25519Verify,
  nativeSha256,
  nativeSignatures,
} from "../../src-main/adapters/native-crypto/index.ts";
import { ed25519PublicKey, ed25519Sign, vrfProve, vrfVerify } from "../../src-main/crypto/index.ts";
import type { Log } from "../../src-main/ports/log.ts";

/** The validator's keys as a node takes them. */
export function validatorKeys(consensusSecret: Uint8Array, vrfSecret: Uint8Array) {
  return {
    consensusKey: ed25519PublicKey(consensusSecret),
    vrfKey: ed25519PublicKey(vrfSecret),
    sign: (message: Uint8Array) => ed25519Sign(consensusSecret, message),
    prove: (alpha: Uint8Array) => vrfProve(vrfSecret, alpha).proof,
  };
}

const { backend: signatures } = await nativeSignatures();

/** The cryptography of a real daemon. */
export function nodeCrypto() {
  return {
    hasher: nativeSha256,
    hashPairs: chooseMapHashing(),
    verifyVrf: vrfVerify,
    verifyEd25519: nativeEd25519Verify,
    signatures,
  };
}

/** A log that keeps its lines for the test to read. */
export function keptLog(): { readonly log: Log; readonly lines: string[] } {
  const lines: string[] = [];
  const write = (message: string, facts?: object) =>
    void lines.push(`${message} ${JSON.stringify(facts ?? {})}`);
  return { log: { info: write, warn: write, error: write }, lines };
}
