// Decides y = conv2d(x, w): one exponent per image of x, one per output channel of w, exact sums,
// one rounding per element (ARCHITECTURE.md section 4, "Convolution"). Each image is quantised once
// into a zero-bordered int16 image and read in place; nothing is unrolled into a matrix.
#include "conv-shape.h"
#include "kernels.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

struct Conv {
  ConvShape s;
  const float* x;
  const float* filter;
  float* y;
  Bound bound;
  int64_t channels, pairs;           // even channels; pairs of one output element
  int64_t paddedWidth, paddedHeight;
  int64_t imageValues;               // int16 of one padded image
  int16_t* images;                   // one a thread
  int32_t* columns;
  int32_t* columnExponents;
  int32_t* columnShifts;
  float* columnFactors;
  uint32_t* offsets;
};

Conv plan(const Call& call, Arena& arena) {
  Conv p;
  p.s = convShape(call.inputs[0].dims, call.inputs[1].dims, call.dims, call.attributes);
  p.x = call.inputs[0].data;
  p.filter = call.inputs[1].data;
  p.y = call.output;
  p.bound = boundOfProfile(call.attributes[0]);
  p.channels = evenChannels(p.s.c);
  p.pairs = p.s.kh * p.s.kw * p.channels / 2;
  p.paddedWidth = p.s.w + 2 * p.s.pad;
  p.paddedHeight = p.s.h + 2 * p.s.pad;
  p.imageValues = roundUp(p.paddedHeight * p.paddedWidth * p.channels, 32);
  p.images = arena.take<int16_t>(p.imageValues * call.threads);
  p.columns = arena.take<int32_t>(packedPairs(p.pairs, p.s.o));
  p.columnExponents = arena.take<int32_t>(roundUp(p.s.o, COLUMN_BLOCK));
  p.columnShifts = arena.take<int32_t>(p.s.o);
  p.columnFactors = arena.take<float>(p.s.o);
  p.offsets = arena.take<uint32_t>(p.pairs);
  return p;
}

void packFilter(Conv& p) {
  const int64_t taps = p.s.kh * p.s.kw;
  const int64_t padded = roundUp(p.s.o, COLUMN_BLOCK);
  for (int64_t o = 0; o < padded; o += 1) p.columnExponents[o] = 0;
  maxOfColumns(p.filter, 0, taps * p.s.c, p.s.o, p.columnExponents);
  for (int64_t o = 0; o < p.s.o; o += 1) {
    p.columnExponents[o] = exponentOf(p.columnExponents[o], p.bound);
    p.columnShifts[o] = -p.columnExponents[o];
  }
  const ColumnScales scales = columnScales(p.columnShifts, p.s.o, p.columnFactors);
  int64_t pair = 0;
  for (int64_t tap = 0; tap < taps; tap += 1) {
    const int64_t at = tap / p.s.kw * p.paddedWidth + tap % p.s.kw;
    for (int64_t c = 0; c < p.channels; c += 2) {
      const float* first = p.filter + (tap * p.s.c + c) * p.s.o;
      const float* second = c + 1 < p.s.c ? first + p.s.o : nullptr;
      packRowPair(p.columns, p.pairs, pair, p.s.o, first, second, scales, scales);
      p.offsets[pair] = (uint32_t)((at * p.channels + c) * 2);
      pair += 1;
    }
  }
}

void convolveImage(const Conv& p, const int16_t* image, int32_t exponent, float* y) {
  int32_t exponents[TILE_ROWS];
  for (int t = 0; t < TILE_ROWS; t += 1) exponents[t] = exponent;
  const int64_t rowStride = p.s.stride * p.channels * 2;
  const int64_t tileRows = evenTileRows(p.s.ow);
  for (int64_t column = 0; column < p.s.o; column += COLUMN_BLOCK) {
    const int64_t width = smaller(COLUMN_BLOCK, p.s.o - column);
    const int16_t* packed =
        (const int16_t*)(p.columns + blockStart(column / COLUMN_BLOCK, p.pairs));
    for (int64_t oh = 0; oh < p.s.oh; oh += 1) {
      const char* line =
          (const char*)(image + oh * p.s.stride * p.paddedWidth * p.channels);
      for (int64_t ow = 0; ow < p.s.ow; ow += tileRows) {
        const Rows rows = {line + ow * rowStride, rowStride, p.offsets};
        const Target target = {y + (oh * p.s.ow + ow) * p.s.o + column, p.s.o, exponents,
                               p.columnExponents + column};
        productTile(rows, p.pairs, packed, smaller(tileRows, p.s.ow - ow), width, target);
      }
    }
  }
}

void convolveImages(void* context, int64_t begin, int64_t end, int32_t worker) {
  const Conv& p = *(const Conv*)context;
  int16_t* image = p.images + p.imageValues * worker;
  memset(image, 0, (size_t)p.imageValues * 2);
  int16_t* inside = image + (p.s.pad * p.paddedWidth + p.s.pad) * p.channels;
  const int64_t inputCount = p.s.h * p.s.w * p.s.c;
  for (int64_t n = begin; n < end; n += 1) {
    const float* x = p.x + n * inputCount;
    const int32_t exponent = exponentOf(maxMagnitude(x, inputCount), p.bound);
    quantiseImage(x, p.s.h, p.s.w, p.s.c, powerOfTwo(-exponent), inside, p.paddedWidth,
                  p.channels);
    convolveImage(p, image, exponent, p.y + n * p.s.oh * p.s.ow * p.s.o);
  }
}

}  // namespace

size_t conv2dScratch(const Call& call) {
  Arena arena = {0, 0};
  plan(call, arena);
  return arena.used;
}

void conv2d(const Call& call) {
  Arena arena = {(uintptr_t)call.scratch, 0};
  Conv p = plan(call, arena);
  packFilter(p);
  parallelFor(call, p.s.n, 1, convolveImages, &p);
}

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
