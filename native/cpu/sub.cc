// Decides a − b with broadcasting: one correct rounding, then canon (NUMERICS.md, "Primitives").
#include "broadcast.h"
#include "kernels.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {
struct Rule {
  static VIVIAN_INLINE float of(float a, float b) { return subCanonical(a, b); }
};
}  // namespace

size_t subScratch(const Call&) { return 0; }

void sub(const Call& call) { broadcastRun<Rule>(call); }

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
