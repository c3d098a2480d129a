// Decides dx of conv2d: the adjoint over the same taps, one exponent per image of dy and one per
// input channel of w, exact sums, +0 where no tap reaches (ARCHITECTURE.md section 4,
// "Convolution"). For each remainder of (row, column) by the stride the taps that reach it form an
// ordinary convolution over dy.
#include "conv-shape.h"
#include "kernels.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

struct ConvGradient {
  ConvShape s;
  const float* dy;
  const float* filter;
  float* dx;
  Bound bound;
  int64_t channels;  // even output channels
  int64_t before;    // zero rows and columns before dy; as many as needed after it
  int64_t paddedWidth, paddedHeight, imageValues, maxPairs;
  int16_t* images;
  int32_t* columns;          // packed filter of one remainder at a time, all remainders in a row
  int32_t* columnExponents;  // per input channel
  uint32_t* offsets;
  int64_t row, column;       // the remainder at work
  int64_t pairs;             // its pairs
  int32_t* imageExponents;
};

/** Whether filter row (or column) `tap` reaches pixels of this remainder, and which row of dy. */
VIVIAN_INLINE bool reaches(const ConvShape& s, int64_t remainder, int64_t tap, int64_t* at) {
  const int64_t distance = remainder + s.pad - tap;
  const int64_t wrapped = ((distance % s.stride) + s.stride) % s.stride;
  *at = (distance - wrapped) / s.stride;
  return wrapped == 0;
}

ConvGradient plan(const Call& call, Arena& arena) {
  ConvGradient p;
  p.s = convShape(call.dims, call.inputs[1].dims, call.inputs[0].dims, call.attributes);
  p.dy = call.inputs[0].data;
  p.filter = call.inputs[1].data;
  p.dx = call.output;
  p.bound = boundOfProfile(call.attributes[0]);
  p.channels = evenChannels(p.s.o);
  const int64_t taps = larger(p.s.kh, p.s.kw);
  // Lowest index of dy that a tap asks for is ≥ −before; the highest is below pixels/stride + pad.
  p.before = larger(0, (taps - 1 - p.s.pad + p.s.stride - 1) / p.s.stride);
  const int64_t highest = (p.s.h - 1 + p.s.pad) / p.s.stride + 1;
  const int64_t widest = (p.s.w - 1 + p.s.pad) / p.s.stride + 1;
  p.paddedHeight = p.before + larger(highest, p.s.oh);
  p.paddedWidth = p.before + larger(widest, p.s.ow);
  p.imageValues = roundUp(p.paddedHeight * p.paddedWidth * p.channels, 32);
  p.maxPairs = p.s.kh * p.s.kw * p.channels / 2;
  p.images = arena.take<int16_t>(p.imageValues * p.s.n);
  p.columns = arena.take<int32_t>(packedPairs(p.maxPairs, p.s.c));
  p.columnExponents = arena.take<int32_t>(roundUp(p.s.c, COLUMN_BLOCK));
  p.offsets = arena.take<uint32_t>(p.maxPairs);
  p.imageExponents = arena.take<int32_t>(p.s.n);
  p.row = p.column = p.pairs = 0;
  return p;
}

void findExponents(ConvGradient& p) {
  const int64_t padded = roundUp(p.s.c, COLUMN_BLOCK);
  for (int64_t c = 0; c < padded; c += 1) p.columnExponents[c] = 0;
  for (int64_t tap = 0; tap < p.s.kh * p.s.kw; tap += 1) {
    for (int64_t c = 0; c < p.s.c; c += 1) {
      const int32_t found = maxMagnitude(p.filter + (tap * p.s.c + c) * p.s.o, p.s.o);
      if (found > p.columnExponents[c]) p.columnExponents[c] = found;
    }
  }
  for (int64_t c = 0; c < p.s.c; c += 1) {
    p.columnExponents[c] = exponentOf(p.columnExponents[c], p.bound);
  }
}

/** Packs the pairs of filter tap (i, j) that read dy at (y, x), starting at pair `first`. */
void packTap(ConvGradient& p, int64_t tap, int64_t first, int64_t y, int64_t x) {
  const int64_t at = (y + p.before) * p.paddedWidth + x + p.before;
  for (int64_t o = 0; o < p.channels; o += 2) {
    p.offsets[first + o / 2] = (uint32_t)((at * p.channels + o) * 2);
  }
  for (int64_t c = 0; c < p.s.c; c += 1) {
    const float scale = powerOfTwo(-p.columnExponents[c]);
    const float* values = p.filter + (tap * p.s.c + c) * p.s.o;
    int32_t* target = p.columns + blockStart(c / COLUMN_BLOCK, p.pairs) + c % COLUMN_BLOCK;
    for (int64_t o = 0; o < p.channels; o += 2) {
      const int32_t one = quantiseScaled(values[o], scale);
      const int32_t two = o + 1 < p.s.o ? quantiseScaled(values[o + 1], scale) : 0;
      target[(first + o / 2) * COLUMN_BLOCK] = pairOf(one, two);
    }
  }
}

