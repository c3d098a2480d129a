/**
 * Makes digests and signatures for backends to disagree on: honest ones, ones changed by a bit, and
 * every edge of the rule. A case is a pure function of seed and number, so a found one is told by
 * two integers.
 */

import { secp256k1 } from "@noble/curves/secp256k1.js";
import { nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import { bytesToHex, concatBytes, hexToBytes } from "../../../src-main/contract/bytes.ts";
import type { SignatureBackend } from "../../../src-main/crypto/index.ts";

/** One thing to recover from. */
export interface SignatureCase {
  readonly kind: CaseKind;
  readonly digest: Uint8Array;
  readonly signature: Uint8Array;
}

const ORDER = secp256k1.Point.Fn.ORDER;
const PRIME = secp256k1.Point.Fp.ORDER;
const HALF = ORDER / 2n;
const WHOLE = 2n ** 256n;

/** Where r and s are, or nearly are, something else: ends, halves, the field beyond the order. */
const CENTRES: readonly bigint[] = [
  0n,
  HALF,
  ORDER,
  PRIME - ORDER,
  PRIME,
  WHOLE - 1n,
  2n ** 128n,
  0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n,
];
const BYTES: readonly number[] = [0, 1, 0x7f, 0x80, 0xfe, 0xff];
const VS: readonly number[] = [27, 28, 27, 28, 0, 1, 2, 3, 26, 29, 30, 31, 32, 255];

const modulo = (value: bigint, modulus: bigint) => ((value % modulus) + modulus) % modulus;
const word = (value: bigint) => hexToBytes(modulo(value, WHOLE).toString(16).padStart(64, "0"));
const numberOf = (bytes: Uint8Array) => BigInt(`0x${bytesToHex(bytes)}`);

/** Nonces whose points are known, for sums that are, or nearly are, the point at infinity. */
const NONCES = Array.from({ length: 64 }, (_, at) => {
  const nonce = modulo(numberOf(nativeSha256(Uint8Array.of(9, at))), ORDER);
  const point = secp256k1.Point.BASE.multiply(nonce).toAffine();
  return { nonce, r: point.x, v: point.y % 2n === 0n ? 27 : 28 };
});

/** Chance of one case: 32 bytes for each question, from hashes of seed, number and question. */
class Chance {
  readonly #front: Uint8Array;
  #asked = 0;

  constructor(seed: number, number: number) {
    this.#front = new Uint8Array(12);
    const view = new DataView(this.#front.buffer);
    view.setUint32(0, seed);
    view.setUint32(4, number);
  }

  bytes(): Uint8Array {
    this.#front[11] = this.#asked;
    this.#asked += 1;
    return nativeSha256(this.#front);
  }

  /** Below a small bound. */
  below(bound: number): number {
    const bytes = this.bytes();
    return (bytes[0] * 65_536 + bytes[1] * 256 + bytes[2]) % bound;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)];
  }

  /** At most 4 away from a place where something changes. */
  edge(): bigint {
    return this.pick(CENTRES) + BigInt(this.below(9) - 4);
  }

  v(): Uint8Array {
    return Uint8Array.of(27 + this.below(2));
  }
}

type Maker = (chance: Chance, backend: SignatureBackend) => Omit<SignatureCase, "kind">;

const honest: Maker = (chance, backend) => {
  const digest = chance.bytes();
  return { digest, signature: backend.sign(digest, chance.bytes()) };
};

/** 32 bytes as a lower-half s. */
const low = (bytes: Uint8Array) => bytes.with(0, bytes[0] & 0x7f);

const parts = (...of: readonly Uint8Array[]) => concatBytes(...of);

/** The kinds of cases; case number n is of kind n modulo their count. */
const MAKERS = {
  honest,
  "bit changed": (chance, backend) => {
    const { digest, signature } = honest(chance, backend);
    const bit = chance.below(8 * 65);
    signature[bit >> 3] ^= 1 << (bit & 7);
    return { digest, signature };
  },
  "other digest": (chance, backend) => {
    const { digest, signature } = honest(chance, backend);
    const bit = chance.below(256);
    digest[bit >> 3] ^= 1 << (bit & 7);
    return { digest, signature };
  },
  "high s": (chance, backend) => {
    const { digest, signature } = honest(chance, backend);
    signature.set(word(ORDER - numberOf(signature.subarray(32, 64))), 32);
    if (chance.below(2) === 0) signature[64] = 55 - signature[64];
    return { digest, signature };
  },
  "any v": (chance, backend) => {
    const { digest, signature } = honest(chance, backend);
    return { digest, signature: signature.with(64, chance.pick(VS)) };
  },
  "any length": (chance, backend) => {
    const { digest, signature } = honest(chance, backend);
    const size = chance.pick([0, 1, 32, 63, 64, 64, 65, 66, 66, 67, 128]);
    const longer = parts(signature, chance.bytes(), chance.bytes());
    return { digest, signature: longer.slice(0, size) };
  },
  random: (chance) => ({
    digest: chance.bytes(),
    signature: parts(chance.bytes(), low(chance.bytes()), chance.v()),
  }),
  "small r": (chance) => ({
    digest: chance.bytes(),
    signature: parts(
      parts(new Uint8Array(16), chance.bytes().subarray(16)),
      low(chance.bytes()),
      chance.v(),
    ),
  }),
  "edge r": (chance) => ({
    digest: chance.bytes(),
    signature: parts(word(chance.edge()), low(chance.bytes()), chance.v()),
  }),
  "edge s": (chance, backend) => {
    const { digest, signature } = honest(chance, backend);
    signature.set(word(chance.edge()), 32);
    return { digest, signature };
  },
  "edge r and s": (chance) => ({
    digest: chance.below(2) === 0 ? chance.bytes() : word(chance.edge()),
    signature: parts(word(chance.edge()), word(chance.edge()), Uint8Array.of(chance.pick(VS))),
  }),
  "digest at or above the order": (chance) => ({
    digest: word(ORDER + numberOf(chance.bytes().subarray(15 + chance.below(17)))),
    signature: parts(chance.bytes(), low(chance.bytes()), chance.v()),
  }),
  // s·R − digest·G is the point at infinity for digest = s·nonce, and G or its negative beside it.
  "at or beside infinity": (chance) => {
    const { nonce, r, v } = chance.pick(NONCES);
    const s = low(chance.bytes());
    const beside = BigInt(chance.pick([0, 0, 0, 1, -1]));
    const digest = modulo(numberOf(s) * nonce + beside, ORDER);
    const again = chance.below(4) === 0 && digest + ORDER < WHOLE ? digest + ORDER : digest;
    const parity = chance.below(4) === 0 ? 55 - v : v;
    return { digest: word(again), signature: parts(word(r), s, Uint8Array.of(parity)) };
  },
  "few bytes": (chance) => ({
    digest: Uint8Array.from({ length: 32 }, () => chance.pick(BYTES)),
    signature: Uint8Array.from({ length: 65 }, (_, at) => chance.pick(at === 64 ? VS : BYTES)),
  }),
} as const satisfies Record<string, Maker>;

/** Names of the kinds. */
export type CaseKind = keyof typeof MAKERS;

/** All kinds, in the order of their numbers. */
export const CASE_KINDS = Object.keys(MAKERS) as CaseKind[];

/** Case `number` of `seed`; honest signatures in it are made by `backend`. */
export function signatureCase(
  backend: SignatureBackend,
  seed: number,
  number: number,
): SignatureCase {
  const kind = CASE_KINDS[number % CASE_KINDS.length];
  return { kind, ...MAKERS[kind](new Chance(seed, number), backend) };
}

/** What a backend says: an address, nobody, or that it threw, which none may. */
export function verdictOf(backend: SignatureBackend, each: SignatureCase): string {
  try {
    const address = backend.recover(each.digest, each.signature);
    return address === undefined ? "nobody" : bytesToHex(address);
  } catch (error) {
    return `a throw: ${String(error)}`;
  }
}
