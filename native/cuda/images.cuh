// Decides how the images of a convolution become lines of bytes: patches for conv2d and for
// conv2d-gradient-input, pixels as the numbers of a line for conv2d-gradient-filter.
#pragma once
#include "quantise.cuh"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

/** Where tap (i, j) of a line's pixel lies in the image; false where it meets none. */
__device__ __forceinline__ bool tapPlace(const cuda::PatchCall& p, int32_t row, int32_t tap,
                                         int32_t pad, int64_t extent, int64_t& at) {
  if (p.isGradient == 0) {
    at = (int64_t)row * p.stride + tap - pad;
    return at >= 0 && at < extent;
  }
  const int64_t distance = (int64_t)row + pad - tap;
  if (distance < 0) return false;
  at = quotient(distance, p.stride);
  return at * p.stride == distance && at < extent;
}

/** The pixel of image n that tap `tap` of a line meets; null where it meets none. */
__device__ __forceinline__ const float* tapPixel(const cuda::PatchCall& p, int64_t n, int32_t row,
                                                 int32_t column, int32_t tap) {
  int64_t y = 0;
  int64_t x = 0;
  const int32_t tapRow = tap / (int32_t)p.kw;
  if (!tapPlace(p, row, tapRow, p.pad, p.h, y)) return nullptr;
  if (!tapPlace(p, column, tap - tapRow * (int32_t)p.kw, p.pad, p.w, x)) return nullptr;
  return p.x + ((n * p.h + y) * p.w + x) * p.c;
}

}  // namespace

/** Largest magnitudes of images and of their channels: a block of 32 × 32 threads an image. */
extern "C" __global__ void __launch_bounds__(1024) imageMaxima(cuda::BothImagesCall both) {
  __shared__ int32_t found[32][33];
  const bool isX = blockIdx.x < both.x.n;
  const cuda::ImagesCall& p = isX ? both.x : both.dy;
  const int64_t n = isX ? blockIdx.x : blockIdx.x - both.x.n;
  const float* x = p.x + n * p.pixels * p.c;
  int32_t image = 0;
  if (p.channels == nullptr) {
#pragma unroll 4
    for (int64_t i = threadIdx.y * 32 + threadIdx.x; i < p.pixels * p.c; i += 1024) {
      const int32_t magnitude = bitsOf(x[i]) & MAGNITUDE_MASK;
      image = magnitude > image ? magnitude : image;
    }
  }
  for (int64_t first = 0; p.channels != nullptr && first < p.c; first += 32) {
    const int64_t c = first + threadIdx.x;
    int32_t largest = 0;
    if (c < p.c) {
#pragma unroll 4
      for (int64_t pixel = threadIdx.y; pixel < p.pixels; pixel += 32) {
        const int32_t magnitude = bitsOf(x[pixel * p.c + c]) & MAGNITUDE_MASK;
        largest = magnitude > largest ? magnitude : largest;
      }
    }
    __syncthreads();
    found[threadIdx.y][threadIdx.x] = largest;
    __syncthreads();
    for (int row = 0; row < 32; row += 1) {
      const int32_t one = found[row][threadIdx.x];
      largest = one > largest ? one : largest;
    }
    if (threadIdx.y == 0 && c < p.c) p.channels[n * p.c + c] = largest;
    image = largest > image ? largest : image;
  }
  __syncthreads();
  image = largestOfWarp(image);
  found[threadIdx.y][0] = image;
  __syncthreads();
  if (threadIdx.x == 0 && threadIdx.y == 0) {
    for (int row = 0; row < 32; row += 1) image = found[row][0] > image ? found[row][0] : image;
    p.images[n] = image;
  }
}

extern "C" __global__ void __launch_bounds__(cuda::THREADS) exponents(cuda::ExponentsCall p) {
  for (int64_t i = threadIndex(); i < p.count; i += threadCount()) {
    p.values[i] = exponentOf(p.values[i], boundOfProfile(p.profile));
  }
}

/** s_n, and the exponents of the channels of both sides of a filter gradient. */
extern "C" __global__ void __launch_bounds__(cuda::THREADS) imageBalance(cuda::ImageBalanceCall p) {
  const Bound bound = boundOfProfile(p.profile);
  const int64_t at = threadIndex();
  if (at < p.n) p.balance[at] = balanceShift(p.imagesX[at], p.imagesDy[at], bound);
  // A warp a channel.
  const int64_t warp = at / 32;
  if (warp >= p.c + p.o) return;
  const bool isX = warp < p.c;
  const int64_t channel = isX ? warp : warp - p.c;
  const int64_t channels = isX ? p.c : p.o;
  const int32_t* maxima = isX ? p.channelsX : p.channelsDy;
  int32_t key = ZERO_KEY;
  for (int64_t n = at % 32; n < p.n; n += 32) {
    const int32_t shift = balanceShift(p.imagesX[n], p.imagesDy[n], bound);
    const int32_t one = balancedKey(maxima[n * channels + channel], isX ? shift : -shift);
    key = one > key ? one : key;
  }
  key = largestOfWarp(key);
  if (at % 32 == 0) (isX ? p.exponentsX : p.exponentsDy)[channel] = exponentOfKey(key, bound);
}

