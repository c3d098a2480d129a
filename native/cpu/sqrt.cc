// Decides sqrt(x): correctly rounded, +0 for x ≤ 0. The processor's square root is the definition;
// no library function is called.
#include "elementary.h"
#include "elementwise.h"
#include "kernels.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

struct Rule {
  static VIVIAN_INLINE float of(float x) { return sqrtCanonical(x); }
};
}  // namespace

size_t sqrtScratch(const Call&) { return 0; }

void sqrt(const Call& call) { elementwiseRun<Rule>(call, 8192); }

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
