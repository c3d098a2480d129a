// Decides exp(x) as the sequence of primitives written in NUMERICS.md, "exp".
#include "elementwise.h"
#include "exp-log.h"
#include "kernels.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

struct Rule {
  static VIVIAN_INLINE float of(float x) {
    const float upper = floatOf(0x42266666);
    const float lower = floatOf((int32_t)0xc2853333);
    // Out of range values take the long way with 0 and are replaced at the end.
    const float inside = (x < upper && x > lower) ? x : 0.0f;
    const float t = mulCanonical(inside, floatOf(0x3fb8aa3b));
    // |t| < 98, so adding 1.5·2^23 rounds to an integer, ties to even.
    const int32_t k = bitsOf(t + ROUND_MAGIC) - ROUND_MAGIC_BITS;
    const float kf = (float)k;
    float r = subCanonical(inside, mulCanonical(kf, floatOf(LN2_HIGH)));
    r = subCanonical(r, mulCanonical(kf, floatOf(LN2_LOW)));
    float p = floatOf(0x39506967);
    p = mulThenAdd(p, r, 0x3ab743ce);
    p = mulThenAdd(p, r, 0x3c088908);
    p = mulThenAdd(p, r, 0x3d2aa9c1);
    p = mulThenAdd(p, r, 0x3e2aaaaa);
    p = mulThenAdd(p, r, 0x3f000000);
    p = mulCanonical(p, mulCanonical(r, r));
    p = addCanonical(p, r);
    p = addCanonical(p, 1.0f);
    const float result = canon(floatOf(bitsOf(p) + (int32_t)((uint32_t)k << 23)));
    const float high = x >= upper ? floatOf(LARGEST_BITS) : result;
    return x <= lower ? 0.0f : high;
  }
};
}  // namespace

size_t expScratch(const Call&) { return 0; }

void exp(const Call& call) { elementwiseRun<Rule>(call, 4096); }

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
