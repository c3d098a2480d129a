// Decides the one inner loop behind every product: a tile of rows × columns of exact integer dot
// products over pairs of int16 (|q| ≤ 8127). Sixteen pairs stay below 2^31, so after every sixteen
// the int32 sums are split into a high part (kept aside) and their low 16 bits.
//
// Rows are read in place: pair k of row t is the int32 at a + t·rowStride + offsets[k]. Columns
// come packed as [block of COLUMN_BLOCK][pair][column][2].
#pragma once
#include "numbers.h"
#if VIVIAN_LEVEL == VIVIAN_LEVEL_NEON
#include "vector-neon.h"
#elif VIVIAN_LEVEL == VIVIAN_LEVEL_WASM
#include "vector-wasm.h"
#elif VIVIAN_LEVEL != VIVIAN_LEVEL_SCALAR
#include <immintrin.h>
#endif

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

#if VIVIAN_LEVEL == VIVIAN_LEVEL_AVX512VNNI
constexpr int LANES = 16;
constexpr int TILE_ROWS = 14;  // 28 sums + 2 columns + 1 row value of 32 registers
#elif VIVIAN_LEVEL == VIVIAN_LEVEL_AVX2
constexpr int LANES = 8;
constexpr int TILE_ROWS = 6;  // 12 sums + 2 columns + 1 row value + 1 product of 16 registers
#elif VIVIAN_LEVEL == VIVIAN_LEVEL_SCALAR
constexpr int LANES = 4;
constexpr int TILE_ROWS = 4;
#endif
constexpr int COLUMN_BLOCK = 2 * LANES;
constexpr int64_t SPILL_PAIRS = 16;    // 2·8127²·16 + 65535 < 2^31
constexpr int64_t CHUNK_PAIRS = 1 << 19;  // the high part grows by < 2^15 a spill

/** Pairs that sums of squares are taken over (spillPairsFor). */
constexpr int64_t SQUARES_PAIRS = 64;

/** Rows of the left side, read in place. */
struct Rows {
  const char* data;
  int64_t stride;          // bytes from row to row
  const uint32_t* offsets;  // bytes of each pair
};

#if VIVIAN_LEVEL == VIVIAN_LEVEL_AVX512VNNI
typedef __m512i Vector;
VIVIAN_INLINE Vector zeroVector() { return _mm512_setzero_si512(); }
VIVIAN_INLINE Vector loadVector(const void* p) { return _mm512_loadu_si512(p); }
VIVIAN_INLINE void storeVector(void* p, Vector v) { _mm512_storeu_si512(p, v); }
VIVIAN_INLINE Vector broadcast(const char* p) {
  int32_t pair;
  memcpy(&pair, p, 4);
  return _mm512_set1_epi32(pair);
}
VIVIAN_INLINE Vector multiplyAdd(Vector sum, Vector a, Vector b) {
  return _mm512_dpwssd_epi32(sum, a, b);
}
VIVIAN_INLINE Vector addHigh(Vector high, Vector sum) {
  return _mm512_add_epi32(high, _mm512_srai_epi32(sum, 16));
}
VIVIAN_INLINE Vector keepLow(Vector sum) {
  return _mm512_and_si512(sum, _mm512_set1_epi32(0xffff));
}
#elif VIVIAN_LEVEL == VIVIAN_LEVEL_AVX2
typedef __m256i Vector;
VIVIAN_INLINE Vector zeroVector() { return _mm256_setzero_si256(); }
VIVIAN_INLINE Vector loadVector(const void* p) { return _mm256_loadu_si256((const Vector*)p); }
VIVIAN_INLINE void storeVector(void* p, Vector v) { _mm256_storeu_si256((Vector*)p, v); }
VIVIAN_INLINE Vector broadcast(const char* p) {
  int32_t pair;
  memcpy(&pair, p, 4);
  return _mm256_set1_epi32(pair);
}
VIVIAN_INLINE Vector multiplyAdd(Vector sum, Vector a, Vector b) {
#if defined(VIVIAN_PAIR_SUMS) && (!defined(_MSC_VER) || defined(__clang__) || _MSC_VER >= 1930)
  return _mm256_dpwssd_avx_epi32(sum, a, b);
#else
  return _mm256_add_epi32(sum, _mm256_madd_epi16(a, b));
#endif
}
VIVIAN_INLINE Vector addHigh(Vector high, Vector sum) {
  return _mm256_add_epi32(high, _mm256_srai_epi32(sum, 16));
}
VIVIAN_INLINE Vector keepLow(Vector sum) {
  return _mm256_and_si256(sum, _mm256_set1_epi32(0xffff));
}
#elif VIVIAN_LEVEL == VIVIAN_LEVEL_SCALAR
struct Vector {
  int32_t lane[LANES];
};
VIVIAN_INLINE Vector zeroVector() { return Vector{}; }
VIVIAN_INLINE Vector loadVector(const void* p) {
  Vector v;
  memcpy(&v, p, sizeof v);
  return v;
}
VIVIAN_INLINE void storeVector(void* p, Vector v) { memcpy(p, &v, sizeof v); }
VIVIAN_INLINE Vector broadcast(const char* p) {
  int32_t pair;
  memcpy(&pair, p, 4);
  Vector v;
  for (int i = 0; i < LANES; i += 1) v.lane[i] = pair;
  return v;
}
VIVIAN_INLINE Vector multiplyAdd(Vector sum, Vector a, Vector b) {
  for (int i = 0; i < LANES; i += 1) {
    const int32_t low = (int32_t)(int16_t)a.lane[i] * (int32_t)(int16_t)b.lane[i];
    const int32_t high = (a.lane[i] >> 16) * (b.lane[i] >> 16);
    sum.lane[i] += low + high;
  }
  return sum;
}
VIVIAN_INLINE Vector addHigh(Vector high, Vector sum) {
  for (int i = 0; i < LANES; i += 1) high.lane[i] += sum.lane[i] >> 16;
  return high;
}
VIVIAN_INLINE Vector keepLow(Vector sum) {
  for (int i = 0; i < LANES; i += 1) sum.lane[i] &= 0xffff;
  return sum;
}
#endif

