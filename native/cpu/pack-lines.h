// Decides how the two sides of a product are quantised into the layouts of the inner loop, from
// matrices that hold their lines (rows of A, columns of B) one after the other, or across.
#pragma once
#include "pack.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

/** One side of a product: `lines` vectors of `k` numbers, each quantised with its own exponent. */
struct Side {
  const float* values;
  int64_t lines, k;
  int64_t stride;   // floats from line to line, or from k to k where the lines lie across
  bool isAcross;    // number k of line i is values[k · stride + i]
  int32_t sign;     // +1: number k is multiplied by 2^shift[k]; −1: by 2^-shift[k]
  int32_t* exponents;  // [lines], with room for a whole block more
  float* factors;      // [lines] 2^-exponent where f32 holds it, likewise
  int32_t* keys;       // [lines], likewise
};

/** What all lines share: the shift of each k, and whether plain factors reach everywhere. */
struct Shifts {
  const int32_t* shifts;  // [k + 1], the last a zero
  const float* factors;   // [k + 1] 2^shift
  const float* inverses;  // [k + 1] 2^-shift
  int32_t least, most;
  bool isPlain;  // no shift at all
};

VIVIAN_INLINE int32_t greater(int32_t a, int32_t b) { return a > b ? a : b; }

VIVIAN_INLINE int32_t magnitudeBits(float value) { return bitsOf(value) & MAGNITUDE_MASK; }

/**
 * Largest magnitude bits of the lines of an across matrix, over all k. Rows are read in order,
 * four together, so that the largest so far are seldom loaded and stored.
 */
VIVIAN_INLINE void maxAcross(const float* values, int64_t stride, int64_t k, int64_t begin,
                             int64_t end, int32_t* VIVIAN_RESTRICT largest) {
  for (int64_t c = begin; c < end; c += 1) largest[c] = 0;
  int64_t at = 0;
  for (; at + 4 <= k; at += 4) {
    const float* VIVIAN_RESTRICT one = values + at * stride;
    const float* VIVIAN_RESTRICT two = one + stride;
    const float* VIVIAN_RESTRICT three = two + stride;
    const float* VIVIAN_RESTRICT four = three + stride;
    for (int64_t c = begin; c < end; c += 1) {
      const int32_t first = greater(magnitudeBits(one[c]), magnitudeBits(two[c]));
      const int32_t second = greater(magnitudeBits(three[c]), magnitudeBits(four[c]));
      largest[c] = greater(largest[c], greater(first, second));
    }
  }
  for (; at < k; at += 1) {
    const float* VIVIAN_RESTRICT row = values + at * stride;
    for (int64_t c = begin; c < end; c += 1) {
      largest[c] = greater(largest[c], magnitudeBits(row[c]));
    }
  }
}

/** The same for balanced keys: number k counts as 2^(sign · shift[k]) times itself. */
VIVIAN_INLINE void keysAcross(const Side& side, const Shifts& shifts, int64_t begin, int64_t end) {
  int32_t* VIVIAN_RESTRICT keys = side.keys;
  const int64_t stride = side.stride;
  const int32_t* shift = shifts.shifts;
  for (int64_t c = begin; c < end; c += 1) keys[c] = ZERO_KEY;
  int64_t at = 0;
  for (; at + 4 <= side.k; at += 4) {
    const float* VIVIAN_RESTRICT one = side.values + at * stride;
    const float* VIVIAN_RESTRICT two = one + stride;
    const float* VIVIAN_RESTRICT three = two + stride;
    const float* VIVIAN_RESTRICT four = three + stride;
    const int32_t shiftOne = -side.sign * shift[at];
    const int32_t shiftTwo = -side.sign * shift[at + 1];
    const int32_t shiftThree = -side.sign * shift[at + 2];
    const int32_t shiftFour = -side.sign * shift[at + 3];
    for (int64_t c = begin; c < end; c += 1) {
      const int32_t first = greater(balancedKey(magnitudeBits(one[c]), shiftOne),
                                    balancedKey(magnitudeBits(two[c]), shiftTwo));
      const int32_t second = greater(balancedKey(magnitudeBits(three[c]), shiftThree),
                                     balancedKey(magnitudeBits(four[c]), shiftFour));
      keys[c] = greater(keys[c], greater(first, second));
    }
  }
  for (; at < side.k; at += 1) {
    const float* VIVIAN_RESTRICT row = side.values + at * stride;
    const int32_t moved = -side.sign * shift[at];
    for (int64_t c = begin; c < end; c += 1) {
      keys[c] = greater(keys[c], balancedKey(magnitudeBits(row[c]), moved));
    }
  }
}

