// Decides a depthwise convolution of 3 × 3 windows and its gradients in one launch each. Every
// rounding is the one that the ops it stands for would do: products one by one, sums of three and
// of long axes by the rule of sums, additions in the order of the gradient (depthwise-plan.h).
#include "depthwise-call.h"
#include "kernels.h"
#include "reduction.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

constexpr int64_t SIZE = 3;
constexpr int64_t TAPS = SIZE * SIZE;

/** The bits of 2^(30 − e) for the largest magnitude; of 1 for zeros. */
VIVIAN_INLINE int32_t scaleBits(int32_t maxBits) {
  const int32_t field = 283 - (maxBits >> 23);
  return maxBits == 0 ? 127 << 23 : (field & 255) << 23;
}

/** round-half-even of |x| ≤ 2^30, as an f32. */
VIVIAN_INLINE float roundedWhole(float x) {
  const float magnitude = floatOf(bitsOf(x) & MAGNITUDE_MASK);
  const float rounded = (magnitude + 8388608.0f) - 8388608.0f;
  const float kept = magnitude >= 8388608.0f ? magnitude : rounded;
  return floatOf(bitsOf(kept) | (bitsOf(x) & SIGN_MASK));
}

VIVIAN_INLINE int32_t larger32(int32_t a, int32_t b) { return a > b ? a : b; }

VIVIAN_INLINE int32_t magnitudeOf(float x) { return bitsOf(x) & MAGNITUDE_MASK; }

/** The one rounding of a sum of whole numbers; a double holds as many as an axis may have. */
VIVIAN_INLINE float finished(double sum, int32_t maxBits) {
  return scaleCanonical((float)sum, (maxBits >> 23) - 156);
}

/** The sum of three by the rule of sums. */
VIVIAN_INLINE float sumOfThree(float a, float b, float c) {
  const int32_t most = larger32(larger32(magnitudeOf(a), magnitudeOf(b)), magnitudeOf(c));
  const float scale = floatOf(scaleBits(most));
  const double sum = (double)roundedWhole(a * scale) + (double)roundedWhole(b * scale) +
                     (double)roundedWhole(c * scale);
  return finished(sum, most);
}

/** One pixel of y: its window's rows and the filter's, place by place `step` floats apart. */
void windowSums(const float* VIVIAN_RESTRICT x, int64_t row, int64_t step,
                const float* VIVIAN_RESTRICT w, float* VIVIAN_RESTRICT y) {
  const float* two = x + row;
  const float* three = two + row;
  VIVIAN_IVDEP
  for (int64_t c = 0; c < step; c += 1) {
    const float a = sumOfThree(mulCanonical(x[c], w[c]),
                               mulCanonical(x[c + step], w[c + step]),
                               mulCanonical(x[c + 2 * step], w[c + 2 * step]));
    const float b = sumOfThree(mulCanonical(two[c], w[c + 3 * step]),
                               mulCanonical(two[c + step], w[c + 4 * step]),
                               mulCanonical(two[c + 2 * step], w[c + 5 * step]));
    const float d = sumOfThree(mulCanonical(three[c], w[c + 6 * step]),
                               mulCanonical(three[c + step], w[c + 7 * step]),
                               mulCanonical(three[c + 2 * step], w[c + 8 * step]));
    y[c] = sumOfThree(a, b, d);
  }
}

void forwardRows(void* context, int64_t begin, int64_t end, int32_t) {
  const DepthwiseCall& p = *(const DepthwiseCall*)context;
  const int64_t row = p.width * p.channels;
  for (int64_t at = begin; at < end; at += 1) {
    const int64_t image = at / p.outHeight;
    const int64_t line = image * p.height + at % p.outHeight * p.stride;
    for (int64_t ow = 0; ow < p.outWidth; ow += 1) {
      windowSums(p.x + line * row + ow * p.stride * p.channels, row, p.channels, p.w,
                 p.output + (at * p.outWidth + ow) * p.channels);
    }
  }
}

