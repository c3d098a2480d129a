// Decides what a product needs before its numbers are quantised: whether its kernel multiplies
// pairs of int16 or bytes, its scratch memory, and the shifts that all lines share.
#pragma once
#include "call.h"
#include "pack-lines.h"
#include "program.h"
#if VIVIAN_LEVEL == VIVIAN_LEVEL_AVX512VNNI
#define VIVIAN_MULTIPLIES_BYTES 1
#if defined(VIVIAN_TILE_REGISTERS)
#include "tile-kernel.h"
#else
#include "byte-kernel.h"
#endif
#endif

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

/** Lanes of a packed panel of rows: whole vectors. */
constexpr int64_t PANEL_LANES = (TILE_ROWS + LANES - 1) / LANES * LANES;
// The pairs of a panel of the longest lines lie within the offsets that a kernel reads them by.
static_assert(CONTRACTION_MAX / 2 * PANEL_LANES * 4 <= (int64_t)1 << 32);

/** One product C = A·B with its scratch. Rows of A are lines of side a, columns of B of side b. */
struct Product {
  Side a, b;
  float* c;
  int64_t strideC;
  int64_t m, k, n;
  bool mayUseBytes;      // asked for by an op that leaves all its steps to this product
  int32_t planes;        // digits of a number where bytes are multiplied, 0 where pairs are
  int64_t words;         // int32 of a line (and plane): pairs of int16, or four bytes each
  int64_t tileRows;      // rows of a panel
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
  uint32_t* offsets;     // bytes of pair k in a row, or in a panel
  float* rowSquares;     // of each panel
  float* columnSquares;  // of each block
  int32_t* rowSums;      // of each row's bytes
};

VIVIAN_INLINE int64_t panelsOf(const Product& p) { return (p.m + p.tileRows - 1) / p.tileRows; }
VIVIAN_INLINE int64_t blocksOf(const Product& p) {
  return (p.n + COLUMN_BLOCK - 1) / COLUMN_BLOCK;
}

/** Bytes of quantised rows that stay in a core's own cache while the columns pass by. */
constexpr int64_t GROUP_BYTES = 1 << 19;

/** A tile of the result: a panel of rows and a block of columns. */
struct TilePlace {
  int64_t panel, block;
};

/** Tile number `item`: block by block within a group of panels, group by group. */
VIVIAN_INLINE TilePlace tilePlace(const Product& p, int64_t item) {
  const int64_t panels = panelsOf(p);
  const int64_t blocks = blocksOf(p);
  const int64_t group = larger(1, GROUP_BYTES / (p.tileRows * p.rowBytes));
  const int64_t first = item / (group * blocks) * group;
  const int64_t rest = item - first * blocks;
  const int64_t count = smaller(group, panels - first);
  return {first + rest % count, rest / count};
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

/** Chooses between pairs and bytes. */
VIVIAN_INLINE void chooseWords(Product& p, int32_t profile) {
  p.planes = 0;
  p.words = (p.k + 1) / 2;
  p.tileRows = TILE_ROWS;
#if VIVIAN_MULTIPLIES_BYTES
  p.planes = p.mayUseBytes ? bytePlanes(profile, p.m, p.k, p.n) : 0;
  if (p.planes == 0) return;
  p.words = roundUp((p.k + 3) / 4, WORDS_STEP);
  p.tileRows = BYTE_TILE_ROWS;
#else
  (void)profile;
#endif
}

/** Takes the scratch of a product whose sizes are given; `turned` sides are stored transposed. */
VIVIAN_INLINE void planProduct(Product& p, int32_t profile, const bool* turned, int32_t threads,
                               Arena& arena) {
  chooseWords(p, profile);
  const int64_t lineWords = p.words * (p.planes == 0 ? 1 : p.planes);
  p.strideC = p.n;
  p.bound = boundOfProfile(profile);
  p.balanced = profile == 1;
  planSide(p.a, p.m, p.k, turned[0], -1, arena);
  planSide(p.b, p.n, p.k, !turned[1], 1, arena);
  p.shiftValues = arena.take<int32_t>(p.k + LANES);
  p.shiftFactors = arena.take<float>(p.k + LANES);
  p.shiftInverses = arena.take<float>(p.k + LANES);
  // An odd number of cache lines a row, so that the rows of a tile do not share cache sets.
  p.rowBytes = roundUp(lineWords * 4, 64) | 64;
  const int64_t packed = panelsOf(p) * lineWords * PANEL_LANES * 2;
  const int64_t inPlace = roundUp(p.m, p.tileRows) * (p.rowBytes / 2);
  p.rows = arena.take<int16_t>((p.a.isAcross ? packed : inPlace) + 64);
  p.columns = arena.take<int32_t>(packedPairs(lineWords, p.n));
  p.lines = arena.take<int16_t>(p.b.isAcross ? 0 : threads * COLUMN_BLOCK * (p.rowBytes / 2));
  p.offsets = arena.take<uint32_t>(p.words);
  p.rowSquares = arena.take<float>(panelsOf(p));
  p.columnSquares = arena.take<float>(blocksOf(p));
  p.rowSums = arena.take<int32_t>(p.planes == 0 ? 0 : p.m);
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
  for (int64_t k = 0; k < p.words; k += 1) p.offsets[k] = (uint32_t)(k * step);
}

}  // namespace
}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