VIVIAN_INLINE void storeExponent(const Side& side, int64_t line, int32_t exponent) {
  side.exponents[line] = exponent;
  // An exponent of a canonical vector is −109 to 61, of a balanced one −200 to 110.
  const int32_t bounded = exponent < -126 ? -126 : exponent > 126 ? 126 : exponent;
  side.factors[line] = powerOfTwo(-bounded);
}

/** Exponents of lines [begin, end). */
inline void findExponents(const Side& side, const Shifts& shifts, Bound bound, int64_t begin,
                          int64_t end) {
  if (side.isAcross) {
    if (shifts.isPlain) {
      maxAcross(side.values, side.stride, side.k, begin, end, side.keys);
    } else {
      keysAcross(side, shifts, begin, end);
    }
    for (int64_t i = begin; i < end; i += 1) {
      storeExponent(side, i, shifts.isPlain ? exponentOf(side.keys[i], bound)
                                            : exponentOfKey(side.keys[i], bound));
    }
    return;
  }
  for (int64_t i = begin; i < end; i += 1) {
    const float* VIVIAN_RESTRICT line = side.values + i * side.stride;
    if (shifts.isPlain) {
      storeExponent(side, i, exponentOf(maxMagnitude(line, side.k), bound));
      continue;
    }
    int32_t key = ZERO_KEY;
    for (int64_t k = 0; k < side.k; k += 1) {
      const int32_t shift = -side.sign * shifts.shifts[k];
      const int32_t one = balancedKey(bitsOf(line[k]) & MAGNITUDE_MASK, shift);
      key = one > key ? one : key;
    }
    storeExponent(side, i, exponentOfKey(key, bound));
  }
}

/** Whether 2^(sign · shift[k] − exponent[i]) is an f32 for all k and these lines. */
VIVIAN_INLINE bool areFactorsPlain(const Side& side, const Shifts& shifts, int64_t begin,
                                   int64_t end) {
  int32_t least = 0;
  int32_t most = 0;
  for (int64_t i = begin; i < end; i += 1) {
    least = side.exponents[i] < least ? side.exponents[i] : least;
    most = side.exponents[i] > most ? side.exponents[i] : most;
  }
  const int32_t high = side.sign > 0 ? shifts.most : -shifts.least;
  const int32_t low = side.sign > 0 ? shifts.least : -shifts.most;
  return high - least <= 126 && low - most >= -126 && least >= -126 && most <= 126;
}

/** Quantised line `i` of a side whose lines lie one after the other, padded to whole pairs. */
VIVIAN_INLINE void quantiseLine(const Side& side, const Shifts& shifts, bool arePlain, int64_t i,
                                int16_t* VIVIAN_RESTRICT target) {
  const float* VIVIAN_RESTRICT line = side.values + i * side.stride;
  const float factor = side.factors[i];
  if (arePlain && shifts.isPlain) {
    quantiseVector(line, side.k, factor, target);
  } else if (arePlain) {
    const float* VIVIAN_RESTRICT each = side.sign > 0 ? shifts.factors : shifts.inverses;
    for (int64_t k = 0; k < side.k; k += 1) {
      target[k] = (int16_t)quantiseScaled(line[k], each[k] * factor);
    }
  } else {
    for (int64_t k = 0; k < side.k; k += 1) {
      const int32_t shift = side.sign * shifts.shifts[k] - side.exponents[i];
      target[k] = (int16_t)quantiseShifted(bitsOf(line[k]), shift);
    }
  }
  if (side.k & 1) target[side.k] = 0;
}

/** Neighbouring lines that are packed side by side. */
struct Lines {
  int64_t first, count;
  int64_t readable;      // numbers that may be read from the first line on
  const float* factors;  // of each line, zeros beyond `count` up to a whole vector
};

