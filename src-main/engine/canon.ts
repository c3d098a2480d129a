/**
 * Decides which f32 values exist: +0, or a magnitude in [2^-96, 2^60] (NUMERICS.md, "Canonical
 * numbers"). Every operation ends here, so subnormals, flushing, -0, NaN and infinities can never
 * make two devices differ.
 */

/** Largest magnitude of a canonical number: 2^60. */
export const LARGEST = 1152921504606846976;

/** Smallest magnitude of a canonical number that is not +0: 2^-96. */
export const SMALLEST = 1 / 79228162514264337593543950336;

const scratchFloat = new Float32Array(1);
const scratchBits = new Uint32Array(scratchFloat.buffer);

/**
 * Rounds to 24 bits (ties to even), then clamps into the canonical range.
 * @param x  any double that is not NaN; where a result of f32 operands is rounded twice (double,
 *           then f32) the outcome equals one rounding, because 53 ≥ 2·24 + 2
 */
export function canon(x: number): number {
  const rounded = Math.fround(x);
  const magnitude = Math.abs(rounded);
  // Rounding in f32's subnormal range is coarser than the definition's, but all of it is below
  // 2^-96 and becomes +0 either way.
  if (magnitude < SMALLEST) return 0;
  if (magnitude > LARGEST) return rounded > 0 ? LARGEST : -LARGEST;
  return rounded;
}

/** The f32 whose bit pattern is `bits` (taken modulo 2^32). */
export function floatOfBits(bits: number): number {
  scratchBits[0] = bits;
  return scratchFloat[0];
}

/** The bit pattern of the f32 nearest to `x`, as an unsigned 32-bit integer. */
export function bitsOfFloat(x: number): number {
  scratchFloat[0] = x;
  return scratchBits[0];
}

/** Whether an f32 bit pattern is a canonical number. */
export function isCanonicalBits(bits: number): boolean {
  if (bits >>> 0 === 0) return true;
  const magnitudeBits = bits & 0x7fffffff;
  return magnitudeBits >= 0x0f800000 && magnitudeBits <= 0x5d800000;
}

/**
 * The index of the first element that is not a canonical number, or -1.
 * @cost one pass over the bits, no float operation
 */
export function firstNonCanonical(values: Float32Array): number {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let index = 0; index < bits.length; index += 1) {
    if (!isCanonicalBits(bits[index])) return index;
  }
  return -1;
}
