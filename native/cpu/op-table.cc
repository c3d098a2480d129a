// Decides nothing: lists the kernels of the level this file is compiled for.
#include "kernels.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {

const KernelTable& kernels() {
  static const KernelTable table = {
#define VIVIAN_OP(kind, name, function) function,
      {VIVIAN_OPS(VIVIAN_OP)},
#undef VIVIAN_OP
#define VIVIAN_OP(kind, name, function) function##Scratch,
      {VIVIAN_OPS(VIVIAN_OP)},
#undef VIVIAN_OP
      runRows,
      attention,
      attentionScratch,
      depthwise,
      depthwiseScratch,
  };
  return table;
}

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
