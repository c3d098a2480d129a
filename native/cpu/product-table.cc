// Decides which ops a level has kernels of its own for, where it adds instructions for products to
// a wider level's: every other op is that level's.
#include "kernels.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {

const KernelTable& kernels() {
  static const KernelTable table = [] {
#if defined(VIVIAN_TILE_REGISTERS)
    KernelTable own = level_avx512vnni::kernels();
#else
    KernelTable own = level_avx2::kernels();
    own.run[CONV2D] = conv2d;
    own.scratch[CONV2D] = conv2dScratch;
    own.run[CONV2D_GRADIENT_INPUT] = conv2dGradientInput;
    own.scratch[CONV2D_GRADIENT_INPUT] = conv2dGradientInputScratch;
    own.run[CONV2D_GRADIENT_FILTER] = conv2dGradientFilter;
    own.scratch[CONV2D_GRADIENT_FILTER] = conv2dGradientFilterScratch;
    own.attention = attention;
    own.attentionScratch = attentionScratch;
#endif
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
