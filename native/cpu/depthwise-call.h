// Decides how a depthwise convolution of windows of 3 × 3 and its gradients are asked for in one
// launch (NUMERICS.md, "Windows"): the windows are read where they lie. Plain data, as call.h.
#pragma once
#include "call.h"

namespace vivian {

enum class DepthwisePart { FORWARD, FILTER, INPUT };

/** x [images, height, width, channels], its zeros around it; a filter a channel. */
struct DepthwiseCall {
  Call call;  // threads, pool and scratch alone
  DepthwisePart part;
  const float* x;   // FORWARD, FILTER
  const float* w;   // FORWARD, INPUT
  const float* dy;  // FILTER, INPUT: [images, outHeight, outWidth, channels]
  float* output;    // y as dy; dw as w, [3, 3, channels]; dx as x
  int64_t images, height, width, channels, stride, outHeight, outWidth;
};

typedef void (*DepthwiseFunction)(const DepthwiseCall& call);
typedef size_t (*DepthwiseScratchFunction)(const DepthwiseCall& call);

}  // namespace vivian
