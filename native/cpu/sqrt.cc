// Decides sqrt(x): correctly rounded, +0 for x ≤ 0. The processor's square root is the definition;
// no library function is called.
#include "elementwise.h"
#include "kernels.h"
#if defined(_MSC_VER) && defined(_M_X64)
#include <immintrin.h>
#endif

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

VIVIAN_INLINE float rootOf(float x) {
#if defined(_MSC_VER) && !defined(__clang__) && defined(_M_X64)
  return _mm_cvtss_f32(_mm_sqrt_ss(_mm_set_ss(x)));
#else
  return __builtin_sqrtf(x);
#endif
}

struct Rule {
  static VIVIAN_INLINE float of(float x) {
    const float positive = x > 0.0f ? x : 0.0f;
    return canon(rootOf(positive));
  }
};
}  // namespace

size_t sqrtScratch(const Call&) { return 0; }

void sqrt(const Call& call) { elementwiseRun<Rule>(call, 8192); }

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
