/**
 * Decides the primitives on canonical numbers in WGSL (NUMERICS.md, "Primitives"). WGSL names no
 * rounding mode, may flush and may fuse, but integers wrap the same everywhere: so a number is its
 * u32 bits here, and no f32 exists in any kernel. Canonical numbers are +0 or normal, which leaves
 * sign, exponent and significand to handle and nothing else.
 */

/** Rounding, sums, products, quotients and roots on bits of canonical numbers. */
export const SOFT_FLOAT = /* wgsl */ `
const LARGEST = 0x5d800000u;
const SMALLEST = 0x0f800000u;
const ONE = 0x3f800000u;
const SIGN = 0x80000000u;
const MAGNITUDE = 0x7fffffffu;
const FRACTION = 0x7fffffu;
const HIDDEN = 0x800000u;

// canon(round24(significand * 2^(exponent - 31))); bit 31 is set, bit 0 holds whatever was lost.
fn canon_round(sign: u32, exponent: i32, significand: u32) -> u32 {
  if (exponent < -97) { return 0u; }
  if (exponent > 60) { return sign | LARGEST; }
  let rest = significand & 0xffu;
  let kept = significand >> 8u;
  let up = rest > 0x80u || (rest == 0x80u && (kept & 1u) == 1u);
  // The hidden bit raises the exponent field by one, and so does a carry.
  let bits = (u32(exponent + 126) << 23u) + kept + select(0u, 1u, up);
  if (bits < SMALLEST) { return 0u; }
  return sign | min(bits, LARGEST);
}

// An integer whose order is that of the numbers.
fn order(a: u32) -> i32 {
  let magnitude = i32(a & MAGNITUDE);
  return select(magnitude, -magnitude, (a & SIGN) != 0u);
}

fn negated(a: u32) -> u32 { return select(a ^ SIGN, 0u, a == 0u); }

fn add(a: u32, b: u32) -> u32 {
  let first = (a & MAGNITUDE) >= (b & MAGNITUDE);
  let large = select(b, a, first);
  let small = select(a, b, first);
  if (small == 0u) { return large; }
  let exponent = (large >> 23u) & 0xffu;
  let apart = exponent - ((small >> 23u) & 0xffu);
  let larger = ((large & FRACTION) | HIDDEN) << 7u;
  let whole = ((small & FRACTION) | HIDDEN) << 7u;
  var smaller = 1u;
  if (apart < 31u) {
    let lost = (whole & ((1u << apart) - 1u)) != 0u;
    smaller = (whole >> apart) | select(0u, 1u, lost);
  }
  let sum = select(larger - smaller, larger + smaller, ((a ^ b) & SIGN) == 0u);
  if (sum == 0u) { return 0u; }
  let zeros = countLeadingZeros(sum);
  return canon_round(large & SIGN, i32(exponent) - 126 - i32(zeros), sum << zeros);
}

fn sub(a: u32, b: u32) -> u32 { return add(a, negated(b)); }

fn mul(a: u32, b: u32) -> u32 {
  if (a == 0u || b == 0u) { return 0u; }
  let x = (a & FRACTION) | HIDDEN;
  let y = (b & FRACTION) | HIDDEN;
  let xh = x >> 8u;
  let xl = x & 0xffu;
  let yh = y >> 8u;
  let yl = y & 0xffu;
  let low = xl * yl;
  let cross = xh * yl + xl * yh + (low >> 8u);
  let lost = ((cross & 0xffu) | (low & 0xffu)) != 0u;
  let top = (xh * yh + (cross >> 8u)) | select(0u, 1u, lost);
  let zeros = countLeadingZeros(top);
  let exponent = i32((a >> 23u) & 0xffu) + i32((b >> 23u) & 0xffu) - 253 - i32(zeros);
  return canon_round((a ^ b) & SIGN, exponent, top << zeros);
}

fn div(a: u32, b: u32) -> u32 {
  if (a == 0u) { return 0u; }
  if (b == 0u) { return (a & SIGN) | LARGEST; }
  let y = (b & FRACTION) | HIDDEN;
  let x = (a & FRACTION) | HIDDEN;
  var quotient = select(0u, 1u, x >= y);
  var rest = x - select(0u, y, x >= y);
  for (var i = 0u; i < 3u; i++) {
    let part = (rest << 8u) / y;
    quotient = (quotient << 8u) | part;
    rest = (rest << 8u) - part * y;
  }
  let part = (rest << 7u) / y;
  quotient = (quotient << 7u) | part;
  rest = (rest << 7u) - part * y;
  quotient |= select(0u, 1u, rest != 0u);
  let zeros = countLeadingZeros(quotient);
  let exponent = i32((a >> 23u) & 0xffu) - i32((b >> 23u) & 0xffu) - i32(zeros);
  return canon_round((a ^ b) & SIGN, exponent, quotient << zeros);
}

fn root(a: u32) -> u32 {
  if (order(a) <= 0) { return 0u; }
  let exponent = i32(a >> 23u) - 127;
  let odd = (exponent & 1) != 0;
  // An even power of two remains: 2^11.5 <= root of the radicand < 2^12.5.
  let radicand = ((a & FRACTION) | HIDDEN) << select(1u, 0u, odd);
  let half = select(exponent - 24, exponent - 23, odd) / 2;
  var found = 0u;
  var rest = 0u;
  for (var i = 0u; i < 26u; i++) {
    let pair = select(0u, (radicand >> (24u - 2u * min(i, 12u))) & 3u, i < 13u);
    rest = (rest << 2u) | pair;
    let trial = (found << 2u) | 1u;
    let fits = rest >= trial;
    rest -= select(0u, trial, fits);
    found = (found << 1u) | select(0u, 1u, fits);
  }
  let significand = (found << 1u) | select(0u, 1u, rest != 0u);
  let zeros = countLeadingZeros(significand);
  return canon_round(0u, 30 - i32(zeros) + half - 13, significand << zeros);
}

// m / 2^s to the nearest integer, ties to even; m below 2^25.
fn shifted_half_even(m: u32, s: u32) -> u32 {
  if (s == 0u) { return m; }
  if (s > 26u) { return 0u; }
  let kept = m >> s;
  let rest = m & ((1u << s) - 1u);
  let half = 1u << (s - 1u);
  return kept + select(0u, 1u, rest > half || (rest == half && (kept & 1u) == 1u));
}

// The nearest integer, ties to even, of a number below 2^30.
fn to_integer(a: u32) -> i32 {
  let exponent = i32((a >> 23u) & 0xffu) - 127;
  if (a == 0u || exponent < -1) { return 0; }
  let whole = (a & FRACTION) | HIDDEN;
  var magnitude = 0u;
  if (exponent >= 23) { magnitude = whole << u32(exponent - 23); }
  else { magnitude = shifted_half_even(whole, u32(23 - exponent)); }
  return select(i32(magnitude), -i32(magnitude), (a & SIGN) != 0u);
}

fn of_integer(k: i32) -> u32 {
  if (k == 0) { return 0u; }
  let magnitude = u32(abs(k));
  let zeros = countLeadingZeros(magnitude);
  return canon_round(select(0u, SIGN, k < 0), 31 - i32(zeros), magnitude << zeros);
}

// The row a token names: -1 where it is no integer in 0..rows-1.
fn token_row(token: u32, rows: u32) -> i32 {
  if (token == 0u) { return 0; }
  if ((token & SIGN) != 0u || token >= 0x4e800000u) { return -1; }
  let row = to_integer(token);
  return select(-1, row, of_integer(row) == token && u32(row) < rows);
}
`;
