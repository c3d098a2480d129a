// Decides range: each element is its index along one axis.
#include "kernels.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {

size_t rangeScratch(const Call&) { return 0; }

void range(const Call& call) {
  const uint32_t axis = (uint32_t)call.attributes[0];
  int64_t inner = 1;
  for (uint32_t d = axis + 1; d < call.rank; d += 1) inner *= call.dims[d];
  for (int64_t line = 0; line < call.count / inner; line += 1) {
    const float value = (float)(line % call.dims[axis]);
    for (int64_t i = 0; i < inner; i += 1) call.output[line * inner + i] = value;
  }
}

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
