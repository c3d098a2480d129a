// Decides cos(x), as the sequence of primitives written in NUMERICS.md.
#include "elementary.h"
#include "elementwise.h"
#include "kernels.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

struct Rule {
  static VIVIAN_INLINE float of(float x) { return sineCanonical(x, 1); }
};
}  // namespace

size_t cosScratch(const Call&) { return 0; }

void cos(const Call& call) { elementwiseRun<Rule>(call, 4096); }

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
