// Decides dw of conv2d: always balanced by image, then one exponent per input channel of x and one
// per output channel of dy over all images; exact sums over every pixel of every image, one
// rounding per element (ARCHITECTURE.md section 4, "Convolution").
//
// Neighbouring output pixels of a row make a pair. x becomes an image of pairs (pixel w, pixel
// w + stride), in which the values of filter row i, all its columns and channels, lie side by side.
#include "conv-shape.h"
#include "kernels.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

/** Pairs worked on at once: enough to make the 64-bit additions rare, few enough for the cache. */
constexpr int64_t GROUP_PAIRS = 512;

/**
 * Values of the images of pairs worked on at once (16 MiB). Images of few pairs may be wide, where
 * little of them is convolved or the stride is long: their offsets stay inside an int32.
 */
constexpr int64_t GROUP_VALUES = 1 << 22;

struct FilterGradient {
  ConvShape s;
  const float* x;
  const float* dy;
  float* dw;
  Bound bound;
  int32_t* maximaX;   // [n][c] largest magnitude bits
  int32_t* maximaDy;  // [n][o]
  int32_t* balance;   // [n] s_n
  int32_t* exponentsX;   // [c]
  int32_t* exponentsDy;  // [o], padded to whole blocks
  int64_t paddedWidth, paddedHeight;
  int64_t rowPairs, imagePairs;    // of dy: pairs of one row, of one image
  int64_t pairValues;              // int32 of one image of x pairs
  int64_t group;                   // images at once
  int64_t sumColumns, sumCount;    // columns padded to whole blocks
  int16_t* padded;    // [threads] one quantised image
  int32_t* xPairs;    // [threads][group] images of pairs
  int32_t* dyPairs;   // [threads] packed columns of a group
  int32_t* shifts;    // [threads][max(c·w, o)]
  float* factors;     // [threads][max(c·w, o)]
  int64_t shiftCount;
  int64_t* sums;      // [threads][kh·kw·c][sumColumns]
  uint32_t* offsets;   // [group · imagePairs]
};

FilterGradient plan(const Call& call, Arena& arena) {
  FilterGradient p;
  p.s = convShape(call.inputs[0].dims, call.dims, call.inputs[1].dims, call.attributes);
  p.x = call.inputs[0].data;
  p.dy = call.inputs[1].data;
  p.dw = call.output;
  p.bound = boundOfProfile(call.attributes[0]);
  p.maximaX = arena.take<int32_t>(p.s.n * p.s.c);
  p.maximaDy = arena.take<int32_t>(p.s.n * p.s.o);
  p.balance = arena.take<int32_t>(p.s.n);
  p.exponentsX = arena.take<int32_t>(p.s.c);
  p.sumColumns = roundUp(p.s.o, COLUMN_BLOCK);
  p.exponentsDy = arena.take<int32_t>(p.sumColumns);
  // A pair reaches one stride further, and an odd row of dy one pixel further than that.
  p.paddedWidth = p.s.w + 2 * p.s.pad + 2 * p.s.stride;
  p.paddedHeight = p.s.h + 2 * p.s.pad;
  p.rowPairs = (p.s.ow + 1) / 2;
  p.imagePairs = p.s.oh * p.rowPairs;
  p.pairValues = roundUp(p.paddedHeight * p.paddedWidth * p.s.c, 16);
  const int64_t most = smaller(GROUP_PAIRS / larger(1, p.imagePairs), GROUP_VALUES / p.pairValues);
  p.group = larger(1, smaller(p.s.n, most));
  p.sumCount = p.s.kh * p.s.kw * p.s.c * p.sumColumns;
  p.shiftCount = roundUp(larger(p.s.w * p.s.c, p.s.o), 16);
  p.padded = arena.take<int16_t>(p.pairValues * call.threads);
  p.xPairs = arena.take<int32_t>(p.pairValues * p.group * call.threads);
  p.dyPairs = arena.take<int32_t>(packedPairs(p.group * p.imagePairs, p.s.o) * call.threads);
  p.shifts = arena.take<int32_t>(p.shiftCount * call.threads);
  p.factors = arena.take<float>(p.shiftCount * call.threads);
  p.sums = arena.take<int64_t>(p.sumCount * call.threads);
  p.offsets = arena.take<uint32_t>(p.group * p.imagePairs);
  return p;
}

