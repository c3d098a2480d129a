// Decides which kernels a level offers: one function an op, in the order of op-kinds.h.
#pragma once
#include "attention-call.h"
#include "call.h"
#include "depthwise-call.h"
#include "op-kinds.h"
#include "platform.h"
#include "row-call.h"

namespace vivian {

/** A level's kernels and the scratch each needs, indexed by op kind. */
struct KernelTable {
  OpFunction run[OP_KINDS];
  ScratchFunction scratch[OP_KINDS];
  RowFunction rows;  // a chain of ops in one pass
  AttentionFunction attention;
  AttentionScratchFunction attentionScratch;
  DepthwiseFunction depthwise;
  DepthwiseScratchFunction depthwiseScratch;
};

#if defined(VIVIAN_LEVEL)
namespace VIVIAN_LEVEL_NAME {
#define VIVIAN_OP(kind, name, function) \
  void function(const Call& call);      \
  size_t function##Scratch(const Call& call);
VIVIAN_OPS(VIVIAN_OP)
#undef VIVIAN_OP
void runRows(const RowCall& call);
void attention(const AttentionCall& call);
size_t attentionScratch(const AttentionCall& call);
void depthwise(const DepthwiseCall& call);
size_t depthwiseScratch(const DepthwiseCall& call);
}  // namespace VIVIAN_LEVEL_NAME
#endif

namespace level_scalar {
const KernelTable& kernels();
}
namespace level_avx2 {
const KernelTable& kernels();
}
namespace level_avxvnni {
const KernelTable& kernels();
}
namespace level_avx512vnni {
const KernelTable& kernels();
}
namespace level_amx {
const KernelTable& kernels();
}
namespace level_neon {
const KernelTable& kernels();
}
namespace level_wasm {
const KernelTable& kernels();
}

}  // namespace vivian
