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

/**
 * Packs two quantised rows of a [.., columns] matrix as pair row `pair`; `second` may be null for
 * the missing row after an odd count, which counts as zeros. shift[c] is the power of two applied.
 */
VIVIAN_INLINE void packRowPair(int32_t* packed, int64_t pairs, int64_t pair, int64_t columns,
                               const float* first, const float* second, const int32_t* shiftFirst,
                               const int32_t* shiftSecond) {
  for (int64_t block = 0; block * COLUMN_BLOCK < columns; block += 1) {
    int32_t* VIVIAN_RESTRICT target = packed + blockStart(block, pairs) + pair * COLUMN_BLOCK;
    const int64_t begin = block * COLUMN_BLOCK;
    const int64_t width = smaller(COLUMN_BLOCK, columns - begin);
    const float* VIVIAN_RESTRICT one = first + begin;
    const int32_t* VIVIAN_RESTRICT shiftOne = shiftFirst + begin;
    if (second == nullptr) {
      for (int64_t c = 0; c < width; c += 1) {
        target[c] = pairOf(quantiseShifted(bitsOf(one[c]), shiftOne[c]), 0);
      }
    } else {
      const float* VIVIAN_RESTRICT two = second + begin;
      const int32_t* VIVIAN_RESTRICT shiftTwo = shiftSecond + begin;
      for (int64_t c = 0; c < width; c += 1) {
        target[c] = pairOf(quantiseShifted(bitsOf(one[c]), shiftOne[c]),
                           quantiseShifted(bitsOf(two[c]), shiftTwo[c]));
      }
    }
    for (int64_t c = width; c < COLUMN_BLOCK; c += 1) target[c] = 0;
  }
}

/** Column-wise largest magnitudes of rows [begin, end) of a row-major matrix, into `largest`. */
VIVIAN_INLINE void maxOfColumns(const float* matrix, int64_t begin, int64_t end, int64_t columns,
                                int32_t* VIVIAN_RESTRICT largest) {
  for (int64_t row = begin; row < end; row += 1) {
    const float* VIVIAN_RESTRICT values = matrix + row * columns;
    for (int64_t c = 0; c < columns; c += 1) {
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
                                const int32_t* VIVIAN_RESTRICT shifts,
                                int16_t* VIVIAN_RESTRICT quantised) {
  for (int64_t i = 0; i < count; i += 1) {
    quantised[i] = (int16_t)quantiseShifted(bitsOf(values[i]), shifts[i]);
  }
}

}  // namespace
}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