#if VIVIAN_LEVEL <= VIVIAN_LEVEL_AVX512VNNI
/** What a column's products are added up in; a pair's products are added at once here. */
typedef Vector Sum;
VIVIAN_INLINE Sum zeroSum() { return zeroVector(); }
VIVIAN_INLINE void storeSum(void* p, Sum sum) { storeVector(p, sum); }
#endif

/**
 * How many pairs may be added before the sums are split, when no 64 pairs of a row have a greater
 * sum of squares than `rowSquares`, and no column than `columnSquares`: by Cauchy and Schwarz a sum
 * over 64 pairs, and every part of it, is at most the root of their product.
 */
VIVIAN_INLINE int64_t spillPairsFor(float rowSquares, float columnSquares) {
  // 2^31 less the low part that stays, squared; the floats' own rounding is far below the margin.
  constexpr double LIMIT = 2147400000.0;
  const double squares = (double)rowSquares * (double)columnSquares;
  int64_t pairs = SQUARES_PAIRS;
  if (squares * 1.00001 >= LIMIT * LIMIT) return SPILL_PAIRS;
  while (pairs < CHUNK_PAIRS) {
    const double factor = 2.0 * (double)(pairs / SQUARES_PAIRS);
    if (squares * factor * factor * 1.00001 >= LIMIT * LIMIT) break;
    pairs *= 2;
  }
  return pairs;
}

/** Exact sums of one tile: value = high·2^16 + low; high is all zeros when nothing spilled. */
struct Tile {
  alignas(64) int32_t low[TILE_ROWS][COLUMN_BLOCK];
  alignas(64) int32_t high[TILE_ROWS][COLUMN_BLOCK];
  bool spilled;
};

