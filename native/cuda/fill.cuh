// Decides ops whose elements follow from where they stand: load, constant, range, schedule,
// one-hot, dropout-mask, causal-mask.
#pragma once
#include "scalar-ops.cuh"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

struct Words {
  uint32_t word[4];
};

/** Philox 4x32-10 with counter (c0, c1, c2, 0). */
__device__ __forceinline__ Words philox(uint32_t c0, uint32_t c1, uint32_t c2, uint32_t k0,
                                        uint32_t k1) {
  Words w = {{c0, c1, c2, 0}};
  for (int round = 0; round < 10; round += 1) {
    const uint64_t first = (uint64_t)0xd2511f53u * w.word[0];
    const uint64_t second = (uint64_t)0xcd9e8d57u * w.word[2];
    w = {{(uint32_t)(second >> 32) ^ w.word[1] ^ k0, (uint32_t)second,
          (uint32_t)(first >> 32) ^ w.word[3] ^ k1, (uint32_t)first}};
    k0 += 0x9e3779b9u;
    k1 += 0xbb67ae85u;
  }
  return w;
}

/** The number of the step, which lies before its batch. */
__device__ __forceinline__ int64_t stepOf(const uint8_t* batch) {
  return *(const int64_t*)(batch - cuda::STEP_BYTES);
}

}  // namespace

extern "C" __global__ void __launch_bounds__(cuda::THREADS) load(cuda::FillCall p) {
  for (int64_t i = threadIndex(); i < p.count; i += threadCount()) {
    const int64_t sample = quotient(i, p.extent);
    const int64_t at = i - sample * p.extent;
    const bool isLabel = at + 1 == p.extent;
    float value;
    if (p.encoding == 0) {
      const float byte = (float)p.batch[i];
      value = isLabel ? byte : divCanonical(byte, 255.0f);
    } else if (p.encoding == 1) {
      const uint8_t* bytes = p.batch + sample * (4 * (p.extent - 1) + 1) + 4 * at;
      value = isLabel ? (float)bytes[0]
                      : canon(floatOf((int32_t)(bytes[0] | (uint32_t)bytes[1] << 8 |
                                                (uint32_t)bytes[2] << 16 |
                                                (uint32_t)bytes[3] << 24)));
    } else if (p.encoding == 2) {
      value = (float)p.batch[i];
    } else {
      value = (float)(p.batch[2 * i] + 256 * p.batch[2 * i + 1]);
    }
    p.y[i] = value;
  }
}

extern "C" __global__ void __launch_bounds__(cuda::THREADS) constant(cuda::FillCall p) {
  for (int64_t i = threadIndex(); i < p.count; i += threadCount()) p.y[i] = floatOf(p.bits);
}

extern "C" __global__ void __launch_bounds__(cuda::THREADS) range(cuda::FillCall p) {
  for (int64_t i = threadIndex(); i < p.count; i += threadCount()) {
    const int64_t line = quotient(i, p.inner);
    p.y[i] = (float)(line - quotient(line, p.extent) * p.extent);
  }
}

extern "C" __global__ void schedule(cuda::FillCall p) {
  const int64_t step = stepOf(p.batch);
  float value = floatOf(p.attributes[2]);
  for (int32_t i = 0; i < p.attributes[0]; i += 1) {
    if (p.attributes[1 + 2 * i] <= step) value = floatOf(p.attributes[2 + 2 * i]);
  }
  p.y[0] = value;
}

extern "C" __global__ void __launch_bounds__(cuda::THREADS) oneHot(cuda::FillCall p) {
  for (int64_t i = threadIndex(); i < p.count; i += threadCount()) {
    const int64_t row = quotient(i, p.columns);
    p.y[i] = p.x[row] == (float)(i - row * p.columns) ? 1.0f : 0.0f;
  }
}

extern "C" __global__ void __launch_bounds__(cuda::THREADS) dropoutMask(cuda::FillCall p) {
  const uint32_t k0 = (uint32_t)bitsOf(p.x[0]);
  const uint32_t k1 = (uint32_t)bitsOf(p.x[1]);
  const uint32_t step = (uint32_t)stepOf(p.batch);
  for (int64_t block = threadIndex(); 4 * block < p.count; block += threadCount()) {
    const Words words = philox((uint32_t)block, step, (uint32_t)p.layer, k0, k1);
    for (int64_t i = 0; i < 4 && 4 * block + i < p.count; i += 1) {
      p.y[4 * block + i] = words.word[i] >= (uint32_t)p.threshold ? floatOf(p.bits) : 0.0f;
    }
  }
}

extern "C" __global__ void __launch_bounds__(cuda::THREADS) causalMask(cuda::FillCall p) {
  for (int64_t i = threadIndex(); i < p.count; i += threadCount()) {
    const int64_t line = quotient(i, p.columns);
    const int64_t column = i - line * p.columns;
    const int64_t row = line - quotient(line, p.rows) * p.rows;
    p.y[i] = column <= row + p.offset ? p.x[i] : floatOf(p.bits);
  }
}

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
