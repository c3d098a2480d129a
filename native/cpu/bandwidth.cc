// Decides what is moved to measure memory, and how often.
#include "bandwidth.h"

#include <chrono>
#include <vector>

namespace vivian {

double measureBandwidth(TriadFunction triad) {
  constexpr size_t COUNT = (size_t)1 << 23;
  constexpr int TRIES = 10;
  std::vector<float> a(COUNT, 0.0f);
  const std::vector<float> b(COUNT, 1.0f);
  const std::vector<float> c(COUNT, 2.0f);
  double best = 0;
  for (int i = 0; i < TRIES; i += 1) {
    const auto begin = std::chrono::steady_clock::now();
    triad(a.data(), b.data(), c.data(), COUNT, 3.0f + (float)i);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    const volatile float sink = a[COUNT / 2];
    (void)sink;
    const double rate = 3.0 * sizeof(float) * (double)COUNT / seconds.count();
    if (rate > best) best = rate;
  }
  return best;
}

}  // namespace vivian
