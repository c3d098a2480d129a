// Decides max-pool over NHWC: the largest value of each size × size window; no padding, windows do
// not overlap.
#include "kernels.h"
#include "numbers.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

void poolRows(void* context, int64_t begin, int64_t end, int32_t) {
  const Call& call = *(const Call*)context;
  const int64_t* in = call.inputs[0].dims;
  const int64_t size = call.attributes[0];
  const int64_t stride = call.attributes[1];
  const int64_t channels = in[3];
  for (int64_t row = begin; row < end; row += 1) {
    const int64_t n = row / call.dims[1];
    const int64_t oh = row % call.dims[1];
    const float* window = call.inputs[0].data + (n * in[1] + oh * stride) * in[2] * channels;
    float* VIVIAN_RESTRICT y = call.output + row * call.dims[2] * channels;
    for (int64_t ow = 0; ow < call.dims[2]; ow += 1) {
      const float* VIVIAN_RESTRICT x = window + ow * stride * channels;
      for (int64_t c = 0; c < channels; c += 1) y[c] = x[c];
      for (int64_t i = 0; i < size; i += 1) {
        for (int64_t j = 0; j < size; j += 1) {
          const float* VIVIAN_RESTRICT one = x + (i * in[2] + j) * channels;
          for (int64_t c = 0; c < channels; c += 1) y[c] = one[c] > y[c] ? one[c] : y[c];
        }
      }
      y += channels;
    }
  }
}

}  // namespace

size_t maxPoolScratch(const Call&) { return 0; }

void maxPool(const Call& call) {
  const int64_t perRow = call.inputs[0].dims[2] * call.inputs[0].dims[3] * call.attributes[0];
  parallelFor(call, call.dims[0] * call.dims[1], 1 + 32768 / (perRow + 1), poolRows,
              (void*)&call);
}

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