/** Neighbouring lines of an across side as pairs [pair][stride], zeros beyond the last. */
inline void packBlock(const Side& side, const Shifts& shifts, bool arePlain, const Lines& lines,
                      int64_t stride, int32_t* target) {
  const float* each = side.sign > 0 ? shifts.factors : shifts.inverses;
  const int64_t vectors = smaller(lines.readable / LANES, (lines.count + LANES - 1) / LANES);
  const int64_t whole = arePlain ? vectors * LANES : 0;
  const int32_t* exponents = side.exponents + lines.first;
  for (int64_t k = 0; k + 1 < side.k; k += 2, target += stride) {
    const float* first = side.values + k * side.stride + lines.first;
    const float* second = first + side.stride;
    const float factorOne = each[k];
    const float factorTwo = each[k + 1];
    for (int64_t c = 0; c < whole; c += LANES) {
      float one[LANES];
      float two[LANES];
      for (int i = 0; i < LANES; i += 1) one[i] = factorOne * lines.factors[c + i];
      for (int i = 0; i < LANES; i += 1) two[i] = factorTwo * lines.factors[c + i];
      packLanes(target + c, first + c, second + c, one, two);
    }
    for (int64_t c = whole; c < lines.count; c += 1) {
      const int32_t one = side.sign * shifts.shifts[k] - exponents[c];
      const int32_t two = side.sign * shifts.shifts[k + 1] - exponents[c];
      target[c] = pairOf(quantiseShifted(bitsOf(first[c]), one),
                         quantiseShifted(bitsOf(second[c]), two));
    }
    for (int64_t c = larger(whole, lines.count); c < stride; c += 1) target[c] = 0;
  }
  if ((side.k & 1) == 0) return;
  const float* last = side.values + (side.k - 1) * side.stride + lines.first;
  for (int64_t c = 0; c < lines.count; c += 1) {
    const int32_t shift = side.sign * shifts.shifts[side.k - 1] - exponents[c];
    target[c] = pairOf(quantiseShifted(bitsOf(last[c]), shift), 0);
  }
  for (int64_t c = lines.count; c < stride; c += 1) target[c] = 0;
}

/** [columns][rows] of int32 from [rows][columns], rows ≤ LANES; what lies beyond is zeros. */
VIVIAN_INLINE void turnPairs(const int32_t* from, int64_t fromStride, int64_t rows,
                             int64_t columns, int32_t* to, int64_t toStride) {
  constexpr int64_t SIDE = 8;
  for (int64_t column = 0; column < columns; column += SIDE) {
    const int64_t end = smaller(column + SIDE, columns);
    for (int64_t c = column; c < end; c += 1) {
      for (int64_t r = 0; r < rows; r += 1) to[c * toStride + r] = from[r * fromStride + c];
      for (int64_t r = rows; r < LANES; r += 1) to[c * toStride + r] = 0;
    }
  }
}

/** Largest sum of squares over any SQUARES_PAIRS pairs of any line of a block [pair][stride]. */
inline float squaresOfBlock(const int32_t* block, int64_t pairs, int64_t width, int64_t stride) {
  int32_t most = 0;
  for (int64_t c = 0; c < width; c += LANES) {
    for (int64_t first = 0; first < pairs; first += SQUARES_PAIRS) {
      const int64_t end = smaller(first + SQUARES_PAIRS, pairs);
      Vector high = zeroVector();
      Sum sum = zeroSum();
      for (int64_t begin = first; begin < end; begin += SPILL_PAIRS) {
        const int64_t stop = smaller(begin + SPILL_PAIRS, end);
        for (int64_t pair = begin; pair < stop; pair += 1) {
          const Vector v = loadVector(block + pair * stride + c);
          sum = multiplyAdd(sum, v, v);
        }
        high = addHigh(high, sum);
        sum = keepLow(sum);
      }
      int32_t lanes[LANES];
      storeVector(lanes, high);
      for (int i = 0; i < LANES; i += 1) most = lanes[i] > most ? lanes[i] : most;
    }
  }
  return (float)(most + 1) * 65536.0f;
}

/** The same of one line of pairs; what lies behind it up to a whole vector is zeros. */
inline float squaresOfLine(const int16_t* line, int64_t pairs) {
  constexpr int64_t STEP = SQUARES_PAIRS;
  double most = 0;
  for (int64_t first = 0; first < pairs; first += STEP) {
    const int64_t end = smaller(first + STEP, roundUp(pairs, LANES));
    Sum sum = zeroSum();
    for (int64_t pair = first; pair < end; pair += LANES) {
      const Vector v = loadVector(line + 2 * pair);
      sum = multiplyAdd(sum, v, v);
    }
    int32_t lanes[LANES];
    storeSum(lanes, sum);
    double total = 0;
    for (int i = 0; i < LANES; i += 1) total += lanes[i];
    most = total > most ? total : most;
  }
  return (float)(most + 1.0) * 1.0001f;
}

}  // namespace
}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
