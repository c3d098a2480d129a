// Decides how a chain of element-wise ops and reductions of rows is asked to run in one pass: over
// blocks of rows, so that values between its ops stay in the first cache. Plain data, as call.h.
#pragma once
#include "call.h"

namespace vivian {

/** Ops of one chain; a chain of more is cut. */
constexpr int32_t ROW_OPS_MAX = 48;
/** Values of one chain: what each op makes and reads. */
constexpr int32_t ROW_SLOTS_MAX = 3 * ROW_OPS_MAX;

/** A value of the chain as [rows, width]. Data is null where it lives inside a block only. */
struct RowSlot {
  float* data;
  int64_t rowStep;    // floats from row to row: the width, 1, or 0 where it repeats
  int64_t step;       // floats inside a row: 1, or 0 for one number a row
  int32_t temporary;  // which piece of scratch holds it
};

/** One op of the chain: an OpKind and the slots it reads and writes. */
struct RowInstruction {
  int32_t op;
  int32_t target, a, b;
  int32_t attributes[2];
  int64_t period;  // causal-mask: rows until the mask begins again
};

struct RowCall {
  Call call;  // threads, pool and scratch alone
  const RowSlot* slots;
  const RowInstruction* instructions;
  int32_t slotCount, instructionCount, temporaries;
  int64_t rows, width;
  int64_t blockRows;    // rows at a time
  int64_t blockFloats;  // of one temporary
};

typedef void (*RowFunction)(const RowCall& call);

}  // namespace vivian
