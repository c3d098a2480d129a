// Decides how fast a level could be: the rate of its products with nothing to load or store.
#pragma once
#include <stdint.h>

namespace vivian {

/**
 * Runs hundreds of products of vectors or tiles, `rounds` times; gives how many multiplications of
 * numbers of the profile (2 is I8, any other I14) those were.
 */
typedef int64_t (*PeakFunction)(int64_t rounds, int32_t profile);

namespace level_avx2 {
int64_t runPeak(int64_t rounds, int32_t profile);
}
namespace level_avxvnni {
int64_t runPeak(int64_t rounds, int32_t profile);
}
namespace level_avx512vnni {
int64_t runPeak(int64_t rounds, int32_t profile);
}
namespace level_amx {
int64_t runPeak(int64_t rounds, int32_t profile);
}
namespace level_neon {
int64_t runPeak(int64_t rounds, int32_t profile);
}

}  // namespace vivian
