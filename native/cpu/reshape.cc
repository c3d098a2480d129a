// Decides reshape: the same elements under another shape. A plan lets it share its operand's memory
// where it can, and then does not call this.
#include "kernels.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {

size_t reshapeScratch(const Call&) { return 0; }

void reshape(const Call& call) {
  if (call.output != call.inputs[0].data) {
    memcpy(call.output, call.inputs[0].data, (size_t)call.count * 4);
  }
}

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
