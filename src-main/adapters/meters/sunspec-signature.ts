/**
 * Decides what the signature of SunSpec model 220 proves. The public definition of the model names
 * the fields Ts, Ms, Seq, Alg (0 none, 1 AES-GMAC-64, 2 ECC-256), N and DS, and no more: neither
 * which registers are signed, nor the hash, nor how r and s lie in DS. This reads ECC-256 as ECDSA
 * on P-256 with SHA-256 over the registers as they travel, from the model's id, or from its first
 * point after the length, to N, and DS as r ‖ s. A meter that signs otherwise is not checked: its
 * signature is then said to be wrong, never right. AES-GMAC-64 needs a key that both sides share,
 * which proves nothing to a third, so it is passed on unchecked; so is a certificate, of which the
 * model has none.
 */

import { Fault } from "../../contract/outcome.ts";
import { P256_SIGNATURE_BYTES, verifyP256 } from "../../crypto/p256.ts";
import type { MeterReading } from "../../ports/meter.ts";
import { u32At } from "./sunspec-registers.ts";
import type { ModelRegisters } from "./sunspec-registers.ts";

const PLACES = { seconds: 38, milliseconds: 40, sequence: 41, algorithm: 42, count: 43, first: 44 };

/** Registers of the head, which some may leave out of what they sign. */
const HEAD = 2;

/** Model 220 says that N is at least 4. */
const SIGNATURE_REGISTERS_MIN = 4;

const ALGORITHMS = ["NONE", "AES-GMAC-64", "ECC-256"];
const ECC_256 = 2;

/** Ts counts from here; the definition names no time zone, so UTC. */
const MS_2000 = Date.UTC(2000, 0, 1);

/** What a signed reading says of itself. */
export interface SignedMoment {
  readonly signature: MeterReading["signature"];
  /** The meter's own clock. */
  readonly meterMs: number;
  readonly sequence: number;
}

/**
 * Reads and, with a key, checks the signature.
 * @param registers  of the whole model, the head included
 * @param publicKey  SEC1, 33 or 65 bytes; null: nothing is checked
 * Throws Fault METERS_ANSWER where the fields contradict each other, METERS_SIGNATURE where there
 * is a key and no signature of its owner.
 */
export function signedMoment(
  registers: ModelRegisters,
  publicKey: Uint8Array | null,
): SignedMoment {
  const seconds = u32At(registers, PLACES.seconds) ?? 0;
  const [milliseconds, sequence, algorithm, count] = registers.slice(40, 44);
  const last = PLACES.first + count;
  if (count < SIGNATURE_REGISTERS_MIN || last > registers.length || milliseconds > 999) {
    const facts = { signatureRegisters: count, registers: registers.length };
    throw new Fault("METERS_ANSWER", "the signed model contradicts itself", facts);
  }
  const name = ALGORITHMS[algorithm] ?? `algorithm ${algorithm}`;
  const bytes = toBytes(registers.slice(PLACES.first, last));
  const checked = publicKey !== null && algorithm === ECC_256 && fits(registers, bytes, publicKey);
  if (publicKey !== null && !checked) {
    const facts = { algorithm: name, sequence };
    throw new Fault("METERS_SIGNATURE", "the reading is not signed by the configured key", facts);
  }
  return {
    signature: algorithm === 0 ? null : { sequence, algorithm: name, bytes, checked },
    meterMs: MS_2000 + seconds * 1_000 + milliseconds,
    sequence,
  };
}

function fits(registers: ModelRegisters, bytes: Uint8Array, publicKey: Uint8Array): boolean {
  const signature = bytes.subarray(0, P256_SIGNATURE_BYTES);
  return [0, HEAD].some((first) =>
    verifyP256(signature, toBytes(registers.slice(first, PLACES.first)), publicKey),
  );
}

function toBytes(words: ModelRegisters): Uint8Array {
  return new Uint8Array(words.flatMap((word) => [word >> 8, word & 0xff]));
}
