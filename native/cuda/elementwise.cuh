// Decides element-wise ops alone, with broadcasting, and ops that only move numbers: slice, pad,
// transpose.
#pragma once
#include "scalar-ops.cuh"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {

extern "C" __global__ void __launch_bounds__(cuda::THREADS) elementwise(cuda::ElementCall p) {
  const bool two = isOfTwo(p.kind);
  for (int64_t i = threadIndex(); i < p.count; i += threadCount()) {
    int64_t atA = i;
    int64_t atB = i;
    if (p.axes > 0) {
      atA = 0;
      atB = 0;
      uint32_t rest = (uint32_t)i;
#pragma unroll
      for (int d = cuda::AXES_MAX - 1; d >= 0; d -= 1) {
        if (d >= p.axes) continue;
        const uint32_t extent = (uint32_t)p.dims[d];
        const uint32_t at = rest % extent;
        rest /= extent;
        atA += at * p.strideA[d];
        atB += at * p.strideB[d];
      }
    }
    p.y[i] = two ? ofTwo(p.kind, p.a[atA], p.b[atB]) : ofOne(p.kind, p.a[atA]);
  }
}

extern "C" __global__ void __launch_bounds__(cuda::THREADS) gather(cuda::GatherCall p) {
  for (int64_t i = threadIndex(); i < p.count; i += threadCount()) {
    int64_t at = p.first;
    uint32_t rest = (uint32_t)i;
    bool inside = true;
#pragma unroll
    for (int d = cuda::AXES_MAX - 1; d >= 0; d -= 1) {
      if (d >= p.axes) continue;
      const uint32_t extent = (uint32_t)p.dims[d];
      int32_t index = (int32_t)(rest % extent);
      rest /= extent;
      if (d == p.paddedAxis) {
        inside = index >= p.begin && index < p.end;
        index -= p.begin;
      }
      at += index * p.strides[d];
    }
    p.y[i] = inside ? p.x[at] : 0.0f;
  }
}

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
