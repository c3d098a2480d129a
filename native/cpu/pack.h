// Decides how quantised values are laid out for the inner loop: rows as padded int16, columns as
// blocks of pairs.
#pragma once
#include "pair-kernel.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

/** Both int16 of a pair, first in the low half. */
VIVIAN_INLINE int32_t pairOf(int32_t first, int32_t second) {
  return (int32_t)(((uint32_t)first & 0xffffu) | ((uint32_t)second << 16));
}

/** int32 pairs that hold packed columns: whole blocks. */
VIVIAN_INLINE int64_t packedPairs(int64_t pairs, int64_t columns) {
  return roundUp(columns, COLUMN_BLOCK) * pairs;
}

/** First pair of column block `block` in packed columns. */
VIVIAN_INLINE int64_t blockStart(int64_t block, int64_t pairs) {
  return block * COLUMN_BLOCK * pairs;
}

/** One power of two per column, as a factor where f32 can hold it and as a shift always. */
struct ColumnScales {
  const int32_t* shifts;
  const float* factors;  // null when some shift is out of f32's range
};

/** Fills `factors` from `shifts`; the result has null factors when one does not fit. */
VIVIAN_INLINE ColumnScales columnScales(const int32_t* shifts, int64_t count, float* factors) {
  bool fits = true;
  for (int64_t i = 0; i < count; i += 1) {
    fits = fits && shifts[i] >= -126 && shifts[i] <= 127;
    factors[i] = powerOfTwo(shifts[i] < -126 ? -126 : shifts[i] > 127 ? 127 : shifts[i]);
  }
  return {shifts, fits ? factors : nullptr};
}

#if VIVIAN_LEVEL == VIVIAN_LEVEL_AVX512VNNI
/** LANES pairs at once; products below 2^-126 may be flushed, they round to 0 either way. */
VIVIAN_INLINE void packLanes(int32_t* target, const float* first, const float* second,
                             const float* factorOne, const float* factorTwo) {
  const __m512 magic = _mm512_set1_ps(ROUND_MAGIC);
  const __m512 one = _mm512_mul_ps(_mm512_loadu_ps(first), _mm512_loadu_ps(factorOne));
  const __m512 two = _mm512_mul_ps(_mm512_loadu_ps(second), _mm512_loadu_ps(factorTwo));
  // The low 16 bits of the rounded sum are the two's complement of q: the magic's own are zero.
  const __m512i low = _mm512_castps_si512(_mm512_add_ps(one, magic));
  const __m512i high = _mm512_castps_si512(_mm512_add_ps(two, magic));
  const __m512i kept = _mm512_and_si512(low, _mm512_set1_epi32(0xffff));
  _mm512_storeu_si512(target, _mm512_or_si512(kept, _mm512_slli_epi32(high, 16)));
}
#elif VIVIAN_LEVEL == VIVIAN_LEVEL_AVX2
VIVIAN_INLINE void packLanes(int32_t* target, const float* first, const float* second,
                             const float* factorOne, const float* factorTwo) {
  const __m256 magic = _mm256_set1_ps(ROUND_MAGIC);
  const __m256 one = _mm256_mul_ps(_mm256_loadu_ps(first), _mm256_loadu_ps(factorOne));
  const __m256 two = _mm256_mul_ps(_mm256_loadu_ps(second), _mm256_loadu_ps(factorTwo));
  const __m256i low = _mm256_castps_si256(_mm256_add_ps(one, magic));
  const __m256i high = _mm256_castps_si256(_mm256_add_ps(two, magic));
  const __m256i joined = _mm256_blend_epi16(low, _mm256_slli_epi32(high, 16), 0xaa);
  _mm256_storeu_si256((__m256i*)target, joined);
}
#elif !defined(VIVIAN_OWN_PACK_LANES)
VIVIAN_INLINE void packLanes(int32_t* target, const float* first, const float* second,
                             const float* factorOne, const float* factorTwo) {
  for (int c = 0; c < LANES; c += 1) {
    target[c] = pairOf(quantiseScaled(first[c], factorOne[c]),
                       quantiseScaled(second[c], factorTwo[c]));
  }
}
#endif