template <int T, int V>
void multiplyTile(const Rows& rows, int64_t firstPair, int64_t pairs, int64_t spillPairs,
                  const int16_t* columns, Tile& tile) {
  Sum sum[T][V];
  VIVIAN_UNROLL for (int t = 0; t < T; t += 1) {
    VIVIAN_UNROLL for (int v = 0; v < V; v += 1) sum[t][v] = zeroSum();
  }
  const bool spills = pairs > spillPairs;
  tile.spilled = spills;
  if (spills) {
    for (int t = 0; t < T; t += 1) {
      for (int v = 0; v < V; v += 1) storeVector(&tile.high[t][v * LANES], zeroVector());
    }
  }
  const uint32_t* offsets = rows.offsets + firstPair;
  const int64_t stride = rows.stride;
  const int16_t* b = columns + firstPair * (COLUMN_BLOCK * 2);
  for (int64_t begin = 0; begin < pairs; begin += spillPairs) {
    const int64_t end = begin + spillPairs < pairs ? begin + spillPairs : pairs;
    for (int64_t k = begin; k < end; k += 1) {
      Vector column[V];
      VIVIAN_UNROLL for (int v = 0; v < V; v += 1) column[v] = loadVector(b + v * LANES * 2);
      b += COLUMN_BLOCK * 2;
      const char* a = rows.data + offsets[k];
      VIVIAN_UNROLL for (int t = 0; t < T; t += 1) {
        const Vector row = broadcast(a);
        a += stride;
        VIVIAN_UNROLL for (int v = 0; v < V; v += 1) {
          sum[t][v] = multiplyAdd(sum[t][v], row, column[v]);
        }
      }
    }
    if (spills) {
      VIVIAN_UNROLL for (int t = 0; t < T; t += 1) {
        VIVIAN_UNROLL for (int v = 0; v < V; v += 1) {
          int32_t* high = &tile.high[t][v * LANES];
          storeVector(high, addHigh(loadVector(high), sum[t][v]));
          sum[t][v] = keepLow(sum[t][v]);
        }
      }
    }
  }
  VIVIAN_UNROLL for (int t = 0; t < T; t += 1) {
    VIVIAN_UNROLL for (int v = 0; v < V; v += 1) storeSum(&tile.low[t][v * LANES], sum[t][v]);
  }
}

typedef void (*TileFunction)(const Rows&, int64_t, int64_t, int64_t, const int16_t*, Tile&);

template <int T>
TileFunction tileOfRows(int rowCount, int vectors) {
  if constexpr (T == 0) {
    return nullptr;
  } else {
    if (rowCount == T) return vectors == 1 ? multiplyTile<T, 1> : multiplyTile<T, 2>;
    return tileOfRows<T - 1>(rowCount, vectors);
  }
}

/** The inner loop for `rowCount` ≤ TILE_ROWS rows and `columnCount` ≤ COLUMN_BLOCK columns. */
VIVIAN_INLINE TileFunction tileFor(int64_t rowCount, int64_t columnCount) {
  return tileOfRows<TILE_ROWS>((int)rowCount, columnCount > LANES ? 2 : 1);
}

VIVIAN_INLINE int64_t tileSum(const Tile& tile, int64_t row, int64_t column) {
  const int64_t low = tile.low[row][column];
  return tile.spilled ? low + (int64_t)tile.high[row][column] * 65536 : low;
}

/** Where a finished tile goes: one rounding per element, then canonical f32. */
struct Target {
  float* output;                   // element (0, 0) of the tile
  int64_t rowStride;               // floats from row to row
  const int32_t* rowExponents;     // one per row of the tile
  const int32_t* columnExponents;  // one per column of the tile
};

// With both exponents in this range 1 ≤ |sum| ≤ 2^53 stays inside [2^-96, 2^60] and every factor
// and product is a normal f32, so two multiplications scale exactly and canon changes nothing.
constexpr int32_t PLAIN_EXPONENT_MIN = -48;
constexpr int32_t PLAIN_EXPONENT_MAX = 3;

VIVIAN_INLINE bool arePlain(const int32_t* exponents, int64_t count) {
  int32_t outside = 0;
  for (int64_t i = 0; i < count; i += 1) {
    outside |= (exponents[i] < PLAIN_EXPONENT_MIN) | (exponents[i] > PLAIN_EXPONENT_MAX);
  }
  return outside == 0;
}

/** Whether every sum of the tile fits into an int32; most do, though none must. */
VIVIAN_INLINE bool isNarrow(const Tile& tile, int64_t rowCount, int64_t columnCount) {
  if (!tile.spilled) return true;
  int32_t wide[COLUMN_BLOCK] = {};
  for (int64_t row = 0; row < rowCount; row += 1) {
    const int32_t* VIVIAN_RESTRICT high = tile.high[row];
    for (int64_t c = 0; c < columnCount; c += 1) wide[c] |= (high[c] + 32768) & ~65535;
  }
  int32_t any = 0;
  for (int64_t c = 0; c < columnCount; c += 1) any |= wide[c];
  return any == 0;
}

