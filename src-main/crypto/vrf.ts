/**
 * Decides the beacon's randomness: ECVRF-EDWARDS25519-SHA512-TAI (RFC 9381, suite 0x03). The holder
 * of a key turns an input into 64 bytes that nobody can predict, and proves that no other 64 bytes
 * belong to that key and input. A proof is not unique bytes (its point may carry torsion); the
 * output is, so only the output may feed anything agreed upon.
 */

import { mulAddUnsafe } from "@noble/curves/abstract/curve.js";
import { ed25519 } from "@noble/curves/ed25519.js";
import { bytesToNumberLE, numberToBytesLE } from "@noble/curves/utils.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { bytesEqual, concatBytes } from "../contract/bytes.ts";
import { invariant } from "../contract/outcome.ts";
import { decodePoint, decodePublicKey, decodeScalar, hashToScalar } from "./ed25519.ts";
import type { EdwardsPoint } from "./ed25519.ts";
import { isSecretKey } from "./secret-keys.ts";

/** Bytes of a proof: point Gamma (32), challenge c (16), scalar s (32). */
export const VRF_PROOF_BYTES = 80;
/** Bytes of an output. */
export const VRF_OUTPUT_BYTES = 64;

const { Point } = ed25519;
const ORDER = Point.Fn.ORDER;
const CHALLENGE_BYTES = 16;
const CHALLENGE_END = 32 + CHALLENGE_BYTES;

/** suite_string and the separators of RFC 9381 section 5.4. */
const SUITE = 0x03;
const ENCODE_FRONT = new Uint8Array([SUITE, 0x01]);
const CHALLENGE_FRONT = new Uint8Array([SUITE, 0x02]);
const OUTPUT_FRONT = new Uint8Array([SUITE, 0x03]);
const BACK = new Uint8Array([0x00]);

/** What a proof says, decoded but not believed yet. */
interface ProofParts {
  readonly gamma: EdwardsPoint;
  readonly challenge: bigint;
  readonly scalar: bigint;
}

/**
 * Proves the output for `alpha` under a checked secret key (RFC 9381 section 5.1).
 * Nonces are deterministic (section 5.4.2.2), so one input has one proof by an honest holder.
 */
export function vrfProve(
  secret: Uint8Array,
  alpha: Uint8Array,
): { readonly proof: Uint8Array; readonly output: Uint8Array } {
  invariant(isSecretKey("ed25519", secret), "the secret key was checked");
  const { scalar: x, prefix, pointBytes } = ed25519.utils.getExtendedPublicKey(secret);
  const h = encodeToCurve(pointBytes, alpha);
  const gamma = h.multiply(x);
  const nonce = hashToScalar(prefix, h.toBytes());
  const u = Point.BASE.multiply(nonce);
  const v = h.multiply(nonce);
  const challenge = challengeOf(pointBytes, h, gamma, u, v);
  const scalar = (nonce + bytesToNumberLE(challenge) * x) % ORDER;
  const proof = concatBytes(gamma.toBytes(), challenge, numberToBytesLE(scalar, 32));
  return { proof, output: outputOf(gamma) };
}

/**
 * The proved output; undefined when the key or the proof does not hold. Never throws.
 * The key is validated (RFC 9381 section 5.4.5): without that a key of small order could have
 * outputs its holder did not commit to.
 */
export function vrfVerify(
  publicKey: Uint8Array,
  alpha: Uint8Array,
  proof: Uint8Array,
): Uint8Array | undefined {
  const key = decodePublicKey(publicKey);
  const parts = decodeProof(proof);
  if (key === undefined || parts === undefined) return undefined;
  const { gamma, challenge, scalar } = parts;
  const h = encodeToCurve(publicKey, alpha);
  const u = Point.BASE.multiplyUnsafe(scalar).subtract(key.multiplyUnsafe(challenge));
  const v = mulAddUnsafe(Point, [h, gamma.negate()], [scalar, challenge]);
  const expected = challengeOf(publicKey, h, gamma, u, v);
  const given = proof.subarray(32, CHALLENGE_END);
  return bytesEqual(expected, given) ? outputOf(gamma) : undefined;
}

/** The output a proof stands for, without checking the proof (RFC 9381 section 5.2). */
export function vrfOutput(proof: Uint8Array): Uint8Array | undefined {
  const parts = decodeProof(proof);
  return parts === undefined ? undefined : outputOf(parts.gamma);
}

/** Tries counters until a hash is a point, then clears the cofactor (section 5.4.1.1). */
function encodeToCurve(publicKey: Uint8Array, alpha: Uint8Array): EdwardsPoint {
  for (let counter = 0; counter < 256; counter += 1) {
    const tail = new Uint8Array([counter, 0x00]);
    const hash = sha512(concatBytes(ENCODE_FRONT, publicKey, alpha, tail));
    const point = decodePoint(hash.subarray(0, 32))?.clearCofactor();
    if (point !== undefined && !point.is0()) return point;
  }
  // Each try succeeds with probability about one half: 2^-256 that all fail.
  invariant(false, "one of 256 hashes is a point");
}

/** The first 16 bytes of the hash over the five points (section 5.4.3). */
function challengeOf(publicKey: Uint8Array, ...points: readonly EdwardsPoint[]): Uint8Array {
  const encoded = points.map((point) => point.toBytes());
  return sha512(concatBytes(CHALLENGE_FRONT, publicKey, ...encoded, BACK)).slice(
    0,
    CHALLENGE_BYTES,
  );
}

/** Gamma ‖ c ‖ s with Gamma canonical and s below the order (section 5.4.4). */
function decodeProof(proof: Uint8Array): ProofParts | undefined {
  if (proof.length !== VRF_PROOF_BYTES) return undefined;
  const gamma = decodePoint(proof.subarray(0, 32));
  const scalar = decodeScalar(proof.subarray(CHALLENGE_END));
  if (gamma === undefined || scalar === undefined) return undefined;
  return { gamma, challenge: bytesToNumberLE(proof.subarray(32, CHALLENGE_END)), scalar };
}

/** The hash of the cofactor-cleared Gamma, so torsion on it changes nothing. */
function outputOf(gamma: EdwardsPoint): Uint8Array {
  return sha512(concatBytes(OUTPUT_FRONT, gamma.clearCofactor().toBytes(), BACK));
}
