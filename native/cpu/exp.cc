// Decides exp(x) as the sequence of primitives written in NUMERICS.md, "exp".
#include "elementary.h"
#include "elementwise.h"
#include "kernels.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

struct Rule {
  static VIVIAN_INLINE float of(float x) { return expCanonical(x); }
};
}  // namespace

size_t expScratch(const Call&) { return 0; }

void exp(const Call& call) { elementwiseRun<Rule>(call, 4096); }

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
