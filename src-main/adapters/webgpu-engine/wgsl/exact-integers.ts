/**
 * Decides in WGSL how numbers become integers with a shared power of two, and how an exact 64-bit
 * sum in two words becomes a number again (NUMERICS.md, "Exact products", "Sums"). Needs
 * `soft-float.ts`.
 */

/** Sizes, quantising, 64-bit sums and their one rounding. */
export const EXACT_INTEGERS = /* wgsl */ `
// Balanced exponents leave the f32 range: 64 is added to the field, which then stays within 9 bits.
const BIAS = 64;

// The size of a number times 2^shift as an integer whose order is that of the sizes; 0 for zero.
fn size_of(bits: u32, shift: i32) -> u32 {
  let magnitude = bits & MAGNITUDE;
  return select(magnitude + (u32(shift + BIAS) << 23u), 0u, magnitude == 0u);
}

fn binary_exponent(size: u32) -> i32 { return i32(size >> 23u) - 127 - BIAS; }

// The least e with a size of at most bound * 2^e; 0 for a size of zero. bound is 8127 or 127.
fn least_exponent(size: u32, bound: u32) -> i32 {
  if (size == 0u) { return 0; }
  let wide = bound == 8127u;
  let above = ((size & FRACTION) | HIDDEN) > (bound << select(17u, 11u, wide));
  return binary_exponent(size) - select(6, 12, wide) + select(0, 1, above);
}

// The integer nearest to bits * 2^(shift - exponent), ties to even; its size is below 2^31.
fn quantised(bits: u32, shift: i32, exponent: i32) -> i32 {
  if (bits == 0u) { return 0; }
  let places = 150 - i32((bits >> 23u) & 0xffu) - shift + exponent;
  let whole = (bits & FRACTION) | HIDDEN;
  var magnitude = 0u;
  if (places < 0) { magnitude = whole << u32(-places); }
  else { magnitude = shifted_half_even(whole, u32(min(places, 31))); }
  return select(i32(magnitude), -i32(magnitude), (bits & SIGN) != 0u);
}

// A 64-bit sum: x is its low word, y its high one.
fn plus(sum: vec2<u32>, term: i32) -> vec2<u32> {
  let low = sum.x + u32(term);
  return vec2<u32>(low, sum.y + u32(term >> 31u) + select(0u, 1u, low < sum.x));
}

fn plus64(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  let low = a.x + b.x;
  return vec2<u32>(low, a.y + b.y + select(0u, 1u, low < a.x));
}

// canon(round24(sum * 2^exponent)), sum signed.
fn rounded64(sum: vec2<u32>, exponent: i32) -> u32 {
  if (sum.x == 0u && sum.y == 0u) { return 0u; }
  let sign = sum.y & SIGN;
  var low = sum.x;
  var high = sum.y;
  if (sign != 0u) {
    high = ~high + select(0u, 1u, low == 0u);
    low = ~low + 1u;
  }
  let zeros = select(countLeadingZeros(high), 32u + countLeadingZeros(low), high == 0u);
  var top = low << (zeros & 31u);
  if (zeros < 32u) {
    let lost = (low << zeros) != 0u;
    top = (high << zeros) | select(low >> ((32u - zeros) & 31u), 0u, zeros == 0u);
    top |= select(0u, 1u, lost);
  }
  return canon_round(sign, 63 - i32(zeros) + exponent, top);
}
`;
