// Decides one-hot: labels [B, 1] become rows of `classes` with a single 1; a label that is no class
// gives a row of zeros.
#include "kernels.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {

size_t oneHotScratch(const Call&) { return 0; }

void oneHot(const Call& call) {
  const int64_t classes = call.dims[1];
  for (int64_t row = 0; row < call.dims[0]; row += 1) {
    const float label = call.inputs[0].data[row];
    for (int64_t c = 0; c < classes; c += 1) {
      call.output[row * classes + c] = label == (float)c ? 1.0f : 0.0f;
    }
  }
}

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