/** One pixel of dx: what the gradient of each place holds here, zeros where no window reaches. */
void gatherPixel(const float* const* dy, int64_t step, const float* VIVIAN_RESTRICT w,
                 float* VIVIAN_RESTRICT dx) {
  const float* VIVIAN_RESTRICT d0 = dy[0];
  const float* VIVIAN_RESTRICT d1 = dy[1];
  const float* VIVIAN_RESTRICT d2 = dy[2];
  const float* VIVIAN_RESTRICT d3 = dy[3];
  const float* VIVIAN_RESTRICT d4 = dy[4];
  const float* VIVIAN_RESTRICT d5 = dy[5];
  const float* VIVIAN_RESTRICT d6 = dy[6];
  const float* VIVIAN_RESTRICT d7 = dy[7];
  const float* VIVIAN_RESTRICT d8 = dy[8];
  VIVIAN_IVDEP
  for (int64_t c = 0; c < step; c += 1) {
    const float a = addCanonical(addCanonical(mulCanonical(d2[c], w[c + 2 * step]),
                                              mulCanonical(d1[c], w[c + step])),
                                 mulCanonical(d0[c], w[c]));
    const float b = addCanonical(addCanonical(mulCanonical(d5[c], w[c + 5 * step]),
                                              mulCanonical(d4[c], w[c + 4 * step])),
                                 mulCanonical(d3[c], w[c + 3 * step]));
    const float d = addCanonical(addCanonical(mulCanonical(d8[c], w[c + 8 * step]),
                                              mulCanonical(d7[c], w[c + 7 * step])),
                                 mulCanonical(d6[c], w[c + 6 * step]));
    dx[c] = addCanonical(addCanonical(d, b), a);
  }
}

/** The window whose place `place` is pixel `at`, or −1. */
VIVIAN_INLINE int64_t windowAt(int64_t at, int64_t place, int64_t stride, int64_t count) {
  const int64_t first = at - place;
  if (first < 0 || first % stride != 0) return -1;
  return first / stride < count ? first / stride : -1;
}

void inputRows(void* context, int64_t begin, int64_t end, int32_t) {
  const DepthwiseCall& p = *(const DepthwiseCall*)context;
  const float* zeros = (const float*)p.call.scratch;
  for (int64_t at = begin; at < end; at += 1) {
    const int64_t image = at / p.height;
    int64_t rows[SIZE];
    for (int64_t i = 0; i < SIZE; i += 1) {
      rows[i] = windowAt(at % p.height, i, p.stride, p.outHeight);
    }
    for (int64_t x = 0; x < p.width; x += 1) {
      const float* dy[TAPS];
      for (int64_t tap = 0; tap < TAPS; tap += 1) {
        const int64_t row = rows[tap / SIZE];
        const int64_t column = windowAt(x, tap % SIZE, p.stride, p.outWidth);
        const int64_t pixel = (image * p.outHeight + row) * p.outWidth + column;
        dy[tap] = row < 0 || column < 0 ? zeros : p.dy + pixel * p.channels;
      }
      gatherPixel(dy, p.channels, p.w, p.output + (at * p.width + x) * p.channels);
    }
  }
}

/** What dw is made from: for each row of the filter, window of a row, place and channel. */
struct FilterSums {
  const DepthwiseCall* call;
  int32_t* maxima;
  double* sums;
  float* scales;   // as the maxima, then by channel
  float* columns;  // of one place: a sum a window
};

FilterSums filterSums(const DepthwiseCall& call, Arena& arena) {
  const int64_t line = SIZE * call.channels;
  const int64_t count = SIZE * call.outWidth * line;
  return {&call, arena.take<int32_t>(count), arena.take<double>(count), arena.take<float>(count),
          arena.take<float>(call.outWidth * line)};
}

void findMaxima(const float* VIVIAN_RESTRICT x, const float* VIVIAN_RESTRICT dy, int64_t step,
                int32_t* VIVIAN_RESTRICT maxima) {
  for (int64_t place = 0; place < SIZE; place += 1) {
    const float* VIVIAN_RESTRICT pixel = x + place * step;
    int32_t* VIVIAN_RESTRICT most = maxima + place * step;
    for (int64_t c = 0; c < step; c += 1) {
      most[c] = larger32(most[c], magnitudeOf(mulCanonical(dy[c], pixel[c])));
    }
  }
}

