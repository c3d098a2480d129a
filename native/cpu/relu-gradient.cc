// Decides relu-gradient(x, dy) = x > 0 ? dy : +0.
#include "broadcast.h"
#include "kernels.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {
struct Rule {
  static VIVIAN_INLINE float of(float x, float dy) { return x > 0.0f ? dy : 0.0f; }
};
}  // namespace

size_t reluGradientScratch(const Call&) { return 0; }

void reluGradient(const Call& call) { broadcastRun<Rule>(call); }

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
