// Decides transpose: output dimension i is input dimension permutation[i].
#include "kernels.h"
#include "numbers.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

/** Rows and columns that are turned together, so that whole cache lines are read and written. */
constexpr int64_t SIDE = 16;

/** `count` neighbouring rows of the output, whose first elements are neighbours in the input. */
VIVIAN_INLINE void turnRows(const float* VIVIAN_RESTRICT from, int64_t step, int64_t count,
                            float* VIVIAN_RESTRICT to, int64_t width) {
  for (int64_t first = 0; first < width; first += SIDE) {
    const int64_t end = smaller(first + SIDE, width);
    for (int64_t row = 0; row < count; row += 1) {
      for (int64_t i = first; i < end; i += 1) to[row * width + i] = from[i * step + row];
    }
  }
}

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
  const bool isTurn = last > 0 && strides[call.attributes[last - 1]] == 1;
  for (int64_t row = begin; row < end;) {
    int64_t rest = row;
    int64_t at = 0;
    for (uint32_t d = last; d > 0; d -= 1) {
      at += rest % call.dims[d - 1] * strides[call.attributes[d - 1]];
      rest /= call.dims[d - 1];
    }
    const float* from = x.data + at;
    float* to = call.output + row * width;
    int64_t count = 1;
    if (isTurn) {
      const int64_t length = call.dims[last - 1];
      count = smaller(smaller(SIDE, end - row), length - row % length);
      turnRows(from, step, count, to, width);
    } else if (step == 1) {
      memcpy(to, from, (size_t)width * 4);
    } else {
      turnRows(from, step, 1, to, width);
    }
    row += count;
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
