// Decides how fast a level could be: the rate of its pair products with nothing to load or store.
#pragma once
#include <stdint.h>

namespace vivian {

/** Runs about `rounds` · 384 vector products; gives how many scalar multiplications those were. */
typedef int64_t (*PeakFunction)(int64_t rounds);

namespace level_avx2 {
int64_t runPeak(int64_t rounds);
}
namespace level_avx512vnni {
int64_t runPeak(int64_t rounds);
}
namespace level_neon {
int64_t runPeak(int64_t rounds);
}

}  // namespace vivian
