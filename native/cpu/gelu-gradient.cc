// Decides gelu-gradient(x, dy) = dy times the slope of GELU at x (NUMERICS.md, "GELU").
#include "elementary.h"
#include "kernels.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

void slopes(void* context, int64_t begin, int64_t end, int32_t) {
  const Call& call = *(const Call*)context;
  const float* VIVIAN_RESTRICT x = call.inputs[0].data;
  const float* VIVIAN_RESTRICT dy = call.inputs[1].data;
  float* VIVIAN_RESTRICT y = call.output;
  for (int64_t i = begin; i < end; i += 1) y[i] = mulCanonical(dy[i], geluSlopeCanonical(x[i]));
}

}  // namespace

size_t geluGradientScratch(const Call&) { return 0; }

void geluGradient(const Call& call) {
  parallelFor(call, call.count, 4096, slopes, (void*)&call);
}

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
