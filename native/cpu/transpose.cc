// Decides transpose: output dimension i is input dimension permutation[i].
#include "kernels.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

void transposeRows(void* context, int64_t begin, int64_t end, int32_t) {
  const Call& call = *(const Call*)context;
  const Operand& x = call.inputs[0];
  int64_t strides[RANK_MAX];
  int64_t size = 1;
  for (uint32_t d = x.rank; d > 0; d -= 1) {
    strides[d - 1] = size;
    size *= x.dims[d - 1];
  }
  const uint32_t last = call.rank - 1;
  const int64_t width = call.dims[last];
  const int64_t step = strides[call.attributes[last]];
  for (int64_t row = begin; row < end; row += 1) {
    int64_t rest = row;
    int64_t at = 0;
    for (uint32_t d = last; d > 0; d -= 1) {
      at += rest % call.dims[d - 1] * strides[call.attributes[d - 1]];
      rest /= call.dims[d - 1];
    }
    const float* VIVIAN_RESTRICT from = x.data + at;
    float* VIVIAN_RESTRICT to = call.output + row * width;
    for (int64_t i = 0; i < width; i += 1) to[i] = from[i * step];
  }
}

}  // namespace

size_t transposeScratch(const Call&) { return 0; }

void transpose(const Call& call) {
  const int64_t width = call.dims[call.rank - 1];
  parallelFor(call, call.count / width, 1 + 16384 / width, transposeRows, (void*)&call);
}

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
