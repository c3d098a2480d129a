// Decides the loop of the bandwidth measurement: the triad of the STREAM benchmark.
#include "bandwidth.h"

#include <stddef.h>

#include <chrono>
#include <vector>

namespace vivian {

double measureBandwidth() {
  constexpr size_t COUNT = (size_t)1 << 22;  // 32 MiB an array
  constexpr int TRIES = 8;
  std::vector<double> a(COUNT, 0.0);
  const std::vector<double> b(COUNT, 1.0);
  const std::vector<double> c(COUNT, 2.0);
  double best = 0;
  for (int i = 0; i < TRIES; i += 1) {
    const double scale = 3.0 + i;
    const auto begin = std::chrono::steady_clock::now();
    for (size_t at = 0; at < COUNT; at += 1) a[at] = b[at] + scale * c[at];
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    const volatile double sink = a[COUNT / 2];
    (void)sink;
    const double rate = 3.0 * sizeof(double) * (double)COUNT / seconds.count();
    if (rate > best) best = rate;
  }
  return best;
}

}  // namespace vivian
