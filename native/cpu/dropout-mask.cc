// Decides dropout-mask: which elements stay in this step, by Philox 4x32-10 (NUMERICS.md,
// "Dropout"). Four elements share one counter.
#include "kernels.h"
#include "numbers.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

struct Words {
  uint32_t word[4];
};

VIVIAN_INLINE Words philox(uint32_t c0, uint32_t c1, uint32_t c2, uint32_t k0, uint32_t k1) {
  Words w = {{c0, c1, c2, 0}};
  for (int round = 0; round < 10; round += 1) {
    const uint64_t first = (uint64_t)0xd2511f53u * w.word[0];
    const uint64_t second = (uint64_t)0xcd9e8d57u * w.word[2];
    w = {{(uint32_t)(second >> 32) ^ w.word[1] ^ k0, (uint32_t)second,
          (uint32_t)(first >> 32) ^ w.word[3] ^ k1, (uint32_t)first}};
    k0 += 0x9e3779b9u;
    k1 += 0xbb67ae85u;
  }
  return w;
}

void drawBlocks(void* context, int64_t begin, int64_t end, int32_t) {
  const Call& call = *(const Call*)context;
  const uint32_t k0 = (uint32_t)bitsOf(call.inputs[0].data[0]);
  const uint32_t k1 = (uint32_t)bitsOf(call.inputs[0].data[1]);
  const uint32_t threshold = (uint32_t)call.attributes[0];
  const float kept = floatOf(call.attributes[1]);
  const uint32_t step = (uint32_t)call.step;
  const uint32_t layer = (uint32_t)call.attributes[2];
  for (int64_t block = begin; block < end; block += 1) {
    const Words words = philox((uint32_t)block, step, layer, k0, k1);
    const int64_t first = 4 * block;
    const int64_t count = smaller(4, call.count - first);
    for (int64_t i = 0; i < count; i += 1) {
      call.output[first + i] = words.word[i] >= threshold ? kept : 0.0f;
    }
  }
}

}  // namespace

size_t dropoutMaskScratch(const Call&) { return 0; }

void dropoutMask(const Call& call) {
  parallelFor(call, (call.count + 3) / 4, 4096, drawBlocks, (void*)&call);
}

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