void findMaxima(void* context, int64_t begin, int64_t end, int32_t) {
  const FilterGradient& p = *(const FilterGradient*)context;
  const int64_t pixelsX = p.s.h * p.s.w;
  const int64_t pixelsDy = p.s.oh * p.s.ow;
  for (int64_t n = begin; n < end; n += 1) {
    int32_t* x = p.maximaX + n * p.s.c;
    int32_t* dy = p.maximaDy + n * p.s.o;
    memset(x, 0, (size_t)p.s.c * 4);
    memset(dy, 0, (size_t)p.s.o * 4);
    maxOfColumns(p.x, n * pixelsX, (n + 1) * pixelsX, p.s.c, x);
    maxOfColumns(p.dy, n * pixelsDy, (n + 1) * pixelsDy, p.s.o, dy);
    int32_t largestX = 0;
    int32_t largestDy = 0;
    for (int64_t c = 0; c < p.s.c; c += 1) largestX = x[c] > largestX ? x[c] : largestX;
    for (int64_t o = 0; o < p.s.o; o += 1) largestDy = dy[o] > largestDy ? dy[o] : largestDy;
    p.balance[n] = balanceShift(largestX, largestDy, p.bound);
  }
}

/** Exponent of each channel over all images, each image's values multiplied by 2^-(sign·s_n). */
void findExponents(const int32_t* maxima, const int32_t* balance, int32_t sign, int64_t images,
                   int64_t channels, Bound bound, int32_t* exponents) {
  for (int64_t c = 0; c < channels; c += 1) exponents[c] = ZERO_KEY;
  for (int64_t n = 0; n < images; n += 1) {
    const int32_t shift = sign * balance[n];
    for (int64_t c = 0; c < channels; c += 1) {
      const int32_t key = balancedKey(maxima[n * channels + c], shift);
      if (key > exponents[c]) exponents[c] = key;
    }
  }
  for (int64_t c = 0; c < channels; c += 1) exponents[c] = exponentOfKey(exponents[c], bound);
}

void packX(const FilterGradient& p, int64_t n, int16_t* padded, int32_t* pairs, int32_t* shifts,
           float* factors) {
  const int64_t c = p.s.c;
  for (int64_t i = 0; i < c; i += 1) shifts[i] = -p.balance[n] - p.exponentsX[i];
  for (int64_t i = c; i < p.s.w * c; i += 1) shifts[i] = shifts[i - c];
  const ColumnScales scales = columnScales(shifts, p.s.w * c, factors);
  const float* image = p.x + n * p.s.h * p.s.w * c;
  for (int64_t row = 0; row < p.s.h; row += 1) {
    int16_t* target = padded + ((row + p.s.pad) * p.paddedWidth + p.s.pad) * c;
    quantiseEach(image + row * p.s.w * c, p.s.w * c, scales, target);
  }
  const int64_t ahead = p.s.stride * c;
  const int64_t count = p.paddedHeight * p.paddedWidth * c - ahead;
  const int16_t* VIVIAN_RESTRICT from = padded;
  int32_t* VIVIAN_RESTRICT to = pairs;
  for (int64_t i = 0; i < count; i += 1) to[i] = pairOf(from[i], from[i + ahead]);
}

void packDy(const FilterGradient& p, int64_t n, int64_t pairs, int64_t first, int32_t* packed,
            int32_t* shifts, float* factors) {
  for (int64_t o = 0; o < p.s.o; o += 1) shifts[o] = p.balance[n] - p.exponentsDy[o];
  const ColumnScales scales = columnScales(shifts, p.s.o, factors);
  const float* image = p.dy + n * p.s.oh * p.s.ow * p.s.o;
  int64_t pair = first;
  for (int64_t oh = 0; oh < p.s.oh; oh += 1) {
    for (int64_t ow = 0; ow < p.s.ow; ow += 2) {
      const float* one = image + (oh * p.s.ow + ow) * p.s.o;
      const float* two = ow + 1 < p.s.ow ? one + p.s.o : nullptr;
      packRowPair(packed, pairs, pair, p.s.o, one, two, scales, scales);
      pair += 1;
    }
  }
}

void addTile(const Tile& tile, int64_t rows, int64_t columns, int64_t* sums, int64_t stride) {
  for (int64_t t = 0; t < rows; t += 1) {
    int64_t* VIVIAN_RESTRICT target = sums + t * stride;
    const int32_t* VIVIAN_RESTRICT low = tile.low[t];
    const int32_t* VIVIAN_RESTRICT high = tile.high[t];
    if (tile.spilled) {
      for (int64_t c = 0; c < columns; c += 1) {
        target[c] += ((int64_t)high[c] << 16) + (int64_t)low[c];
      }
    } else {
      for (int64_t c = 0; c < columns; c += 1) target[c] += low[c];
    }
  }
}