void addProducts(const float* VIVIAN_RESTRICT x, const float* VIVIAN_RESTRICT dy, int64_t step,
                 const float* VIVIAN_RESTRICT scales, double* VIVIAN_RESTRICT sums) {
  for (int64_t place = 0; place < SIZE; place += 1) {
    const float* VIVIAN_RESTRICT pixel = x + place * step;
    const float* VIVIAN_RESTRICT scale = scales + place * step;
    double* VIVIAN_RESTRICT sum = sums + place * step;
    for (int64_t c = 0; c < step; c += 1) {
      sum[c] += (double)roundedWhole(mulCanonical(dy[c], pixel[c]) * scale[c]);
    }
  }
}

/** Sums over all images and rows of windows, for windows [begin, end) of the filter's rows. */
void sumWindows(void* context, int64_t begin, int64_t end, int32_t) {
  const FilterSums& f = *(const FilterSums*)context;
  const DepthwiseCall& p = *f.call;
  const int64_t line = SIZE * p.channels;
  memset(f.maxima + begin * line, 0, (size_t)((end - begin) * line) * 4);
  memset(f.sums + begin * line, 0, (size_t)((end - begin) * line) * 8);
  for (int32_t pass = 0; pass < 2; pass += 1) {
    for (int64_t row = 0; row < p.images * p.outHeight; row += 1) {
      const int64_t top = row / p.outHeight * p.height + row % p.outHeight * p.stride;
      for (int64_t at = begin; at < end; at += 1) {
        const int64_t i = at / p.outWidth;
        const int64_t ow = at % p.outWidth;
        const float* x = p.x + ((top + i) * p.width + ow * p.stride) * p.channels;
        const float* dy = p.dy + (row * p.outWidth + ow) * p.channels;
        if (pass == 0) {
          findMaxima(x, dy, p.channels, f.maxima + at * line);
        } else {
          addProducts(x, dy, p.channels, f.scales + at * line, f.sums + at * line);
        }
      }
    }
    if (pass > 0) continue;
    for (int64_t k = begin * line; k < end * line; k += 1) {
      f.scales[k] = floatOf(scaleBits(f.maxima[k]));
    }
  }
}

/** The sums of each place over the windows of a row. */
void sumPlaces(const FilterSums& f) {
  const DepthwiseCall& p = *f.call;
  const int64_t line = SIZE * p.channels;
  for (int64_t i = 0; i < SIZE; i += 1) {
    const int64_t first = i * p.outWidth * line;
    for (int64_t k = 0; k < p.outWidth * line; k += 1) {
      f.columns[k] = finished(f.sums[first + k], f.maxima[first + k]);
    }
    int32_t* maxima = f.maxima + first;
    double* sums = f.sums + first;
    for (int64_t c = 0; c < line; c += 1) maxima[c] = 0;
    for (int64_t c = 0; c < line; c += 1) sums[c] = 0;
    for (int64_t k = 0; k < p.outWidth * line; k += line) {
      for (int64_t c = 0; c < line; c += 1) {
        maxima[c] = larger32(maxima[c], magnitudeOf(f.columns[k + c]));
      }
    }
    for (int64_t k = 0; k < p.outWidth * line; k += line) {
      for (int64_t c = 0; c < line; c += 1) {
        const float scale = floatOf(scaleBits(maxima[c]));
        sums[c] += (double)roundedWhole(f.columns[k + c] * scale);
      }
    }
    for (int64_t c = 0; c < line; c += 1) p.output[i * line + c] = finished(sums[c], maxima[c]);
  }
}

}  // namespace

size_t depthwiseScratch(const DepthwiseCall& call) {
  Arena arena = {0, 0};
  if (call.part == DepthwisePart::INPUT) arena.take<float>(call.channels);
  if (call.part == DepthwisePart::FILTER) filterSums(call, arena);
  return arena.used;
}

void depthwise(const DepthwiseCall& call) {
  void* context = (void*)&call;
  Arena arena = {(uintptr_t)call.call.scratch, 0};
  switch (call.part) {
    case DepthwisePart::FORWARD:
      return parallelFor(call.call, call.images * call.outHeight, 1, forwardRows, context);
    case DepthwisePart::INPUT:
      memset(arena.take<float>(call.channels), 0, (size_t)call.channels * 4);
      return parallelFor(call.call, call.images * call.height, 1, inputRows, context);
    default: {
      FilterSums sums = filterSums(call, arena);
      parallelFor(call.call, SIZE * call.outWidth, 1, sumWindows, &sums);
      sumPlaces(sums);
    }
  }
}

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
