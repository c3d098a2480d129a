// Decides how one exact product is made: both sides are quantised once, with one exponent a row of
// A and a column of B; the sums are exact integers (ARCHITECTURE.md section 4, "Matrix product").
// Either side may be stored as its transpose: its lines are then packed from where they lie.
#pragma once
#include "call.h"
#include "pack-lines.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

/** Lanes of a packed panel of rows: whole vectors. */
constexpr int64_t PANEL_LANES = (TILE_ROWS + LANES - 1) / LANES * LANES;

/** One product C = A·B with its scratch. Rows of A are lines of side a, columns of B of side b. */
struct Product {
  Side a, b;
  float* c;
  int64_t strideC;
  int64_t m, k, n, pairs;
  Bound bound;
  bool balanced;
  Shifts shifts;
  int32_t* shiftValues;
  float* shiftFactors;
  float* shiftInverses;
  int64_t rowBytes;      // bytes of a quantised line
  int16_t* rows;         // [m][rowBytes / 2], or panels of packed rows where A lies across
  int32_t* columns;      // packed B
  int16_t* lines;        // [threads][COLUMN_BLOCK][rowBytes / 2]
  int32_t* offsets;      // bytes of pair k in a row, or in a panel
  float* rowSquares;     // of each panel
  float* columnSquares;  // of each block
};

VIVIAN_INLINE int64_t panelsOf(const Product& p) { return (p.m + TILE_ROWS - 1) / TILE_ROWS; }
VIVIAN_INLINE int64_t blocksOf(const Product& p) {
  return (p.n + COLUMN_BLOCK - 1) / COLUMN_BLOCK;
}

/** Takes the scratch of a side with `lines` lines of `k` numbers; contiguous in memory. */
VIVIAN_INLINE void planSide(Side& side, int64_t lines, int64_t k, bool isAcross, int32_t sign,
                            Arena& arena) {
  side.lines = lines;
  side.k = k;
  side.stride = isAcross ? lines : k;
  side.isAcross = isAcross;
  side.sign = sign;
  const int64_t room = roundUp(lines, COLUMN_BLOCK) + LANES;
  side.exponents = arena.take<int32_t>(room);
  side.factors = arena.take<float>(room);
  side.keys = arena.take<int32_t>(room);
}

/** Takes the scratch of a product whose sizes are given; `turned` sides are stored transposed. */
VIVIAN_INLINE void planProduct(Product& p, int32_t profile, const bool* turned, int32_t threads,
                               Arena& arena) {
  p.pairs = (p.k + 1) / 2;
  p.strideC = p.n;
  p.bound = boundOfProfile(profile);
  p.balanced = profile == 1;
  planSide(p.a, p.m, p.k, turned[0], -1, arena);
  planSide(p.b, p.n, p.k, !turned[1], 1, arena);
  p.shiftValues = arena.take<int32_t>(p.k + LANES);
  p.shiftFactors = arena.take<float>(p.k + LANES);
  p.shiftInverses = arena.take<float>(p.k + LANES);
  // An odd number of cache lines a row, so that the rows of a tile do not share cache sets.
  p.rowBytes = roundUp(p.pairs * 4, 64) | 64;
  const int64_t packed = panelsOf(p) * p.pairs * PANEL_LANES * 2;
  p.rows = arena.take<int16_t>((p.a.isAcross ? packed : p.m * (p.rowBytes / 2)) + 64);
  p.columns = arena.take<int32_t>(packedPairs(p.pairs, p.n));
  p.lines = arena.take<int16_t>(p.b.isAcross ? 0 : threads * COLUMN_BLOCK * (p.rowBytes / 2));
  p.offsets = arena.take<int32_t>(p.pairs);
  p.rowSquares = arena.take<float>(panelsOf(p));
  p.columnSquares = arena.take<float>(blocksOf(p));
}

/** Largest magnitudes of number k over all lines, into shiftValues, k in [begin, end). */
VIVIAN_INLINE void largestOfNumbers(const Side& side, int64_t begin, int64_t end, int32_t* into) {
  if (!side.isAcross) {
    maxAcross(side.values, side.stride, side.lines, begin, end, into);
    return;
  }
  for (int64_t k = begin; k < end; k += 1) {
    into[k] = maxMagnitude(side.values + k * side.stride, side.lines);
  }
}

/** s_k of numbers [begin, end). */
inline void findShifts(void* context, int64_t begin, int64_t end, int32_t) {
  const Product& p = *(const Product*)context;
  if (!p.balanced) return;
  int32_t* ofB = (int32_t*)p.shiftFactors;
  largestOfNumbers(p.a, begin, end, p.shiftValues);
  largestOfNumbers(p.b, begin, end, ofB);
  for (int64_t k = begin; k < end; k += 1) {
    const int32_t shift = balanceShift(p.shiftValues[k], ofB[k], p.bound);
    p.shiftValues[k] = shift;
    p.shiftFactors[k] = powerOfTwo(shift);
    p.shiftInverses[k] = powerOfTwo(-shift);
  }
}

