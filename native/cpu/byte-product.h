// Decides the steps of a product whose kernel multiplies bytes: the same steps as those over pairs
// of int16 in product.h, which choose between the two by the product's planes.
#pragma once
#include "product-plan.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

/** Where the words of a panel's rows begin. */
VIVIAN_INLINE char* panelRows(const Product& p, int64_t panel) {
  char* rows = (char*)p.rows;
  if (p.a.isAcross) return rows + panel * p.words * p.planes * PANEL_LANES * 4;
  return rows + panel * p.tileRows * p.rowBytes;
}

/** Exponents, quantised numbers and their sums of the rows of panels [begin, end). */
inline void quantiseByteRows(const Product& p, int64_t begin, int64_t end) {
  const int64_t last = smaller(end * p.tileRows, p.m);
  if (p.a.isAcross) findExponents(p.a, p.shifts, p.bound, begin * p.tileRows, last);
  for (int64_t panel = begin; panel < end; panel += 1) {
    const int64_t line = panel * p.tileRows;
    const int64_t count = smaller(p.tileRows, p.m - line);
    // Lines in a row are read again while they are in the cache.
    if (!p.a.isAcross) findExponents(p.a, p.shifts, p.bound, line, line + count);
    const bool plain = areFactorsPlain(p.a, p.shifts, line, line + count);
    if (!p.a.isAcross) {
      for (int64_t i = line; i < line + count; i += 1) {
        int8_t* target = (int8_t*)p.rows + i * p.rowBytes;
        quantiseLineAsBytes(p.a, p.shifts, plain, i, p.planes, p.words * 4, target);
        p.rowSums[i] = finishByteLine(target, p.words);
      }
      continue;
    }
    int32_t* words = (int32_t*)panelRows(p, panel);
    float factors[PANEL_LANES] = {};
    for (int64_t i = 0; i < count; i += 1) factors[i] = p.a.factors[line + i];
    const WordTarget target = {words, PANEL_LANES, p.words * PANEL_LANES, p.planes, 0};
    packBlockAsBytes(p.a, p.shifts, plain, {line, count, p.m - line, factors}, target);
    int32_t sums[PANEL_LANES];
    finishBytePanel(words, p.words * p.planes, sums);
    for (int64_t i = 0; i < count; i += 1) p.rowSums[line + i] = sums[i];
  }
}

/** Exponents and words of the columns of blocks [begin, end). */
inline void quantiseByteColumns(const Product& p, int64_t begin, int64_t end, int32_t worker) {
  const int64_t last = smaller(end * COLUMN_BLOCK, p.n);
  if (p.b.isAcross) findExponents(p.b, p.shifts, p.bound, begin * COLUMN_BLOCK, last);
  int8_t* lines = (int8_t*)p.lines + worker * COLUMN_BLOCK * p.rowBytes;
  for (int64_t block = begin; block < end; block += 1) {
    const int64_t line = block * COLUMN_BLOCK;
    const int64_t count = smaller(COLUMN_BLOCK, p.n - line);
    if (!p.b.isAcross) findExponents(p.b, p.shifts, p.bound, line, line + count);
    const bool plain = areFactorsPlain(p.b, p.shifts, line, line + count);
    int32_t* words = p.columns + blockStart(block, p.words * p.planes);
    const int64_t planeWords = p.words * COLUMN_BLOCK;
    if (p.b.isAcross) {
      const WordTarget target = {words, COLUMN_BLOCK, planeWords, p.planes, BYTE_FLIP};
      packBlockAsBytes(p.b, p.shifts, plain, {line, count, count, p.b.factors + line}, target);
      continue;
    }
    for (int64_t i = 0; i < count; i += 1) {
      quantiseLineAsBytes(p.b, p.shifts, plain, line + i, p.planes, p.words * 4,
                          lines + i * p.rowBytes);
    }
    for (int64_t half = 0; half < COLUMN_BLOCK; half += LANES) {
      const int64_t rows = count - half < 0 ? 0 : smaller(LANES, count - half);
      turnPairs((const int32_t*)(lines + half * p.rowBytes), p.rowBytes / 4, rows,
                p.words * p.planes, words + half, COLUMN_BLOCK);
    }
    flipWords(words, planeWords * p.planes, BYTE_FLIP);
  }
}

/** Tiles [begin, end) of the result. */
inline void multiplyBytes(const Product& p, int64_t begin, int64_t end) {
  const KernelState state;
  (void)state;
  for (int64_t item = begin; item < end; item += 1) {
    const auto [panel, block] = tilePlace(p, item);
    const int64_t row = panel * p.tileRows;
    const int64_t column = block * COLUMN_BLOCK;
    const bool isAcross = p.a.isAcross;
    const ByteTile from = {panelRows(p, panel),
                           isAcross ? PANEL_STRIDE : p.rowBytes,
                           isAcross ? PANEL_STEP : LINE_STEP,
                           p.words * (isAcross ? PANEL_LANES * 4 : 4),
                           p.rowSums + row,
                           p.columns + blockStart(block, p.words * p.planes),
                           p.words,
                           p.planes};
    const Target target = {p.c + row * p.strideC + column, p.strideC, p.a.exponents + row,
                           p.b.exponents + column};
    byteProductTile(from, smaller(p.tileRows, p.m - row), smaller(COLUMN_BLOCK, p.n - column),
                    target);
  }
}

}  // namespace
}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
