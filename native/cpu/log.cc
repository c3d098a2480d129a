// Decides log(x) as the sequence of primitives written in NUMERICS.md, "log".
#include "elementwise.h"
#include "exp-log.h"
#include "kernels.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

struct Rule {
  static VIVIAN_INLINE float of(float x) {
    const int32_t bits = x > 0.0f ? bitsOf(x) : bitsOf(1.0f);
    const int32_t e = (bits - 0x3f3504f3) >> 23;
    const float ef = (float)e;
    const float m = floatOf(bits - (int32_t)((uint32_t)e << 23));
    const float f = subCanonical(m, 1.0f);
    const float z = mulCanonical(f, f);
    float p = floatOf(0x3d9021bb);
    p = mulThenAdd(p, f, (int32_t)0xbdebd1b8);
    p = mulThenAdd(p, f, 0x3def251a);
    p = mulThenAdd(p, f, (int32_t)0xbdfe5d4f);
    p = mulThenAdd(p, f, 0x3e11e9bf);
    p = mulThenAdd(p, f, (int32_t)0xbe2aae50);
    p = mulThenAdd(p, f, 0x3e4cceac);
    p = mulThenAdd(p, f, (int32_t)0xbe7ffffc);
    p = mulThenAdd(p, f, 0x3eaaaaaa);
    float y = mulCanonical(mulCanonical(p, f), z);
    y = addCanonical(y, mulCanonical(ef, floatOf(LN2_LOW)));
    y = subCanonical(y, mulCanonical(z, 0.5f));
    const float result = addCanonical(addCanonical(f, y), mulCanonical(ef, floatOf(LN2_HIGH)));
    return x > 0.0f ? result : floatOf(LARGEST_BITS | SIGN_MASK);
  }
};
}  // namespace

size_t logScratch(const Call&) { return 0; }

void log(const Call& call) { elementwiseRun<Rule>(call, 4096); }

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
