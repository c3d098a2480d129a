// Decides a / b with broadcasting: one correct rounding, then canon; x/0 = sign(x)·2^60 and
// 0/0 = 0/x = +0 (NUMERICS.md, "Primitives").
#include "broadcast.h"
#include "kernels.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {
struct Rule {
  static VIVIAN_INLINE float of(float a, float b) { return divCanonical(a, b); }
};
}  // namespace

size_t divScratch(const Call&) { return 0; }

void div(const Call& call) { broadcastRun<Rule>(call); }

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
