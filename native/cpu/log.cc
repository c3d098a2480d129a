// Decides log(x) as the sequence of primitives written in NUMERICS.md, "log".
#include "elementary.h"
#include "elementwise.h"
#include "kernels.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

struct Rule {
  static VIVIAN_INLINE float of(float x) { return logCanonical(x); }
};
}  // namespace

size_t logScratch(const Call&) { return 0; }

void log(const Call& call) { elementwiseRun<Rule>(call, 4096); }

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
