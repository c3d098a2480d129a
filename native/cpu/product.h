// Decides how one exact product is made: both sides are quantised once, with one exponent a row of
// A and a column of B; the sums are exact integers (ARCHITECTURE.md section 4, "Matrix product").
#pragma once
#include "call.h"
#include "pack.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

/** One product C = A·B on row-major matrices, with its scratch. */
struct Product {
  const float* a;
  const float* b;
  float* c;
  int64_t m, k, n, pairs;
  Bound bound;
  bool balanced;
  int64_t rowBytes;     // bytes of a quantised row of A
  int16_t* rows;        // [m][rowBytes / 2]
  int32_t* rowExponents;
  int32_t* shifts;      // s_k of I14K, else zeros
  int32_t* columns;     // packed B
  int32_t* columnKeys;  // largest key of each column, then its exponent
  int32_t* columnShifts;  // [threads][2][n]
  float* columnFactors;   // [threads][2][n]
  int32_t* offsets;       // bytes of pair k in a row
};

/** Takes the scratch of a product whose sizes, operands and profile are given. */
VIVIAN_INLINE void planProduct(Product& p, int32_t profile, int32_t threads, Arena& arena) {
  p.pairs = (p.k + 1) / 2;
  p.bound = boundOfProfile(profile);
  p.balanced = profile == 1;
  // An odd number of cache lines a row, so that the rows of a tile do not share cache sets.
  p.rowBytes = roundUp(p.pairs * 4, 64) | 64;
  p.rows = arena.take<int16_t>(p.m * (p.rowBytes / 2));
  p.rowExponents = arena.take<int32_t>(p.m);
  p.shifts = arena.take<int32_t>(p.k + 1);
  p.columns = arena.take<int32_t>(packedPairs(p.pairs, p.n));
  p.columnKeys = arena.take<int32_t>(roundUp(p.n, COLUMN_BLOCK));
  p.columnShifts = arena.take<int32_t>(2 * p.n * threads);
  p.columnFactors = arena.take<float>(2 * p.n * threads);
  p.offsets = arena.take<int32_t>(p.pairs);
}

/** s_k for every k; the column maxima of A land in shifts first. */
inline void findShifts(Product& p) {
  for (int64_t k = 0; k <= p.k; k += 1) p.shifts[k] = 0;
  if (!p.balanced) return;
  maxOfColumns(p.a, 0, p.m, p.k, p.shifts);
  for (int64_t k = 0; k < p.k; k += 1) {
    const int32_t rowMax = maxMagnitude(p.b + k * p.n, p.n);
    p.shifts[k] = balanceShift(p.shifts[k], rowMax, p.bound);
  }
}

/** Exponents of the columns of the balanced B: row k was multiplied by 2^s_k. */
inline void findColumnExponents(Product& p) {
  const int64_t padded = roundUp(p.n, COLUMN_BLOCK);
  for (int64_t c = 0; c < padded; c += 1) p.columnKeys[c] = p.balanced ? ZERO_KEY : 0;
  if (p.balanced) {
    for (int64_t k = 0; k < p.k; k += 1) {
      const float* VIVIAN_RESTRICT row = p.b + k * p.n;
      int32_t* VIVIAN_RESTRICT keys = p.columnKeys;
      const int32_t shift = -p.shifts[k];
      for (int64_t c = 0; c < p.n; c += 1) {
        const int32_t key = balancedKey(bitsOf(row[c]) & MAGNITUDE_MASK, shift);
        keys[c] = key > keys[c] ? key : keys[c];
      }
    }
    for (int64_t c = 0; c < p.n; c += 1) p.columnKeys[c] = exponentOfKey(p.columnKeys[c], p.bound);
  } else {
    maxOfColumns(p.b, 0, p.k, p.n, p.columnKeys);
    for (int64_t c = 0; c < p.n; c += 1) p.columnKeys[c] = exponentOf(p.columnKeys[c], p.bound);
  }
}

