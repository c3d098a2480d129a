// Decides tanh(x), as the sequence of primitives written in NUMERICS.md.
#include "elementary.h"
#include "elementwise.h"
#include "kernels.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

struct Rule {
  static VIVIAN_INLINE float of(float x) { return tanhCanonical(x); }
};
}  // namespace

size_t tanhScratch(const Call&) { return 0; }

void tanh(const Call& call) { elementwiseRun<Rule>(call, 4096); }

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
