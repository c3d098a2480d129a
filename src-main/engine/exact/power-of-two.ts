/** Decides how powers of two are made and read off a number: from exponent bits, never by pow. */
import { invariant } from "../../contract/outcome.ts";

/**
 * Bound of every exponent here: balanced operands reach −186, two of them −372, and a sum of
 * 2^53 stays far inside the double range.
 */
const EXPONENT_LIMIT = 600;

const table = new Float64Array(2 * EXPONENT_LIMIT + 1);
const tableWords = new Uint32Array(table.buffer);
// The word that holds sign and exponent: the higher one, wherever this machine keeps it.
const oneWords = new Uint32Array(Float64Array.of(1).buffer);
const HIGH_WORD = oneWords[0] === 0 ? 1 : 0;
for (let e = -EXPONENT_LIMIT; e <= EXPONENT_LIMIT; e += 1) {
  tableWords[2 * (e + EXPONENT_LIMIT) + HIGH_WORD] = (e + 1023) << 20;
}

const scratch = new Float64Array(1);
const scratchWords = new Uint32Array(scratch.buffer);

/** 2^e exactly, |e| ≤ 600. */
export function powerOfTwo(e: number): number {
  invariant(e >= -EXPONENT_LIMIT && e <= EXPONENT_LIMIT, "an exponent of the engine is in range");
  return table[e + EXPONENT_LIMIT];
}

/** The E with 2^E ≤ |x| < 2^(E+1), for a normal double x that is not zero. */
export function binaryExponent(x: number): number {
  scratch[0] = x;
  return ((scratchWords[HIGH_WORD] >>> 20) & 0x7ff) - 1023;
}