inline void quantiseRows(void* context, int64_t begin, int64_t end, int32_t) {
  const Product& p = *(const Product*)context;
  for (int64_t i = begin; i < end; i += 1) {
    const float* VIVIAN_RESTRICT row = p.a + i * p.k;
    int16_t* VIVIAN_RESTRICT target = p.rows + i * (p.rowBytes / 2);
    const int32_t* VIVIAN_RESTRICT shifts = p.shifts;
    if (p.balanced) {
      int32_t key = ZERO_KEY;
      for (int64_t k = 0; k < p.k; k += 1) {
        const int32_t one = balancedKey(bitsOf(row[k]) & MAGNITUDE_MASK, shifts[k]);
        key = one > key ? one : key;
      }
      const int32_t exponent = exponentOfKey(key, p.bound);
      p.rowExponents[i] = exponent;
      for (int64_t k = 0; k < p.k; k += 1) {
        target[k] = (int16_t)quantiseShifted(bitsOf(row[k]), -shifts[k] - exponent);
      }
    } else {
      const int32_t exponent = exponentOf(maxMagnitude(row, p.k), p.bound);
      p.rowExponents[i] = exponent;
      quantiseVector(row, p.k, powerOfTwo(-exponent), target);
    }
    if (p.k & 1) target[p.k] = 0;
  }
}

inline void quantiseColumns(void* context, int64_t begin, int64_t end, int32_t worker) {
  const Product& p = *(const Product*)context;
  int32_t* VIVIAN_RESTRICT first = p.columnShifts + 2 * p.n * worker;
  int32_t* VIVIAN_RESTRICT second = first + p.n;
  float* factors = p.columnFactors + 2 * p.n * worker;
  ColumnScales one = {first, nullptr};
  ColumnScales two = {second, nullptr};
  for (int64_t pair = begin; pair < end; pair += 1) {
    const int64_t k = pair * 2;
    // Without balancing, every row has the same shifts.
    if (p.balanced || pair == begin) {
      for (int64_t c = 0; c < p.n; c += 1) first[c] = p.shifts[k] - p.columnKeys[c];
      for (int64_t c = 0; c < p.n; c += 1) second[c] = p.shifts[k + 1] - p.columnKeys[c];
      one = columnScales(first, p.n, factors);
      two = columnScales(second, p.n, factors + p.n);
    }
    const float* row = p.b + k * p.n;
    packRowPair(p.columns, p.pairs, pair, p.n, row, k + 1 < p.k ? row + p.n : nullptr, one, two);
  }
}

inline void multiply(void* context, int64_t begin, int64_t end, int32_t) {
  const Product& p = *(const Product*)context;
  const int64_t panels = (p.m + TILE_ROWS - 1) / TILE_ROWS;
  for (int64_t item = begin; item < end; item += 1) {
    const int64_t block = item / panels;
    const int64_t row = item % panels * TILE_ROWS;
    const int64_t column = block * COLUMN_BLOCK;
    const Rows rows = {(const char*)p.rows + row * p.rowBytes, p.rowBytes, p.offsets};
    const Target target = {p.c + row * p.n + column, p.n, p.rowExponents + row,
                           p.columnKeys + column};
    productTile(rows, p.pairs, (const int16_t*)(p.columns + blockStart(block, p.pairs)),
                smaller(TILE_ROWS, p.m - row), smaller(COLUMN_BLOCK, p.n - column), target);
  }
}

/** Row panels times column blocks: the items of `multiply`. */
VIVIAN_INLINE int64_t productTiles(const Product& p) {
  const int64_t panels = (p.m + TILE_ROWS - 1) / TILE_ROWS;
  const int64_t blocks = (p.n + COLUMN_BLOCK - 1) / COLUMN_BLOCK;
  return panels * blocks;
}

/** What comes before rows and columns are quantised; not split over threads. */
inline void prepareProduct(Product& p) {
  for (int64_t k = 0; k < p.pairs; k += 1) p.offsets[k] = (int32_t)(k * 4);
  findShifts(p);
  findColumnExponents(p);
}

/** The whole product on the calling thread; planned for one thread. */
inline void runProduct(Product& p) {
  prepareProduct(p);
  quantiseRows(&p, 0, p.m, 0);
  quantiseColumns(&p, 0, p.pairs, 0);
  multiply(&p, 0, productTiles(p), 0);
}

}  // namespace
}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
