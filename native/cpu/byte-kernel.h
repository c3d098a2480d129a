// Decides the inner loop of I8 products with vpdpbusd, which multiplies unsigned by signed bytes:
// columns are stored with 128 added, so 128 times the sum of a row is taken from its sums.
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
VIVIAN_INLINE int32_t bytePlanes(int32_t profile, int64_t, int64_t k, int64_t) {
  return profile == 2 && k <= BYTE_NUMBERS_MAX ? 1 : 0;
}

/** What a tile is made from. */
struct ByteTile {
  const char* rows;        // word k of row t is the int32 at rows + t·rowStride + k·rowStep
  int64_t rowStride;
  int64_t rowStep;
  int64_t rowPlane;        // not needed here: a number is one byte
  const int32_t* rowSums;  // of each row's numbers
  const int32_t* columns;  // [word][COLUMN_BLOCK]
  int64_t words;
  int32_t planes;
};

/** Bytes of a row from word to word, or of a panel of rows that lie across. */
constexpr int64_t LINE_STEP = 4;
constexpr int64_t PANEL_STEP = 4 * LANES;
constexpr int64_t PANEL_STRIDE = 4;

/** Nothing to open before tiles are multiplied. */
struct KernelState {
  bool isOpen = true;
};

/** What a row needs after it was quantised: the sum of its bytes. */
VIVIAN_INLINE int32_t finishByteLine(const int8_t* line, int64_t words) {
  const Vector ones = _mm512_set1_epi8(1);
  Vector sums = zeroVector();
  int64_t word = 0;
  for (; word + LANES <= words; word += LANES) {
    sums = _mm512_dpbusd_epi32(sums, ones, loadVector(line + 4 * word));
  }
  const __mmask16 rest = (__mmask16)((1u << (words - word)) - 1);
  sums = _mm512_dpbusd_epi32(sums, ones, _mm512_maskz_loadu_epi32(rest, line + 4 * word));
  return _mm512_reduce_add_epi32(sums);
}

/** The same of LANES rows that lie across, [word][LANES]. */
VIVIAN_INLINE void finishBytePanel(const int32_t* panel, int64_t words, int32_t* sums) {
  Vector all = zeroVector();
  for (int64_t word = 0; word < words; word += 1) {
    all = _mm512_dpbusd_epi32(all, _mm512_set1_epi8(1), loadVector(panel + word * LANES));
  }
  storeVector(sums, all);
}

template <int T, int V>
void multiplyByteTile(const ByteTile& from, Tile& tile) {
  Vector sum[T][V];
  VIVIAN_UNROLL for (int t = 0; t < T; t += 1) {
    VIVIAN_UNROLL for (int v = 0; v < V; v += 1) sum[t][v] = zeroVector();
  }
  const int64_t rowStride = from.rowStride;
  const int64_t rowStep = from.rowStep;
  const int64_t words = from.words;
  const int32_t* b = from.columns;
  const char* row = from.rows;
  for (int64_t k = 0; k < words; k += 1) {
    Vector column[V];
    VIVIAN_UNROLL for (int v = 0; v < V; v += 1) column[v] = loadVector(b + v * LANES);
    b += COLUMN_BLOCK;
    const char* a = row;
    row += rowStep;
    VIVIAN_UNROLL for (int t = 0; t < T; t += 1) {
      const Vector word = broadcast(a);
      a += rowStride;
      VIVIAN_UNROLL for (int v = 0; v < V; v += 1) {
        sum[t][v] = _mm512_dpbusd_epi32(sum[t][v], column[v], word);
      }
    }
  }
  VIVIAN_UNROLL for (int t = 0; t < T; t += 1) {
    VIVIAN_UNROLL for (int v = 0; v < V; v += 1) storeVector(&tile.low[t][v * LANES], sum[t][v]);
  }
}

typedef void (*ByteTileFunction)(const ByteTile&, Tile&);

template <int T>
ByteTileFunction byteTileOfRows(int rowCount, int vectors) {
  if constexpr (T == 0) {
    return nullptr;
  } else {
    if (rowCount == T) return vectors == 1 ? multiplyByteTile<T, 1> : multiplyByteTile<T, 2>;
    return byteTileOfRows<T - 1>(rowCount, vectors);
  }
}

/** Takes what the columns' 128 added to each sum, and stores canonical results. */
VIVIAN_INLINE void storeByteTile(const int32_t* rowSums, Tile& tile, int64_t rowCount,
                                 int64_t columnCount, const Target& target) {
  const int vectors = columnCount > LANES ? 2 : 1;
  for (int64_t t = 0; t < rowCount; t += 1) {
    const Vector added = _mm512_set1_epi32(128 * rowSums[t]);
    for (int v = 0; v < vectors; v += 1) {
      int32_t* sums = &tile.low[t][v * LANES];
      storeVector(sums, _mm512_sub_epi32(loadVector(sums), added));
    }
  }
  tile.spilled = false;
  storeTile(tile, rowCount, columnCount, target);
}

/** Multiplies one tile and stores its canonical results. */
VIVIAN_INLINE void byteProductTile(const ByteTile& from, int64_t rowCount, int64_t columnCount,
                                   const Target& target) {
  const int vectors = columnCount > LANES ? 2 : 1;
  Tile tile;
  byteTileOfRows<BYTE_TILE_ROWS>((int)rowCount, vectors)(from, tile);
  storeByteTile(from.rowSums, tile, rowCount, columnCount, target);
}

}  // namespace
}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
