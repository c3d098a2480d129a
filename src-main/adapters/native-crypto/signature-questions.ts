/**
 * Decides what a signature backend is asked before it may stand in for the definition: signing,
 * recovering, and everything hostile that the rule refuses. The answers are compared as one digest,
 * so that starting does not wait for the definition, which takes over a millisecond an answer.
 */

import { bytesToHex, concatBytes, hexToBytes } from "../../contract/index.ts";
import { SIGNATURE_BYTES } from "../../crypto/index.ts";
import type { SignatureBackend } from "../../crypto/index.ts";
import { nativeSha256 } from "./sha256.ts";

/** One thing to ask. */
export interface SignatureQuestion {
  readonly name: string;
  readonly digest: Uint8Array;
  readonly signature: Uint8Array;
}

/** Answers of the definition as one digest; a test derives it from the definition again. */
export const RIGHT_ANSWERS = "7952e7d8c38e04e5f60a1295212b6de38076b422abd9f4756bcaf2a55ed0c25a";

const SIGNED = 8;
const RANDOM = 12;
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const HALF = ORDER / 2n;
/** x of the base point; with s and digest equal to it the sum is the point at infinity. */
const BASE_X = 0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n;
/** 5 is the least x that no point has. */
const NO_POINT = 5n;
const ENDS: readonly bigint[] = [0n, 1n, HALF, HALF + 1n, ORDER - 1n, ORDER, 2n ** 256n - 1n];

/** A 256-bit integer, big-endian. */
export function word(value: bigint): Uint8Array {
  return hexToBytes(value.toString(16).padStart(64, "0"));
}

/** The bytes of question number n, the same in every process. */
function chance(...numbers: readonly number[]): Uint8Array {
  return nativeSha256(Uint8Array.from(numbers));
}

/** All questions about recovery; the secrets and digests of the first come from `signedOf`. */
export function signatureQuestions(backend: SignatureBackend): readonly SignatureQuestion[] {
  const signed = Array.from({ length: SIGNED }, (_, at) => ({
    name: `signature ${at}`,
    digest: chance(1, at),
    signature: backend.sign(chance(1, at), chance(2, at)),
  }));
  // A random r is the x of a point every second time, and recovers somebody then.
  const random = Array.from({ length: RANDOM }, (_, at) => ({
    name: `random ${at}`,
    digest: chance(3, at),
    signature: concatBytes(chance(4, at), halved(chance(5, at)), Uint8Array.of(27 + (at % 2))),
  }));
  return [...signed, ...random, ...hostile(signed[0])];
}

/** Forms that the rule refuses, and the nearest ones that it takes. */
function hostile({ digest, signature }: SignatureQuestion): readonly SignatureQuestion[] {
  const r = signature.subarray(0, 32);
  const s = signature.subarray(32, 64);
  const v = signature.subarray(64);
  const ask = (name: string, ...parts: readonly Uint8Array[]) => ({
    name,
    digest,
    signature: concatBytes(...parts),
  });
  const highS = word(ORDER - BigInt(`0x${bytesToHex(s)}`));
  const otherV = Uint8Array.of(signature[64] === 27 ? 28 : 27);
  const base = word(BASE_X);
  return [
    ask("high s", r, highS, v),
    ask("high s, other v", r, highS, otherV),
    ask("other v", r, s, otherV),
    ...[0, 1, 2, 3, 26, 29, 30, 31, 255].map((bad) => ask(`v ${bad}`, r, s, Uint8Array.of(bad))),
    ...ENDS.map((end) => ask(`r ${end}`, word(end), s, v)),
    ...ENDS.map((end) => ask(`s ${end}`, r, word(end), v)),
    ask("r of no point", word(NO_POINT), s, v),
    ...[0, 64, 66].map((size) => ask(`${size} bytes`, new Uint8Array(size).fill(27))),
    ...[27, 28].flatMap((parity) => [
      // R = ±G and s = digest: s·R − digest·G is the point at infinity for the even one.
      { ...ask(`infinity ${parity}`, base, word(7n), Uint8Array.of(parity)), digest: word(7n) },
      { ...ask(`digest n ${parity}`, base, word(7n), Uint8Array.of(parity)), digest: word(ORDER) },
      {
        ...ask(`digest above n ${parity}`, base, word(7n), Uint8Array.of(parity)),
        digest: word(2n ** 256n - 1n),
      },
    ]),
  ];
}

/** Clears the top bit, so that s is in the lower half (all but one value in 2^127). */
function halved(s: Uint8Array): Uint8Array {
  return s.with(0, s[0] & 0x7f);
}

/** The answers as one digest: signatures that were made, then an address or nobody for each. */
export function answersOf(backend: SignatureBackend): string {
  const questions = signatureQuestions(backend);
  const parts = questions.flatMap(({ digest, signature }) => {
    const address = backend.recover(digest, signature);
    const given = address === undefined ? [Uint8Array.of(0)] : [Uint8Array.of(1), address];
    return [Uint8Array.of(signature.length === SIGNATURE_BYTES ? 1 : 0), signature, ...given];
  });
  return bytesToHex(nativeSha256(concatBytes(...parts)));
}

/** Names of the questions that the backend answers otherwise than the definition. */
export function wrongAnswers(
  backend: SignatureBackend,
  definition: SignatureBackend,
): readonly string[] {
  const answer = (from: SignatureBackend, { digest, signature }: SignatureQuestion): string => {
    try {
      const address = from.recover(digest, signature);
      return address === undefined ? "nobody" : bytesToHex(address);
    } catch {
      return "a throw";
    }
  };
  return signatureQuestions(definition)
    .filter((question) => answer(backend, question) !== answer(definition, question))
    .map(({ name }) => name);
}
