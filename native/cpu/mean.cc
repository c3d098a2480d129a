// Decides mean: sum over one axis, then div by the count.
#include "kernels.h"
#include "reduction.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {

size_t meanScratch(const Call& call) {
  Arena arena = {0, 0};
  reductionPlan(call, arena);
  return arena.used;
}

void mean(const Call& call) { sumRun(call, true); }

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
