// Decides slice: `count` entries of one axis from `first` on.
#include "kernels.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {

size_t sliceScratch(const Call&) { return 0; }

void slice(const Call& call) {
  const uint32_t axis = (uint32_t)call.attributes[0];
  const int64_t* in = call.inputs[0].dims;
  int64_t outer = 1;
  int64_t inner = 1;
  for (uint32_t d = 0; d < axis; d += 1) outer *= in[d];
  for (uint32_t d = axis + 1; d < call.rank; d += 1) inner *= in[d];
  const int64_t width = call.dims[axis] * inner;
  for (int64_t row = 0; row < outer; row += 1) {
    const float* from = call.inputs[0].data + (row * in[axis] + call.attributes[1]) * inner;
    memcpy(call.output + row * width, from, (size_t)width * 4);
  }
}

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
