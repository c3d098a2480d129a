// Decides where a program computes a depthwise convolution of 3 × 3 windows, or a gradient of it,
// as engine/composites/depthwise.ts and windows.ts write them, so that one launch can do it.
#pragma once
#include <vector>

#include "depthwise-call.h"
#include "program.h"

namespace vivian {

/** One part, by its last op; what it reads stands for all that leads from there to that op. */
struct DepthwiseOps {
  uint32_t last;
  DepthwisePart part;
  Reference sources[2];  // FORWARD: x, w; FILTER: dy, x; INPUT: dy, w
  int64_t images, height, width, channels, stride, outHeight, outWidth;
};

/** All of them, in the order of their last ops. */
std::vector<DepthwiseOps> findDepthwise(const Program& program);

}  // namespace vivian
