// Decides how one exact product is made: both sides are quantised once, with one exponent a row of
// A and a column of B; the sums are exact integers (ARCHITECTURE.md section 4, "Matrix product").
// Either side may be stored as its transpose: its lines are then packed from where they lie.
#pragma once
#include "product-plan.h"
#if VIVIAN_MULTIPLIES_BYTES
#include "byte-product.h"
#endif

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

/** Exponents and quantised numbers of the rows of panels [begin, end). */
inline void quantiseRows(void* context, int64_t begin, int64_t end, int32_t) {
  const Product& p = *(const Product*)context;
#if VIVIAN_MULTIPLIES_BYTES
  if (p.planes > 0) return quantiseByteRows(p, begin, end);
#endif
  const int64_t last = smaller(end * TILE_ROWS, p.m);
  if (p.a.isAcross) findExponents(p.a, p.shifts, p.bound, begin * TILE_ROWS, last);
  for (int64_t panel = begin; panel < end; panel += 1) {
    const int64_t line = panel * TILE_ROWS;
    const int64_t count = smaller(TILE_ROWS, p.m - line);
    // Lines in a row are read again while they are in the cache.
    if (!p.a.isAcross) findExponents(p.a, p.shifts, p.bound, line, line + count);
    const bool plain = areFactorsPlain(p.a, p.shifts, line, line + count);
    float squares = 0.0f;
    if (p.a.isAcross) {
      int32_t* target = (int32_t*)p.rows + panel * p.words * PANEL_LANES;
      // Lines beyond the panel are another's; here they count as zeros.
      float factors[PANEL_LANES] = {};
      for (int64_t i = 0; i < count; i += 1) factors[i] = p.a.factors[line + i];
      packBlock(p.a, p.shifts, plain, {line, count, p.m - line, factors}, PANEL_LANES, target);
      squares = squaresOfBlock(target, p.words, PANEL_LANES, PANEL_LANES);
    } else {
      for (int64_t i = line; i < line + count; i += 1) {
        int16_t* target = p.rows + i * (p.rowBytes / 2);
        quantiseLine(p.a, p.shifts, plain, i, target);
        for (int64_t k = 2 * p.words; k < 2 * roundUp(p.words, LANES); k += 1) target[k] = 0;
        const float one = squaresOfLine(target, p.words);
        squares = one > squares ? one : squares;
      }
    }
    p.rowSquares[panel] = squares;
  }
}

/** Exponents and packed pairs of the columns of blocks [begin, end). */
inline void quantiseColumns(void* context, int64_t begin, int64_t end, int32_t worker) {
  const Product& p = *(const Product*)context;
#if VIVIAN_MULTIPLIES_BYTES
  if (p.planes > 0) return quantiseByteColumns(p, begin, end, worker);
#endif
  const int64_t last = smaller(end * COLUMN_BLOCK, p.n);
  if (p.b.isAcross) findExponents(p.b, p.shifts, p.bound, begin * COLUMN_BLOCK, last);
  const int64_t stride = p.rowBytes / 2;
  int16_t* lines = p.lines + worker * COLUMN_BLOCK * stride;
  for (int64_t block = begin; block < end; block += 1) {
    const int64_t line = block * COLUMN_BLOCK;
    const int64_t count = smaller(COLUMN_BLOCK, p.n - line);
    if (!p.b.isAcross) findExponents(p.b, p.shifts, p.bound, line, line + count);
    const bool plain = areFactorsPlain(p.b, p.shifts, line, line + count);
    int32_t* target = p.columns + blockStart(block, p.words);
    if (p.b.isAcross) {
      packBlock(p.b, p.shifts, plain, {line, count, count, p.b.factors + line}, COLUMN_BLOCK,
                target);
    } else {
      for (int64_t i = 0; i < count; i += 1) {
        quantiseLine(p.b, p.shifts, plain, line + i, lines + i * stride);
      }
      for (int64_t half = 0; half < COLUMN_BLOCK; half += LANES) {
        const int64_t rows = count - half < 0 ? 0 : smaller(LANES, count - half);
        turnPairs((const int32_t*)(lines + half * stride), stride / 2, rows, p.words,
                  target + half, COLUMN_BLOCK);
      }
    }
    p.columnSquares[block] = squaresOfBlock(target, p.words, COLUMN_BLOCK, COLUMN_BLOCK);
  }
}

inline void multiply(void* context, int64_t begin, int64_t end, int32_t) {
  const Product& p = *(const Product*)context;
#if VIVIAN_MULTIPLIES_BYTES
  if (p.planes > 0) return multiplyBytes(p, begin, end);
#endif
  for (int64_t item = begin; item < end; item += 1) {
    const auto [panel, block] = tilePlace(p, item);
    const int64_t row = panel * TILE_ROWS;
    const int64_t column = block * COLUMN_BLOCK;
    const char* data = p.a.isAcross ? (const char*)p.rows + panel * p.words * PANEL_LANES * 4
                                    : (const char*)p.rows + row * p.rowBytes;
    const Rows rows = {data, p.a.isAcross ? 4 : p.rowBytes, p.offsets};
    const Target target = {p.c + row * p.strideC + column, p.strideC, p.a.exponents + row,
                           p.b.exponents + column};
    productTile(rows, p.words, (const int16_t*)(p.columns + blockStart(block, p.words)),
                smaller(TILE_ROWS, p.m - row), smaller(COLUMN_BLOCK, p.n - column), target,
                spillPairsFor(p.rowSquares[panel], p.columnSquares[block]));
  }
}

/** Row panels times column blocks: the items of `multiply`. */
VIVIAN_INLINE int64_t productTiles(const Product& p) { return panelsOf(p) * blocksOf(p); }

/** The whole product on the calling thread; planned for one thread. */
inline void runProduct(Product& p) {
  findShifts(&p, 0, p.k, 0);
  finishShifts(p);
  quantiseRows(&p, 0, panelsOf(p), 0);
  quantiseColumns(&p, 0, blocksOf(p), 0);
  multiply(&p, 0, productTiles(p), 0);
}

}  // namespace
}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