/** Pairs of `width` columns of one block, from column `begin` on. */
VIVIAN_INLINE void packPairs(int32_t* target, int64_t width, const float* first,
                             const float* second, ColumnScales one, ColumnScales two,
                             int64_t begin) {
  int64_t c = 0;
  if (one.factors != nullptr && two.factors != nullptr) {
    for (; c + LANES <= width; c += LANES) {
      const int64_t at = begin + c;
      packLanes(target + c, first + at, second + at, one.factors + at, two.factors + at);
    }
  }
  for (; c < width; c += 1) {
    const int64_t at = begin + c;
    target[c] = pairOf(quantiseShifted(bitsOf(first[at]), one.shifts[at]),
                       quantiseShifted(bitsOf(second[at]), two.shifts[at]));
  }
}

/**
 * Packs two quantised rows of a [.., columns] matrix as pair row `pair`; `second` may be null for
 * the missing row after an odd count, which counts as zeros.
 */
VIVIAN_INLINE void packRowPair(int32_t* packed, int64_t pairs, int64_t pair, int64_t columns,
                               const float* first, const float* second, ColumnScales one,
                               ColumnScales two) {
  for (int64_t block = 0; block * COLUMN_BLOCK < columns; block += 1) {
    int32_t* target = packed + blockStart(block, pairs) + pair * COLUMN_BLOCK;
    const int64_t begin = block * COLUMN_BLOCK;
    const int64_t width = smaller(COLUMN_BLOCK, columns - begin);
    if (second == nullptr) {
      for (int64_t c = 0; c < width; c += 1) {
        const int32_t bits = bitsOf(first[begin + c]);
        target[c] = pairOf(quantiseShifted(bits, one.shifts[begin + c]), 0);
      }
    } else {
      packPairs(target, width, first, second, one, two, begin);
    }
    // A block of one vector's width or less is read one vector wide.
    const int64_t end = width > LANES ? COLUMN_BLOCK : LANES;
    for (int64_t c = width; c < end; c += 1) target[c] = 0;
  }
}

/** Columns whose maxima are kept in registers. */
constexpr int64_t MAX_COLUMNS = 16;

/** Column-wise largest magnitudes of rows [begin, end) of a row-major matrix, into `largest`. */
VIVIAN_INLINE void maxOfColumns(const float* matrix, int64_t begin, int64_t end, int64_t columns,
                                int32_t* VIVIAN_RESTRICT largest) {
  int64_t column = 0;
  for (; column + MAX_COLUMNS <= columns; column += MAX_COLUMNS) {
    int32_t local[MAX_COLUMNS];
    for (int64_t c = 0; c < MAX_COLUMNS; c += 1) local[c] = largest[column + c];
    for (int64_t row = begin; row < end; row += 1) {
      const float* VIVIAN_RESTRICT values = matrix + row * columns + column;
      for (int64_t c = 0; c < MAX_COLUMNS; c += 1) {
        const int32_t magnitude = bitsOf(values[c]) & MAGNITUDE_MASK;
        local[c] = magnitude > local[c] ? magnitude : local[c];
      }
    }
    for (int64_t c = 0; c < MAX_COLUMNS; c += 1) largest[column + c] = local[c];
  }
  if (column == columns) return;
  for (int64_t row = begin; row < end; row += 1) {
    const float* VIVIAN_RESTRICT values = matrix + row * columns;
    for (int64_t c = column; c < columns; c += 1) {
      const int32_t magnitude = bitsOf(values[c]) & MAGNITUDE_MASK;
      largest[c] = magnitude > largest[c] ? magnitude : largest[c];
    }
  }
}

/** Quantises a contiguous vector with one scale. */
VIVIAN_INLINE void quantiseVector(const float* VIVIAN_RESTRICT values, int64_t count, float scale,
                                  int16_t* VIVIAN_RESTRICT quantised) {
  for (int64_t i = 0; i < count; i += 1) quantised[i] = (int16_t)quantiseScaled(values[i], scale);
}

/** Quantises a contiguous vector with one power of two an element. */
VIVIAN_INLINE void quantiseEach(const float* VIVIAN_RESTRICT values, int64_t count,
                                ColumnScales scales, int16_t* VIVIAN_RESTRICT quantised) {
  if (scales.factors != nullptr) {
    const float* VIVIAN_RESTRICT factors = scales.factors;
    for (int64_t i = 0; i < count; i += 1) {
      quantised[i] = (int16_t)quantiseScaled(values[i], factors[i]);
    }
    return;
  }
  for (int64_t i = 0; i < count; i += 1) {
    quantised[i] = (int16_t)quantiseShifted(bitsOf(values[i]), scales.shifts[i]);
  }
}

}  // namespace
}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