void packRemainder(ConvGradient& p) {
  int64_t reached = 0;
  int64_t y = 0;
  int64_t x = 0;
  for (int64_t i = 0; i < p.s.kh; i += 1) {
    for (int64_t j = 0; j < p.s.kw; j += 1) {
      if (reaches(p.s, p.row, i, &y) && reaches(p.s, p.column, j, &x)) reached += 1;
    }
  }
  p.pairs = reached * p.channels / 2;
  memset(p.columns, 0, (size_t)packedPairs(p.pairs, p.s.c) * 4);
  int64_t first = 0;
  for (int64_t i = 0; i < p.s.kh; i += 1) {
    for (int64_t j = 0; j < p.s.kw; j += 1) {
      if (!reaches(p.s, p.row, i, &y) || !reaches(p.s, p.column, j, &x)) continue;
      packTap(p, i * p.s.kw + j, first, y, x);
      first += p.channels / 2;
    }
  }
}

void quantiseImages(void* context, int64_t begin, int64_t end, int32_t) {
  const ConvGradient& p = *(const ConvGradient*)context;
  const int64_t count = p.s.oh * p.s.ow * p.s.o;
  for (int64_t n = begin; n < end; n += 1) {
    int16_t* image = p.images + p.imageValues * n;
    memset(image, 0, (size_t)p.imageValues * 2);
    const float* dy = p.dy + n * count;
    const int32_t exponent = exponentOf(maxMagnitude(dy, count), p.bound);
    p.imageExponents[n] = exponent;
    quantiseImage(dy, p.s.oh, p.s.ow, p.s.o, powerOfTwo(-exponent),
                  image + (p.before * p.paddedWidth + p.before) * p.channels, p.paddedWidth,
                  p.channels);
  }
}

void gradientOfImage(const ConvGradient& p, int64_t n) {
  int32_t exponents[TILE_ROWS];
  for (int t = 0; t < TILE_ROWS; t += 1) exponents[t] = p.imageExponents[n];
  const int64_t stride = p.s.stride;
  const int64_t height = (p.s.h - p.row + stride - 1) / stride;
  const int64_t width = (p.s.w - p.column + stride - 1) / stride;
  const int64_t tileRows = evenTileRows(width);
  const int64_t rowStride = p.channels * 2;
  const char* image = (const char*)(p.images + p.imageValues * n);
  float* dx = p.dx + n * p.s.h * p.s.w * p.s.c;
  for (int64_t c = 0; c < p.s.c; c += COLUMN_BLOCK) {
    const int64_t columns = smaller(COLUMN_BLOCK, p.s.c - c);
    const int16_t* packed = (const int16_t*)(p.columns + blockStart(c / COLUMN_BLOCK, p.pairs));
    for (int64_t y = 0; y < height; y += 1) {
      const char* line = image + y * p.paddedWidth * rowStride;
      for (int64_t x = 0; x < width; x += tileRows) {
        const int64_t pixel = (p.row + y * stride) * p.s.w + p.column + x * stride;
        const Rows rows = {line + x * rowStride, rowStride, p.offsets};
        const Target target = {dx + pixel * p.s.c + c, stride * p.s.c, exponents,
                               p.columnExponents + c};
        productTile(rows, p.pairs, packed, smaller(tileRows, width - x), columns, target);
      }
    }
  }
}

void gradientOfImages(void* context, int64_t begin, int64_t end, int32_t) {
  const ConvGradient& p = *(const ConvGradient*)context;
  for (int64_t n = begin; n < end; n += 1) gradientOfImage(p, n);
}

}  // namespace

size_t conv2dGradientInputScratch(const Call& call) {
  Arena arena = {0, 0};
  plan(call, arena);
  return arena.used;
}

void conv2dGradientInput(const Call& call) {
  Arena arena = {(uintptr_t)call.scratch, 0};
  ConvGradient p = plan(call, arena);
  findExponents(p);
  parallelFor(call, p.s.n, 1, quantiseImages, &p);
  for (p.row = 0; p.row < smaller(p.s.stride, p.s.h); p.row += 1) {
    for (p.column = 0; p.column < smaller(p.s.stride, p.s.w); p.column += 1) {
      packRemainder(p);
      parallelFor(call, p.s.n, 1, gradientOfImages, &p);
    }
  }
}

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
