// Decides gelu(x), the exact erf form, as the sequence of primitives written in NUMERICS.md.
#include "elementary.h"
#include "elementwise.h"
#include "kernels.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

struct Rule {
  static VIVIAN_INLINE float of(float x) { return geluCanonical(x); }
};
}  // namespace

size_t geluScratch(const Call&) { return 0; }

void gelu(const Call& call) { elementwiseRun<Rule>(call, 4096); }

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
