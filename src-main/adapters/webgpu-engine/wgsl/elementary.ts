/**
 * Decides the elementary functions in WGSL: the sequences of NUMERICS.md in the primitives of
 * `soft-float.ts`, constant for constant.
 */

/** exp, log, sigmoid, tanh, erf, GELU and its slope, sin and cos on bits. */
export const ELEMENTARY = /* wgsl */ `
const HALF = 0x3f000000u;
const LN2_HIGH = 0x3f318000u;
const LN2_LOW = 0xb95e8083u;

const EXP = array<u32, 6>(
  0x39506967u, 0x3ab743ceu, 0x3c088908u, 0x3d2aa9c1u, 0x3e2aaaaau, HALF,
);

fn exponential(x: u32) -> u32 {
  if (order(x) >= 0x42266666) { return LARGEST; }
  if (order(x) <= -0x42853333) { return 0u; }
  let k = to_integer(mul(x, 0x3fb8aa3bu));
  let turns = of_integer(k);
  let r = sub(sub(x, mul(turns, LN2_HIGH)), mul(turns, LN2_LOW));
  var coefficients = EXP;
  var p = coefficients[0];
  for (var i = 1u; i < 6u; i++) { p = add(mul(p, r), coefficients[i]); }
  p = mul(p, mul(r, r));
  p = add(add(p, r), ONE);
  let bits = p + (u32(k) << 23u);
  return select(min(bits, LARGEST), 0u, bits < SMALLEST);
}

const LOG = array<u32, 9>(
  0x3d9021bbu, 0xbdebd1b8u, 0x3def251au, 0xbdfe5d4fu, 0x3e11e9bfu, 0xbe2aae50u, 0x3e4cceacu,
  0xbe7ffffcu, 0x3eaaaaaau,
);

fn logarithm(x: u32) -> u32 {
  if (order(x) <= 0) { return SIGN | LARGEST; }
  let e = (i32(x) - 0x3f3504f3) >> 23u;
  let f = sub(x - (u32(e) << 23u), ONE);
  let power = of_integer(e);
  let z = mul(f, f);
  var coefficients = LOG;
  var p = coefficients[0];
  for (var i = 1u; i < 9u; i++) { p = add(mul(p, f), coefficients[i]); }
  var y = mul(mul(p, f), z);
  y = add(y, mul(power, LN2_LOW));
  y = sub(y, mul(z, HALF));
  return add(add(f, y), mul(power, LN2_HIGH));
}

fn logistic(x: u32) -> u32 {
  let e = exponential(negated(x & MAGNITUDE));
  return div(select(ONE, e, order(x) < 0), add(ONE, e));
}

fn with_sign_of(y: u32, x: u32) -> u32 { return select(y, negated(y), order(x) < 0); }

const TANH = array<u32, 5>(0xbbbaf0eau, 0x3ca9134eu, 0xbd5c1e2du, 0x3e088393u, 0xbeaaaa99u);

fn hyperbolic(x: u32) -> u32 {
  let t = x & MAGNITUDE;
  if (t < 0x3f200000u) {
    let z = mul(x, x);
    var coefficients = TANH;
    var p = coefficients[0];
    for (var i = 1u; i < 5u; i++) { p = add(mul(p, z), coefficients[i]); }
    return add(mul(mul(p, z), x), x);
  }
  let y = sub(ONE, div(0x40000000u, add(exponential(add(t, t)), ONE)));
  return with_sign_of(y, x);
}

// The polynomial near zero has one coefficient less: a leading 0 adds nothing.
const ERF = array<u32, 14>(
  0u, 0xba1c7000u, 0x3ba38d2cu, 0xbcdb48d9u, 0x3de70e22u, 0xbec09380u, 0x3e0375d4u,
  0xb7910000u, 0x39c8e7d9u, 0xbb7e8a1cu, 0x3cc6b1a1u, 0xbddaae5cu, 0xbf228550u, 0xbe03ce86u,
);

fn error_function(x: u32) -> u32 {
  let t = x & MAGNITUDE;
  if (t >= 0x40800000u) { return with_sign_of(ONE, x); }
  let near = t <= 0x3f6d8000u;
  let v = select(t, mul(x, x), near);
  var coefficients = ERF;
  let first = select(7u, 0u, near);
  var p = coefficients[first];
  for (var i = 1u; i < 7u; i++) { p = add(mul(p, v), coefficients[first + i]); }
  let factor = select(t, x, near);
  let y = add(mul(p, factor), select(negated(t), x, near));
  if (near) { return y; }
  return with_sign_of(sub(ONE, exponential(y)), x);
}

fn normal_share(x: u32) -> u32 {
  return mul(add(error_function(mul(x, 0x3f3504f3u)), ONE), HALF);
}

fn gelu(x: u32) -> u32 { return mul(x, normal_share(x)); }

fn gelu_slope(x: u32) -> u32 {
  let density = mul(exponential(mul(mul(x, x), 0xbf000000u)), 0x3ecc422au);
  return add(normal_share(x), mul(x, density));
}

const HALF_TURN = array<u32, 3>(0x3fc90000u, 0x39fda000u, 0x33a22169u);

const WAVES = array<u32, 6>(
  0xb94ca1f9u, 0x3c08839eu, 0xbe2aaaa3u, 0x37ccf5ceu, 0xbab6061au, 0x3d2aaaa5u,
);

fn sine_at(x: u32, quarter_turns: i32) -> u32 {
  if ((x & MAGNITUDE) > 0x46000000u) { return select(0u, ONE, quarter_turns == 1); }
  let k = to_integer(mul(x, 0x3f22f983u));
  let turns = of_integer(k);
  var parts = HALF_TURN;
  var r = x;
  for (var i = 0u; i < 3u; i++) { r = sub(r, mul(turns, parts[i])); }
  let z = mul(r, r);
  let quarter = (k + quarter_turns) & 3;
  let odd = (quarter & 1) == 1;
  let first = select(0u, 3u, odd);
  var coefficients = WAVES;
  var p = coefficients[first];
  for (var i = 1u; i < 3u; i++) { p = add(mul(p, z), coefficients[first + i]); }
  p = mul(mul(p, z), select(r, z, odd));
  // Half of z is exact, and so is taking 0 away: one sequence serves both.
  let y = add(sub(p, select(0u, mul(z, HALF), odd)), select(r, ONE, odd));
  return select(y, negated(y), quarter >= 2);
}
`;