void multiplyGroup(const FilterGradient& p, int64_t pairs, const int32_t* xPairs,
                   const int32_t* dyPairs, int64_t* sums) {
  Tile tile;
  const int64_t rowCount = p.s.kw * p.s.c;  // side by side for one filter row
  const int64_t tileRows = evenTileRows(rowCount);
  for (int64_t column = 0; column < p.s.o; column += COLUMN_BLOCK) {
    const int64_t width = smaller(COLUMN_BLOCK, p.s.o - column);
    const int16_t* packed = (const int16_t*)(dyPairs + blockStart(column / COLUMN_BLOCK, pairs));
    for (int64_t i = 0; i < p.s.kh; i += 1) {
      for (int64_t row = 0; row < rowCount; row += tileRows) {
        const int64_t height = smaller(tileRows, rowCount - row);
        const Rows rows = {(const char*)(xPairs + i * p.paddedWidth * p.s.c + row), 4, p.offsets};
        const TileFunction function = tileFor(height, width);
        int64_t* target = sums + (i * rowCount + row) * p.sumColumns + column;
        for (int64_t first = 0; first < pairs; first += CHUNK_PAIRS) {
          function(rows, first, smaller(CHUNK_PAIRS, pairs - first), SPILL_PAIRS, packed,
                   tile);
          addTile(tile, height, width, target, p.sumColumns);
        }
      }
    }
  }
}

void gradientOfImages(void* context, int64_t begin, int64_t end, int32_t worker) {
  const FilterGradient& p = *(const FilterGradient*)context;
  int16_t* padded = p.padded + p.pairValues * worker;
  int32_t* xPairs = p.xPairs + p.pairValues * p.group * worker;
  int32_t* dyPairs = p.dyPairs + packedPairs(p.group * p.imagePairs, p.s.o) * worker;
  int32_t* shifts = p.shifts + p.shiftCount * worker;
  float* factors = p.factors + p.shiftCount * worker;
  int64_t* sums = p.sums + p.sumCount * worker;
  memset(padded, 0, (size_t)p.pairValues * 2);
  for (int64_t first = begin; first < end; first += p.group) {
    const int64_t images = smaller(p.group, end - first);
    const int64_t pairs = images * p.imagePairs;
    for (int64_t i = 0; i < images; i += 1) {
      packX(p, first + i, padded, xPairs + i * p.pairValues, shifts, factors);
      packDy(p, first + i, pairs, i * p.imagePairs, dyPairs, shifts, factors);
    }
    multiplyGroup(p, pairs, xPairs, dyPairs, sums);
  }
}

void storeGradient(const FilterGradient& p, int32_t threads) {
  for (int64_t row = 0; row < p.s.kh * p.s.kw * p.s.c; row += 1) {
    const int32_t exponent = p.exponentsX[row % p.s.c];
    for (int64_t o = 0; o < p.s.o; o += 1) {
      int64_t sum = 0;
      for (int32_t t = 0; t < threads; t += 1) {
        sum += p.sums[t * p.sumCount + row * p.sumColumns + o];
      }
      p.dw[row * p.s.o + o] = roundSum(sum, exponent + p.exponentsDy[o]);
    }
  }
}

}  // namespace

size_t conv2dGradientFilterScratch(const Call& call) {
  Arena arena = {0, 0};
  plan(call, arena);
  return arena.used;
}

void conv2dGradientFilter(const Call& call) {
  Arena arena = {(uintptr_t)call.scratch, 0};
  FilterGradient p = plan(call, arena);
  parallelFor(call, p.s.n, 1, findMaxima, &p);
  findExponents(p.maximaX, p.balance, 1, p.s.n, p.s.c, p.bound, p.exponentsX);
  findExponents(p.maximaDy, p.balance, -1, p.s.n, p.s.o, p.bound, p.exponentsDy);
  int64_t pair = 0;
  for (int64_t image = 0; image < p.group; image += 1) {
    for (int64_t oh = 0; oh < p.s.oh; oh += 1) {
      for (int64_t half = 0; half < p.rowPairs; half += 1) {
        const int64_t pixel = oh * p.s.stride * p.paddedWidth + 2 * half * p.s.stride;
        p.offsets[pair] = (uint32_t)((image * p.pairValues + pixel * p.s.c) * 4);
        pair += 1;
      }
    }
  }
  memset(p.sums, 0, (size_t)(p.sumCount * call.threads) * 8);
  parallelFor(call, p.s.n, 1, gradientOfImages, &p);
  storeGradient(p, call.threads);
}

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
