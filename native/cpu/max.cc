// Decides max over one axis, which becomes 1.
#include "kernels.h"
#include "reduction.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

void maxOuters(void* context, int64_t begin, int64_t end, int32_t) {
  const Reduction& p = *(const Reduction*)context;
  for (int64_t outer = begin; outer < end; outer += 1) {
    const float* x = p.x + outer * p.n * p.inner;
    float* VIVIAN_RESTRICT y = p.y + outer * p.inner;
    if (p.inner == 1) {
      y[0] = largestOf(x, p.n);
      continue;
    }
    for (int64_t c = 0; c < p.inner; c += 1) y[c] = x[c];
    for (int64_t i = 1; i < p.n; i += 1) {
      const float* VIVIAN_RESTRICT row = x + i * p.inner;
      for (int64_t c = 0; c < p.inner; c += 1) y[c] = row[c] > y[c] ? row[c] : y[c];
    }
  }
}

}  // namespace

size_t maxScratch(const Call& call) {
  Arena arena = {0, 0};
  reductionPlan(call, arena);
  return arena.used;
}

void max(const Call& call) {
  Arena arena = {(uintptr_t)call.scratch, 0};
  Reduction p = reductionPlan(call, arena);
  parallelFor(call, p.outer, 1 + 32768 / (p.n * p.inner), maxOuters, &p);
}

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
