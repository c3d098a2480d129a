// Decides how fast memory is, as a limit for what only moves data.
#pragma once
#include <stddef.h>

namespace vivian {

/** a = b + s·c, the triad of the STREAM benchmark: two tensors read, one written. */
typedef void (*TriadFunction)(float* a, const float* b, const float* c, size_t count, float scale);

namespace level_scalar {
void runTriad(float* a, const float* b, const float* c, size_t count, float scale);
}
namespace level_avx2 {
void runTriad(float* a, const float* b, const float* c, size_t count, float scale);
}
namespace level_avx512vnni {
void runTriad(float* a, const float* b, const float* c, size_t count, float scale);
}
namespace level_neon {
void runTriad(float* a, const float* b, const float* c, size_t count, float scale);
}

/**
 * Bytes a second of one thread that runs the triad over three arrays of 32 MiB, more than the cache
 * of a core holds. About 0.1 s. Throws std::bad_alloc.
 */
double measureBandwidth(TriadFunction triad);

}  // namespace vivian
