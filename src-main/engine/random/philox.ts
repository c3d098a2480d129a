/**
 * Decides the only source of randomness: Philox 4x32-10 (Salmon et al., "Parallel Random Numbers:
 * As Easy as 1, 2, 3", SC 2011), a function of counter and key without any state.
 */

/** Four 32-bit words, unsigned. */
export type PhiloxCounter = readonly [number, number, number, number];

/** Two 32-bit words, unsigned. */
export type PhiloxKey = readonly [number, number];

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
/** Key steps: the golden ratio and √3 − 1, as in the paper. */
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;

/** The high 32 bits of a product of two unsigned 32-bit integers. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  // imul of 16-bit halves is exact modulo 2^32, and no sum below reaches 2^32.
  const low = Math.imul(aLow, bLow) >>> 16;
  const middle = (Math.imul(aHigh, bLow) >>> 0) + low;
  const carried = (Math.imul(aLow, bHigh) >>> 0) + (middle & 0xffff);
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (carried >>> 16)) >>> 0;
}

const scratch = new Uint32Array(4);

/** Ten rounds; the four words are left in `scratch`, so that a caller of one allocates nothing. */
function tenRounds(c0: number, c1: number, c2: number, c3: number, key: PhiloxKey): void {
  let [k0, k1] = key;
  let [w0, w1, w2, w3] = [c0 | 0, c1 | 0, c2 | 0, c3 | 0];
  for (let round = 0; round < ROUNDS; round += 1) {
    const high0 = multiplyHigh(MULTIPLIER_0, w0);
    const high1 = multiplyHigh(MULTIPLIER_1, w2);
    const low0 = Math.imul(MULTIPLIER_0, w0);
    const low1 = Math.imul(MULTIPLIER_1, w2);
    w0 = high1 ^ w1 ^ k0;
    w1 = low1;
    w2 = high0 ^ w3 ^ k1;
    w3 = low0;
    k0 = (k0 + WEYL_0) | 0;
    k1 = (k1 + WEYL_1) | 0;
  }
  scratch[0] = w0;
  scratch[1] = w1;
  scratch[2] = w2;
  scratch[3] = w3;
}

/** Philox 4x32-10: 128 random bits as four unsigned words. */
export function philox([c0, c1, c2, c3]: PhiloxCounter, key: PhiloxKey): PhiloxCounter {
  tenRounds(c0, c1, c2, c3, key);
  return [scratch[0], scratch[1], scratch[2], scratch[3]];
}

/** The first of the four words at counter (c0, c1, c2, c3). */
export function philoxWord(c0: number, c1: number, c2: number, c3: number, key: PhiloxKey): number {
  tenRounds(c0, c1, c2, c3, key);
  return scratch[0];
}
