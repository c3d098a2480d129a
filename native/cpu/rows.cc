// Decides a chain of element-wise ops and reductions of rows (row-call.h): block by block, each op
// over the whole block, so that every rounding is the one the op alone would do.
#include "broadcast.h"
#include "elementary.h"
#include "kernels.h"
#include "reduction.h"
#include "row-call.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

/** A slot at the block at work. */
struct View {
  float* data;
  int64_t rowStep, step;
};

struct Block {
  int64_t first, rows, width;
};

struct Add {
  static VIVIAN_INLINE float of(float a, float b) { return addCanonical(a, b); }
};
struct Sub {
  static VIVIAN_INLINE float of(float a, float b) { return subCanonical(a, b); }
};
struct Mul {
  static VIVIAN_INLINE float of(float a, float b) { return mulCanonical(a, b); }
};
struct Div {
  static VIVIAN_INLINE float of(float a, float b) { return divCanonical(a, b); }
};
struct ReluGradient {
  static VIVIAN_INLINE float of(float x, float dy) { return choose(x > 0.0f, dy, 0.0f); }
};
struct GeluGradient {
  static VIVIAN_INLINE float of(float x, float dy) {
    return mulCanonical(dy, geluSlopeCanonical(x));
  }
};
struct Relu {
  static VIVIAN_INLINE float of(float x) { return choose(x > 0.0f, x, 0.0f); }
};
struct Sqrt {
  static VIVIAN_INLINE float of(float x) { return sqrtCanonical(x); }
};
struct Exp {
  static VIVIAN_INLINE float of(float x) { return expCanonical(x); }
};
struct Log {
  static VIVIAN_INLINE float of(float x) { return logCanonical(x); }
};
struct Sigmoid {
  static VIVIAN_INLINE float of(float x) { return sigmoidCanonical(x); }
};
struct Tanh {
  static VIVIAN_INLINE float of(float x) { return tanhCanonical(x); }
};
struct Erf {
  static VIVIAN_INLINE float of(float x) { return erfCanonical(x); }
};
struct Gelu {
  static VIVIAN_INLINE float of(float x) { return geluCanonical(x); }
};

template <typename Rule>
void ofOne(const View& x, const View& y, const Block& block) {
  const float* VIVIAN_RESTRICT from = x.data;
  float* VIVIAN_RESTRICT to = y.data;
  const int64_t count = block.rows * y.rowStep;
  for (int64_t i = 0; i < count; i += 1) to[i] = Rule::of(from[i]);
}

/** Not inlined: its three loops serve every way of walking the operands. */
template <typename Rule>
#if defined(__GNUC__)
__attribute__((noinline))
#endif
void ofTwoLine(const float* a, int64_t stepA, const float* b, int64_t stepB, float* y,
               int64_t count) {
  broadcastRow<Rule>(a, stepA, b, stepB, y, count);
}

/** Whether the slot is walked by one step over the whole block. */
VIVIAN_INLINE bool isEven(const View& view, int64_t width) {
  return view.rowStep == width * view.step;
}

template <typename Rule>
void ofTwo(const View& a, const View& b, const View& y, const Block& block) {
  if (y.rowStep == 1) {
    ofTwoLine<Rule>(a.data, a.rowStep, b.data, b.rowStep, y.data, block.rows);
  } else if (isEven(a, block.width) && isEven(b, block.width)) {
    ofTwoLine<Rule>(a.data, a.step, b.data, b.step, y.data, block.rows * block.width);
  } else {
    for (int64_t row = 0; row < block.rows; row += 1) {
      ofTwoLine<Rule>(a.data + row * a.rowStep, a.step, b.data + row * b.rowStep, b.step,
                      y.data + row * y.rowStep, block.width);
    }
  }
}

void sumRows(const View& x, const View& y, const Block& block, float divisor) {
  for (int64_t row = 0; row < block.rows; row += 1) {
    const float* values = x.data + row * x.rowStep;
    const int32_t largest = maxMagnitude(values, block.width);
    const int64_t sum = sumOfLine(values, block.width, sumScale(largest));
    y.data[row] = finishedSum(sum, largest, divisor);
  }
}

void maxRows(const View& x, const View& y, const Block& block) {
  for (int64_t row = 0; row < block.rows; row += 1) {
    y.data[row] = largestOf(x.data + row * x.rowStep, block.width);
  }
}

void maskRows(const View& x, const View& y, const Block& block, const RowInstruction& one) {
  const float masked = floatOf(one.attributes[1]);
  for (int64_t row = 0; row < block.rows; row += 1) {
    const int64_t wanted = (block.first + row) % one.period + (int64_t)one.attributes[0] + 1;
    const int64_t open = wanted < 0 ? 0 : smaller(wanted, block.width);
    const float* from = x.data + row * x.rowStep;
    float* to = y.data + row * y.rowStep;
    memcpy(to, from, (size_t)open * 4);
    for (int64_t c = open; c < block.width; c += 1) to[c] = masked;
  }
}

void runInstruction(const RowInstruction& one, const View* views, const Block& block) {
  const View& a = views[one.a];
  const View& b = views[one.b];
  const View& y = views[one.target];
  switch (one.op) {
    case ADD:
    case BIAS: return ofTwo<Add>(a, b, y, block);
    case SUB: return ofTwo<Sub>(a, b, y, block);
    case MUL: return ofTwo<Mul>(a, b, y, block);
    case DIV: return ofTwo<Div>(a, b, y, block);
    case RELU_GRADIENT: return ofTwo<ReluGradient>(a, b, y, block);
    case GELU_GRADIENT: return ofTwo<GeluGradient>(a, b, y, block);
    case RELU: return ofOne<Relu>(a, y, block);
    case SQRT: return ofOne<Sqrt>(a, y, block);
    case EXP: return ofOne<Exp>(a, y, block);
    case LOG: return ofOne<Log>(a, y, block);
    case SIGMOID: return ofOne<Sigmoid>(a, y, block);
    case TANH: return ofOne<Tanh>(a, y, block);
    case ERF: return ofOne<Erf>(a, y, block);
    case GELU: return ofOne<Gelu>(a, y, block);
    case SUM: return sumRows(a, y, block, 0.0f);
    case MEAN: return sumRows(a, y, block, (float)block.width);
    case MAX: return maxRows(a, y, block);
    case CAUSAL_MASK: return maskRows(a, y, block, one);
    default: return;
  }
}

/** Blocks [begin, end). */
void runBlocks(void* context, int64_t begin, int64_t end, int32_t worker) {
  const RowCall& p = *(const RowCall*)context;
  float* scratch = (float*)p.call.scratch + (int64_t)worker * p.temporaries * p.blockFloats;
  View views[ROW_SLOTS_MAX];
  for (int64_t at = begin; at < end; at += 1) {
    const int64_t first = at * p.blockRows;
    const Block block = {first, smaller(p.blockRows, p.rows - first), p.width};
    for (int32_t i = 0; i < p.slotCount; i += 1) {
      const RowSlot& slot = p.slots[i];
      float* data = slot.data == nullptr ? scratch + slot.temporary * p.blockFloats
                                         : slot.data + first * slot.rowStep;
      views[i] = {data, slot.rowStep, slot.step};
    }
    for (int32_t i = 0; i < p.instructionCount; i += 1) {
      runInstruction(p.instructions[i], views, block);
    }
  }
}

}  // namespace

void runRows(const RowCall& p) {
  const int64_t blocks = (p.rows + p.blockRows - 1) / p.blockRows;
  // Eight blocks of some work are worth a thread.
  parallelFor(p.call, blocks, 4, runBlocks, (void*)&p);
}

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
