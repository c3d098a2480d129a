/**
 * Decides how libsecp256k1 stands in for the definition: compiled (npm `secp256k1`), or as
 * WebAssembly (npm `@bitauth/libauth`). The form of a signature is checked by the definition's own
 * function; the library is left the curve alone, in which every correct one agrees.
 */

import { createRequire } from "node:module";
import { invariant } from "../../contract/index.ts";
import {
  addressOfPublicKey,
  DIGEST_BYTES,
  isCanonicalSignature,
  isDigestBelowOrder,
  isSecretKey,
  nobleSignatures,
  SIGNATURE_BYTES,
  V_EVEN,
} from "../../crypto/index.ts";
import type { SignatureBackend } from "../../crypto/index.ts";
import { nativeKeccak256 } from "./keccak.ts";

/** Bytes of r ‖ s. */
const COMPACT_BYTES = 64;

/** The curve as both packages have it, their differences taken away. */
export interface CurveLibrary {
  /** The key's 65 bytes, or undefined where nobody's key is recovered; may throw instead. */
  recover(digest: Uint8Array, compact: Uint8Array, parity: number): Uint8Array | undefined;
  /** r ‖ s with low s and the nonce of RFC 6979; parity of R's y. */
  sign(digest: Uint8Array, secret: Uint8Array): { compact: Uint8Array; parity: number };
}

/** A backend that asks a library. */
export function signaturesOver(library: CurveLibrary): SignatureBackend {
  return {
    recover(digest, signature) {
      invariant(digest.length === DIGEST_BYTES, "a digest has 32 bytes");
      if (!isCanonicalSignature(signature)) return undefined;
      try {
        const compact = signature.subarray(0, COMPACT_BYTES);
        const key = library.recover(digest, compact, signature[COMPACT_BYTES] - V_EVEN);
        return key === undefined ? undefined : addressOfPublicKey(key, nativeKeccak256);
      } catch {
        // The compiled package tells "no point has this x" and "the point at infinity" by throwing.
        return undefined;
      }
    },
    sign(digest, secret) {
      invariant(digest.length === DIGEST_BYTES, "a digest has 32 bytes");
      invariant(isSecretKey("secp256k1", secret), "the secret key was checked");
      // libsecp256k1 feeds such a digest to the nonce as it is, the definition reduced.
      if (!isDigestBelowOrder(digest)) return nobleSignatures.sign(digest, secret);
      const { compact, parity } = library.sign(digest, secret);
      invariant(parity === 0 || parity === 1, "r is the x of its point");
      const signature = new Uint8Array(SIGNATURE_BYTES);
      signature.set(compact);
      signature[COMPACT_BYTES] = V_EVEN + parity;
      return signature;
    },
  };
}

/** What this file uses of npm `secp256k1`; every call throws on what it does not take. */
interface CompiledPackage {
  ecdsaRecover(
    compact: Uint8Array,
    parity: number,
    digest: Uint8Array,
    compressed: boolean,
  ): Uint8Array;
  ecdsaSign(digest: Uint8Array, secret: Uint8Array): { signature: Uint8Array; recid: number };
}

/**
 * libsecp256k1 as compiled for this machine; throws where the package has no binary for it.
 * The package's own entry would then fall back to another JavaScript library, which nobody here
 * has checked; so its binding is asked for by name.
 */
export function loadCompiled(): CurveLibrary {
  const library = createRequire(import.meta.url)("secp256k1/bindings.js") as CompiledPackage;
  return {
    recover: (digest, compact, parity) => library.ecdsaRecover(compact, parity, digest, false),
    sign(digest, secret) {
      const { signature, recid } = library.ecdsaSign(digest, secret);
      return { compact: signature, parity: recid };
    },
  };
}

/** What this file uses of npm `@bitauth/libauth`; a text is its way of saying no. */
interface WasmPackage {
  recoverPublicKeyUncompressed(
    compact: Uint8Array,
    parity: number,
    digest: Uint8Array,
  ): Uint8Array | string;
  signMessageHashRecoverableCompact(
    secret: Uint8Array,
    digest: Uint8Array,
  ): { signature: Uint8Array; recoveryId: number } | string;
}

/** libsecp256k1 as WebAssembly. The file of the package that has it, as the whole takes 0.2 s. */
export async function loadWasm(): Promise<CurveLibrary> {
  const { instantiateSecp256k1 } = await import("@bitauth/libauth/build/lib/crypto/secp256k1.js");
  const library = (await instantiateSecp256k1()) as WasmPackage;
  return {
    recover(digest, compact, parity) {
      const key = library.recoverPublicKeyUncompressed(compact, parity, digest);
      return typeof key === "string" ? undefined : key;
    },
    sign(digest, secret) {
      const signed = library.signMessageHashRecoverableCompact(secret, digest);
      invariant(typeof signed !== "string", "a checked secret signs");
      return { compact: signed.signature, parity: signed.recoveryId };
    },
  };
}