/** Lines of patches: a thread four neighbouring bytes. */
extern "C" __global__ void __launch_bounds__(cuda::THREADS) packPatches(cuda::PatchCall p) {
  const bool isI8 = p.profile == 2;
  const int64_t words = p.padded / 4;
  const int64_t lines = p.n * p.rowsH * p.rowsW;
  for (int64_t i = threadIndex(); i < lines * words; i += threadCount()) {
    const int64_t line = quotient(i, words);
    const int32_t k = (int32_t)(i - line * words) * 4;
    const int64_t pixel = quotient(line, p.rowsW);
    const int32_t column = (int32_t)(line - pixel * p.rowsW);
    const int64_t n = quotient(pixel, p.rowsH);
    const int32_t row = (int32_t)(pixel - n * p.rowsH);
    const int32_t shift = -p.exponents[n];
    Word word = {};
    const int32_t channels = (int32_t)p.c;
    const int32_t tap = k / channels;
    if (channels % 4 == 0) {
      // All four are channels of one pixel.
      const float* x = tap < p.taps ? tapPixel(p, n, row, column, tap) : nullptr;
      if (x != nullptr) {
        const float4 four = *(const float4*)(x + (k - tap * channels));
        putNumber(word, 0, quantiseShifted(bitsOf(four.x), shift), isI8);
        putNumber(word, 1, quantiseShifted(bitsOf(four.y), shift), isI8);
        putNumber(word, 2, quantiseShifted(bitsOf(four.z), shift), isI8);
        putNumber(word, 3, quantiseShifted(bitsOf(four.w), shift), isI8);
      }
    } else {
      for (int b = 0; b < 4; b += 1) {
        const int32_t own = (k + b) / channels;
        const float* x = own < p.taps ? tapPixel(p, n, row, column, own) : nullptr;
        if (x == nullptr) continue;
        const int32_t bits = bitsOf(x[k + b - own * channels]);
        putNumber(word, b, quantiseShifted(bits, shift), isI8);
      }
    }
    storeWord(p.planes, p.planeStride, line * p.padded + k, word, isI8);
  }
}

/** Lines whose numbers are pixels: blocks of 32 × 32 threads, 32 lines and 128 numbers each. */
extern "C" __global__ void __launch_bounds__(1024) packPixels(cuda::PixelsCall p) {
  __shared__ Turn turn;
  const bool isI8 = p.profile == 2;
  const int64_t tiles = (p.padded + cuda::TURN_NUMBERS - 1) / cuda::TURN_NUMBERS;
  const int64_t firstLine = blockIdx.x / tiles * 32;
  const int64_t first = blockIdx.x % tiles * cuda::TURN_NUMBERS;
  const int64_t line = firstLine + threadIdx.x;
  const int32_t tap = (int32_t)quotient(line, p.c);
  const int32_t channel = (int32_t)(line - tap * p.c);
  const int32_t tapRow = tap / (int32_t)p.kw;
  const int32_t tapColumn = tap - tapRow * (int32_t)p.kw;
  Word word = {};
  // Neighbouring numbers are neighbouring pixels: only the first is looked for.
  const int64_t k = first + 4 * threadIdx.y;
  int64_t row = quotient(k, p.ow);
  int64_t column = k - row * p.ow;
  int64_t n = quotient(row, p.oh);
  row -= n * p.oh;
  for (int i = 0; i < 4 && line < p.lines && n < p.n; i += 1) {
    const int64_t y = row * p.stride + tapRow - p.pad;
    const int64_t x = column * p.stride + tapColumn - p.pad;
    if (y >= 0 && y < p.h && x >= 0 && x < p.w) {
      const int32_t bits = bitsOf(p.x[((n * p.h + y) * p.w + x) * p.c + channel]);
      const int32_t shift = -p.sign * p.balance[n] - p.exponents[channel];
      putNumber(word, i, quantiseShifted(bits, shift), isI8);
    }
    column += 1;
    if (column < p.ow) continue;
    column = 0;
    row += 1;
    if (row < p.oh) continue;
    row = 0;
    n += 1;
  }
  writeTurned(turn, word, p.planes, p.planeStride, firstLine, p.lines, p.padded, first, isI8);
}

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
