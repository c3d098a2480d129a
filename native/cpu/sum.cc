// Decides sum over one axis, which becomes 1 (ARCHITECTURE.md section 4, "Sums").
#include "kernels.h"
#include "reduction.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {

size_t sumScratch(const Call& call) {
  Arena arena = {0, 0};
  reductionPlan(call, arena);
  return arena.used;
}

void sum(const Call& call) { sumRun(call, false); }

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
