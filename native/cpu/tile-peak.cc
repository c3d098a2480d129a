// Decides the rate measured as the limit of tile registers: products of registers, nothing loaded.
#include "peak.h"

#include "tile-kernel.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {

int64_t runPeak(int64_t rounds, int32_t profile) {
  constexpr int REPEATS = 16;
  const KernelState state;
  (void)state;
  _tile_zero(4);
  _tile_zero(5);
  _tile_zero(6);
  _tile_zero(7);
  for (int64_t round = 0; round < rounds; round += 1) {
    for (int repeat = 0; repeat < REPEATS; repeat += 1) {
      _tile_dpbssd(0, 4, 6);
      _tile_dpbssd(1, 4, 7);
      _tile_dpbssd(2, 5, 6);
      _tile_dpbssd(3, 5, 7);
    }
  }
  // A product of I14 is four of bytes.
  const int64_t bytes = rounds * REPEATS * 4 * REGISTER_SIDE * REGISTER_SIDE * 64;
  return profile == 2 ? bytes : bytes / 4;
}

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