/** The quick way for narrow sums and plain exponents; a constant width becomes whole vectors. */
VIVIAN_INLINE void storePlain(const Tile& tile, int64_t rowCount, int64_t columnCount,
                              const Target& target) {
  float factors[COLUMN_BLOCK];
  for (int64_t c = 0; c < columnCount; c += 1) factors[c] = powerOfTwo(target.columnExponents[c]);
  for (int64_t row = 0; row < rowCount; row += 1) {
    const int32_t* VIVIAN_RESTRICT low = tile.low[row];
    const int32_t* VIVIAN_RESTRICT high = tile.high[row];
    float* VIVIAN_RESTRICT output = target.output + row * target.rowStride;
    const float factor = powerOfTwo(target.rowExponents[row]);
    if (tile.spilled) {
      for (int64_t c = 0; c < columnCount; c += 1) {
        const int32_t sum = (int32_t)((uint32_t)high[c] << 16) | low[c];
        output[c] = (float)sum * factor * factors[c];
      }
    } else {
      for (int64_t c = 0; c < columnCount; c += 1) output[c] = (float)low[c] * factor * factors[c];
    }
  }
}

/** The whole rule for any sum and any exponent. */
inline void storeAny(const Tile& tile, int64_t rowCount, int64_t columnCount,
                     const Target& target) {
  for (int64_t row = 0; row < rowCount; row += 1) {
    for (int64_t c = 0; c < columnCount; c += 1) {
      const int32_t exponent = target.rowExponents[row] + target.columnExponents[c];
      target.output[row * target.rowStride + c] = roundSum(tileSum(tile, row, c), exponent);
    }
  }
}

VIVIAN_INLINE void storeTile(const Tile& tile, int64_t rowCount, int64_t columnCount,
                             const Target& target) {
  const bool plain = arePlain(target.rowExponents, rowCount) &&
                     arePlain(target.columnExponents, columnCount);
  if (plain && columnCount == COLUMN_BLOCK && isNarrow(tile, rowCount, COLUMN_BLOCK)) {
    storePlain(tile, rowCount, COLUMN_BLOCK, target);
  } else if (plain && columnCount == LANES && isNarrow(tile, rowCount, LANES)) {
    storePlain(tile, rowCount, LANES, target);
  } else if (plain && isNarrow(tile, rowCount, columnCount)) {
    storePlain(tile, rowCount, columnCount, target);
  } else {
    storeAny(tile, rowCount, columnCount, target);
  }
}

/** The same for more pairs than the high part can hold: chunks are added in 64 bits. */
inline void storeLongTile(TileFunction function, const Rows& rows, int64_t pairs,
                          const int16_t* columns, Tile& tile, int64_t rowCount,
                          int64_t columnCount, const Target& target) {
  int64_t sums[TILE_ROWS][COLUMN_BLOCK] = {};
  for (int64_t first = 0; first < pairs; first += CHUNK_PAIRS) {
    function(rows, first, smaller(CHUNK_PAIRS, pairs - first), SPILL_PAIRS, columns, tile);
    for (int64_t t = 0; t < rowCount; t += 1) {
      for (int64_t c = 0; c < columnCount; c += 1) sums[t][c] += tileSum(tile, t, c);
    }
  }
  for (int64_t t = 0; t < rowCount; t += 1) {
    for (int64_t c = 0; c < columnCount; c += 1) {
      const int32_t exponent = target.rowExponents[t] + target.columnExponents[c];
      target.output[t * target.rowStride + c] = roundSum(sums[t][c], exponent);
    }
  }
}

/** Multiplies one tile and stores its canonical results. */
VIVIAN_INLINE void productTile(const Rows& rows, int64_t pairs, const int16_t* columns,
                               int64_t rowCount, int64_t columnCount, const Target& target,
                               int64_t spillPairs = SPILL_PAIRS) {
  Tile tile;
  const TileFunction function = tileFor(rowCount, columnCount);
  if (pairs > CHUNK_PAIRS) {
    storeLongTile(function, rows, pairs, columns, tile, rowCount, columnCount, target);
    return;
  }
  function(rows, 0, pairs, spillPairs, columns, tile);
  storeTile(tile, rowCount, columnCount, target);
}

}  // namespace
}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
