// Decides how an op of one operand, element by element, is split over threads.
#pragma once
#include "call.h"
#include "numbers.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

template <typename Rule>
void elementwiseRange(void* context, int64_t begin, int64_t end, int32_t) {
  const Call& call = *(const Call*)context;
  const float* VIVIAN_RESTRICT x = call.inputs[0].data;
  float* VIVIAN_RESTRICT y = call.output;
  for (int64_t i = begin; i < end; i += 1) y[i] = Rule::of(x[i]);
}

template <typename Rule>
VIVIAN_INLINE void elementwiseRun(const Call& call, int64_t grain) {
  parallelFor(call, call.count, grain, elementwiseRange<Rule>, (void*)&call);
}

}  // namespace
}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
