// Decides the loop of the bandwidth measurement at each level.
#include "bandwidth.h"
#include "platform.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {

void runTriad(float* VIVIAN_RESTRICT a, const float* VIVIAN_RESTRICT b,
              const float* VIVIAN_RESTRICT c, size_t count, float scale) {
  VIVIAN_IVDEP for (size_t at = 0; at < count; at += 1) a[at] = b[at] + scale * c[at];
}

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
