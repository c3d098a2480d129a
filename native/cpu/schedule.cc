// Decides schedule: the value of the last entry whose step is not above the current one.
#include "kernels.h"
#include "numbers.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {

size_t scheduleScratch(const Call&) { return 0; }

void schedule(const Call& call) {
  const int32_t entries = call.attributes[0];
  float value = floatOf(call.attributes[2]);
  for (int32_t i = 0; i < entries; i += 1) {
    if (call.attributes[1 + 2 * i] <= call.step) value = floatOf(call.attributes[2 + 2 * i]);
  }
  call.output[0] = value;
}

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
