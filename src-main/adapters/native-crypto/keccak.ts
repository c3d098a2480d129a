/**
 * Decides how Keccak-256 is computed: by the native addon, some five times as fast as the
 * definition. Where the addon or its call is missing, or an answer to a fixed question is wrong,
 * it is the definition itself.
 */

import { bytesEqual } from "../../contract/index.ts";
import { DIGEST_BYTES, keccak256 } from "../../crypto/index.ts";
import type { Keccak } from "../../crypto/index.ts";
import { loadAddonFile } from "./addon-file.ts";

/** What this file uses of the addon; an older one lacks it. */
export interface KeccakBinding {
  /** Fills the 32 bytes of `digest`. */
  readonly keccak256?: (bytes: Uint8Array, digest: Uint8Array) => void;
}

/** Lengths asked about: nothing, short, and both sides of one, two and three blocks of 136. */
const QUESTIONS: readonly number[] = [0, 1, 7, 8, 64, 66, 135, 136, 137, 271, 272, 273, 288, 408];

/**
 * The fastest way that is right on this machine.
 * @param load  gives the binding or throws; another one in tests
 */
export function chooseKeccak(load: () => KeccakBinding = loadAddonFile<KeccakBinding>): Keccak {
  try {
    const fill = load().keccak256;
    if (fill === undefined) return keccak256;
    const native: Keccak = (bytes) => {
      const digest = new Uint8Array(DIGEST_BYTES);
      fill(bytes, digest);
      return digest;
    };
    return answersRight(native) ? native : keccak256;
  } catch {
    return keccak256;
  }
}

/** Chosen when it is first needed. */
let chosen: Keccak | undefined;

/** Keccak-256 as this machine does it fastest. */
export const nativeKeccak256: Keccak = (bytes) => (chosen ??= chooseKeccak())(bytes);

function answersRight(hashing: Keccak): boolean {
  return QUESTIONS.every((length) => {
    const bytes = Uint8Array.from({ length }, (_, at) => (at * 151 + length) % 256);
    return bytesEqual(hashing(bytes), keccak256(bytes));
  });
}
