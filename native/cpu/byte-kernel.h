// Decides the inner loop of I8 products with vpdpbusd, which multiplies unsigned by signed bytes:
// columns are stored with 128 added, and each row's sum starts at −128 times the sum of the row.
// Sums of at most BYTE_NUMBERS_MAX products stay below 2^31, so nothing is ever split.
#pragma once
#include "byte-lines.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

/** Longest line whose sums surely fit an int32: 127²·131,072 < 2^31. */
constexpr int64_t BYTE_NUMBERS_MAX = 1 << 17;
constexpr int64_t WORDS_STEP = 1;
constexpr int64_t BYTE_TILE_ROWS = 14;  // 28 sums + 2 columns + 1 row value of 32 registers
constexpr int32_t BYTE_FLIP = UNSIGNED_BYTES;

/** Digits a number of this profile is multiplied in as bytes, or 0: as pairs of int16. */
VIVIAN_INLINE int32_t bytePlanes(int32_t profile, int64_t numbers) {
  return profile == 2 && numbers <= BYTE_NUMBERS_MAX ? 1 : 0;
}

/** What a tile is made from. */
struct ByteTile {
  const char* rows;      // word k of row t is the int32 at rows + t·rowStride + k·wordStride
  int64_t rowStride;
  int64_t wordStride;
  const int32_t* rowSums;  // of each row's numbers
  const int32_t* columns;  // [word][COLUMN_BLOCK]
  int64_t words;
};

/** Sum of the signed bytes of LANES words in each lane, added to `sums`. */
VIVIAN_INLINE Vector addBytes(Vector sums, Vector words) {
  return _mm512_dpbusd_epi32(sums, _mm512_set1_epi8(1), words);
}

template <int T, int V>
void multiplyByteTile(const ByteTile& from, const float* rowFactors, const float* columnFactors,
                      const Target& target, Tile* tile) {
  Vector sum[T][V];
  VIVIAN_UNROLL for (int t = 0; t < T; t += 1) {
    const Vector start = _mm512_set1_epi32(-128 * from.rowSums[t]);
    VIVIAN_UNROLL for (int v = 0; v < V; v += 1) sum[t][v] = start;
  }
  const int64_t rowStride = from.rowStride;
  const int32_t* b = from.columns;
  const char* row = from.rows;
  for (int64_t k = 0; k < from.words; k += 1) {
    Vector column[V];
    VIVIAN_UNROLL for (int v = 0; v < V; v += 1) column[v] = loadVector(b + v * LANES);
    b += COLUMN_BLOCK;
    const char* a = row;
    row += from.wordStride;
    VIVIAN_UNROLL for (int t = 0; t < T; t += 1) {
      const Vector word = broadcast(a);
      a += rowStride;
      VIVIAN_UNROLL for (int v = 0; v < V; v += 1) {
        sum[t][v] = _mm512_dpbusd_epi32(sum[t][v], column[v], word);
      }
    }
  }
  if (tile != nullptr) {
    tile->spilled = false;
    VIVIAN_UNROLL for (int t = 0; t < T; t += 1) {
      VIVIAN_UNROLL for (int v = 0; v < V; v += 1) {
        storeVector(&tile->low[t][v * LANES], sum[t][v]);
      }
    }
    return;
  }
  // Plain exponents: two multiplications scale exactly, as in storePlain.
  VIVIAN_UNROLL for (int t = 0; t < T; t += 1) {
    const __m512 rowFactor = _mm512_set1_ps(rowFactors[t]);
    float* output = target.output + t * target.rowStride;
    VIVIAN_UNROLL for (int v = 0; v < V; v += 1) {
      const __m512 value = _mm512_mul_ps(_mm512_cvtepi32_ps(sum[t][v]), rowFactor);
      const __m512 columns = _mm512_loadu_ps(columnFactors + v * LANES);
      _mm512_storeu_ps(output + v * LANES, _mm512_mul_ps(value, columns));
    }
  }
}

typedef void (*ByteTileFunction)(const ByteTile&, const float*, const float*, const Target&,
                                 Tile*);

template <int T>
ByteTileFunction byteTileOfRows(int rowCount, int vectors) {
  if constexpr (T == 0) {
    return nullptr;
  } else {
    if (rowCount == T) return vectors == 1 ? multiplyByteTile<T, 1> : multiplyByteTile<T, 2>;
    return byteTileOfRows<T - 1>(rowCount, vectors);
  }
}

/** Multiplies one tile and stores its canonical results. */
VIVIAN_INLINE void byteProductTile(const ByteTile& from, int64_t rowCount, int64_t columnCount,
                                   const Target& target) {
  const int vectors = columnCount > LANES ? 2 : 1;
  const ByteTileFunction function = byteTileOfRows<BYTE_TILE_ROWS>((int)rowCount, vectors);
  const bool isPlain = columnCount == vectors * LANES && arePlain(target.rowExponents, rowCount) &&
                       arePlain(target.columnExponents, columnCount);
  if (isPlain) {
    float rowFactors[BYTE_TILE_ROWS];
    float columnFactors[COLUMN_BLOCK];
    for (int64_t t = 0; t < rowCount; t += 1) rowFactors[t] = powerOfTwo(target.rowExponents[t]);
    for (int64_t c = 0; c < columnCount; c += 1) {
      columnFactors[c] = powerOfTwo(target.columnExponents[c]);
    }
    function(from, rowFactors, columnFactors, target, nullptr);
    return;
  }
  Tile tile;
  function(from, nullptr, nullptr, target, &tile);
  storeTile(tile, rowCount, columnCount, target);
}

}  // namespace
}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
