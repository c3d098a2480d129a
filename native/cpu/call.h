// Decides how one op is asked to run: its operands, its scratch memory and how it may use threads.
// Plain data only, so kernels compiled for different instruction sets share it safely.
#pragma once
#include <stddef.h>
#include <stdint.h>

namespace vivian {

/** Largest rank of a tensor. */
constexpr uint32_t RANK_MAX = 8;

/** A tensor operand: canonical f32, row-major. */
struct Operand {
  const float* data;
  uint32_t rank;
  int64_t dims[RANK_MAX];
  int64_t count;
};

/** Work on items [begin, end); `worker` is below the thread count and private to this piece. */
typedef void (*RangeFunction)(void* context, int64_t begin, int64_t end, int32_t worker);

class ThreadPool;

/** One op of a plan, ready to run. Shapes and attributes were checked when the plan was built. */
struct Call {
  Operand inputs[2];
  float* output;
  uint32_t rank;
  int64_t dims[RANK_MAX];
  int64_t count;
  const int32_t* attributes;
  uint32_t attributeCount;
  int32_t threads;
  ThreadPool* pool;
  char* scratch;
  int64_t step;
  const uint8_t* batch;
  /** Operands of a matmul that are stored as their transposes; `dims` are the stored ones. */
  bool turned[2];
};

/**
 * Splits [0, count) into one contiguous piece per thread and waits for all; fewer than `grain`
 * items a thread run on fewer threads. Any split gives equal bytes, by the numeric contract.
 */
void parallelFor(const Call& call, int64_t count, int64_t grain, RangeFunction function,
                 void* context);

/** One kernel of one level. */
typedef void (*OpFunction)(const Call& call);
/** Scratch bytes that kernel needs for this call; does not touch memory. */
typedef size_t (*ScratchFunction)(const Call& call);

}  // namespace vivian