/** What comes after the shifts of all numbers, and is not split over threads. */
inline void finishShifts(Product& p) {
  if (!p.balanced) {
    for (int64_t k = 0; k < p.k; k += 1) {
      p.shiftValues[k] = 0;
      p.shiftFactors[k] = 1.0f;
      p.shiftInverses[k] = 1.0f;
    }
  }
  p.shiftValues[p.k] = 0;
  Shifts& shifts = p.shifts;
  shifts = {p.shiftValues, p.shiftFactors, p.shiftInverses, 0, 0, true};
  int32_t any = 0;
  for (int64_t k = 0; k < p.k; k += 1) {
    const int32_t shift = p.shiftValues[k];
    shifts.least = shift < shifts.least ? shift : shifts.least;
    shifts.most = shift > shifts.most ? shift : shifts.most;
    any |= shift;
  }
  shifts.isPlain = any == 0;
  const int64_t step = p.a.isAcross ? PANEL_LANES * 4 : 4;
  for (int64_t k = 0; k < p.pairs; k += 1) p.offsets[k] = (int32_t)(k * step);
}

/** Exponents and quantised numbers of the rows of panels [begin, end). */
inline void quantiseRows(void* context, int64_t begin, int64_t end, int32_t) {
  const Product& p = *(const Product*)context;
  const int64_t last = smaller(end * TILE_ROWS, p.m);
  findExponents(p.a, p.shifts, p.bound, begin * TILE_ROWS, last);
  for (int64_t panel = begin; panel < end; panel += 1) {
    const int64_t line = panel * TILE_ROWS;
    const int64_t count = smaller(TILE_ROWS, p.m - line);
    const bool plain = areFactorsPlain(p.a, p.shifts, line, line + count);
    float squares = 0.0f;
    if (p.a.isAcross) {
      int32_t* target = (int32_t*)p.rows + panel * p.pairs * PANEL_LANES;
      // Lines beyond the panel are another's; here they count as zeros.
      float factors[PANEL_LANES] = {};
      for (int64_t i = 0; i < count; i += 1) factors[i] = p.a.factors[line + i];
      packBlock(p.a, p.shifts, plain, {line, count, p.m - line, factors}, PANEL_LANES, target);
      squares = squaresOfBlock(target, p.pairs, PANEL_LANES, PANEL_LANES);
    } else {
      for (int64_t i = line; i < line + count; i += 1) {
        int16_t* target = p.rows + i * (p.rowBytes / 2);
        quantiseLine(p.a, p.shifts, plain, i, target);
        for (int64_t k = 2 * p.pairs; k < 2 * roundUp(p.pairs, LANES); k += 1) target[k] = 0;
        const float one = squaresOfLine(target, p.pairs);
        squares = one > squares ? one : squares;
      }
    }
    p.rowSquares[panel] = squares;
  }
}

/** Exponents and packed pairs of the columns of blocks [begin, end). */
inline void quantiseColumns(void* context, int64_t begin, int64_t end, int32_t worker) {
  const Product& p = *(const Product*)context;
  findExponents(p.b, p.shifts, p.bound, begin * COLUMN_BLOCK, smaller(end * COLUMN_BLOCK, p.n));
  const int64_t stride = p.rowBytes / 2;
  int16_t* lines = p.lines + worker * COLUMN_BLOCK * stride;
  for (int64_t block = begin; block < end; block += 1) {
    const int64_t line = block * COLUMN_BLOCK;
    const int64_t count = smaller(COLUMN_BLOCK, p.n - line);
    const bool plain = areFactorsPlain(p.b, p.shifts, line, line + count);
    int32_t* target = p.columns + blockStart(block, p.pairs);
    if (p.b.isAcross) {
      packBlock(p.b, p.shifts, plain, {line, count, count, p.b.factors + line}, COLUMN_BLOCK,
                target);
    } else {
      for (int64_t i = 0; i < count; i += 1) {
        quantiseLine(p.b, p.shifts, plain, line + i, lines + i * stride);
      }
      for (int64_t half = 0; half < COLUMN_BLOCK; half += LANES) {
        const int64_t rows = count - half < 0 ? 0 : smaller(LANES, count - half);
        turnPairs((const int32_t*)(lines + half * stride), stride / 2, rows, p.pairs,
                  target + half, COLUMN_BLOCK);
      }
    }
    p.columnSquares[block] = squaresOfBlock(target, p.pairs, COLUMN_BLOCK, COLUMN_BLOCK);
  }
}

inline void multiply(void* context, int64_t begin, int64_t end, int32_t) {
  const Product& p = *(const Product*)context;
  const int64_t panels = panelsOf(p);
  for (int64_t item = begin; item < end; item += 1) {
    const int64_t block = item / panels;
    const int64_t panel = item % panels;
    const int64_t row = panel * TILE_ROWS;
    const int64_t column = block * COLUMN_BLOCK;
    const char* data = p.a.isAcross ? (const char*)p.rows + panel * p.pairs * PANEL_LANES * 4
                                    : (const char*)p.rows + row * p.rowBytes;
    const Rows rows = {data, p.a.isAcross ? 4 : p.rowBytes, p.offsets};
    const Target target = {p.c + row * p.strideC + column, p.strideC, p.a.exponents + row,
                           p.b.exponents + column};
    productTile(rows, p.pairs, (const int16_t*)(p.columns + blockStart(block, p.pairs)),
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
