// Decides how a two-operand elementwise op walks operands of which one may be repeated along
// dimensions of extent 1.
#pragma once
#include "call.h"
#include "numbers.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

constexpr int64_t ELEMENT_GRAIN = 32768;

/** The op as rows of `width` elements; each operand steps by 0 or 1 inside a row. */
struct Broadcast {
  const float* a;
  const float* b;
  float* output;
  int64_t width;
  int64_t stepA, stepB;
  int64_t rows;
  uint32_t rank;                  // of the dimensions that count rows
  int64_t dims[RANK_MAX];
  int64_t strideA[RANK_MAX];      // 0 where the operand repeats
  int64_t strideB[RANK_MAX];
};

template <typename Rule>
VIVIAN_INLINE void broadcastRow(const float* VIVIAN_RESTRICT a, int64_t stepA,
                                const float* VIVIAN_RESTRICT b, int64_t stepB,
                                float* VIVIAN_RESTRICT output, int64_t width) {
  if (stepA == 1 && stepB == 1) {
    for (int64_t i = 0; i < width; i += 1) output[i] = Rule::of(a[i], b[i]);
  } else if (stepA == 1) {
    const float only = b[0];
    for (int64_t i = 0; i < width; i += 1) output[i] = Rule::of(a[i], only);
  } else if (stepB == 1) {
    const float only = a[0];
    for (int64_t i = 0; i < width; i += 1) output[i] = Rule::of(only, b[i]);
  } else {
    const float value = Rule::of(a[0], b[0]);
    for (int64_t i = 0; i < width; i += 1) output[i] = value;
  }
}

template <typename Rule>
void broadcastRows(void* context, int64_t begin, int64_t end, int32_t) {
  const Broadcast& p = *(const Broadcast*)context;
  for (int64_t row = begin; row < end; row += 1) {
    int64_t rest = row;
    int64_t atA = 0;
    int64_t atB = 0;
    for (uint32_t d = p.rank; d > 0; d -= 1) {
      const int64_t index = rest % p.dims[d - 1];
      rest /= p.dims[d - 1];
      atA += index * p.strideA[d - 1];
      atB += index * p.strideB[d - 1];
    }
    broadcastRow<Rule>(p.a + atA, p.stepA, p.b + atB, p.stepB, p.output + row * p.width, p.width);
  }
}

template <typename Rule>
void broadcastElements(void* context, int64_t begin, int64_t end, int32_t) {
  const Broadcast& p = *(const Broadcast*)context;
  broadcastRow<Rule>(p.a + begin * p.stepA, p.stepA, p.b + begin * p.stepB, p.stepB,
                     p.output + begin, end - begin);
}

/** Joins trailing dimensions in which both operands keep the same kind of step into one row. */
VIVIAN_INLINE Broadcast broadcastPlan(const Call& call) {
  Broadcast p = {call.inputs[0].data, call.inputs[1].data, call.output, 1, 1, 1, 1, 0, {}, {}, {}};
  const int64_t* a = call.inputs[0].dims;
  const int64_t* b = call.inputs[1].dims;
  uint32_t joined = call.rank;
  bool open = false;
  while (joined > 0) {
    const uint32_t d = joined - 1;
    if (call.dims[d] != 1) {
      const int64_t stepA = a[d] == 1 ? 0 : 1;
      const int64_t stepB = b[d] == 1 ? 0 : 1;
      if (open && (stepA != p.stepA || stepB != p.stepB)) break;
      p.stepA = stepA;
      p.stepB = stepB;
      open = true;
      p.width *= call.dims[d];
    }
    joined = d;
  }
  p.rank = joined;
  p.rows = 1;
  int64_t sizeA = p.stepA == 1 ? p.width : 1;
  int64_t sizeB = p.stepB == 1 ? p.width : 1;
  for (uint32_t d = joined; d > 0; d -= 1) {
    p.dims[d - 1] = call.dims[d - 1];
    p.strideA[d - 1] = a[d - 1] == 1 ? 0 : sizeA;
    p.strideB[d - 1] = b[d - 1] == 1 ? 0 : sizeB;
    sizeA *= a[d - 1];
    sizeB *= b[d - 1];
    p.rows *= call.dims[d - 1];
  }
  return p;
}

template <typename Rule>
VIVIAN_INLINE void broadcastRun(const Call& call) {
  Broadcast p = broadcastPlan(call);
  if (p.rows == 1) {
    parallelFor(call, p.width, ELEMENT_GRAIN, broadcastElements<Rule>, &p);
  } else {
    parallelFor(call, p.rows, 1 + ELEMENT_GRAIN / p.width, broadcastRows<Rule>, &p);
  }
}

}  // namespace
}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
