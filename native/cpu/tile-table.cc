// Decides what tile registers are used for: whole products. Every other op is the AVX-512 level's.
#include "kernels.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {

const KernelTable& kernels() {
  static const KernelTable table = [] {
    KernelTable own = level_avx512vnni::kernels();
    own.run[MATMUL] = matmul;
    own.scratch[MATMUL] = matmulScratch;
    own.run[BATCH_MATMUL] = batchMatmul;
    own.scratch[BATCH_MATMUL] = batchMatmulScratch;
    return own;
  }();
  return table;
}

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
