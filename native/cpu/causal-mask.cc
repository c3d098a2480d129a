// Decides causal-mask: element (r, c) stays where c <= r + offset, else it takes one fixed value.
#include "kernels.h"
#include "numbers.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

void maskRows(void* context, int64_t begin, int64_t end, int32_t) {
  const Call& call = *(const Call*)context;
  const int64_t rows = call.dims[call.rank - 2];
  const int64_t columns = call.dims[call.rank - 1];
  const float masked = floatOf(call.attributes[1]);
  for (int64_t line = begin; line < end; line += 1) {
    const float* VIVIAN_RESTRICT from = call.inputs[0].data + line * columns;
    float* VIVIAN_RESTRICT to = call.output + line * columns;
    const int64_t wanted = line % rows + (int64_t)call.attributes[0] + 1;
    const int64_t open = wanted < 0 ? 0 : smaller(wanted, columns);
    memcpy(to, from, (size_t)open * 4);
    for (int64_t c = open; c < columns; c += 1) to[c] = masked;
  }
}

}  // namespace

size_t causalMaskScratch(const Call&) { return 0; }

void causalMask(const Call& call) {
  const int64_t columns = call.dims[call.rank - 1];
  parallelFor(call, call.count / columns, 1 + 65536 / columns, maskRows, (void*)&call);
}

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
