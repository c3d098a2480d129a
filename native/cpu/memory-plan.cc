#include "memory-plan.h"

#include <algorithm>
#include <numeric>

namespace vivian {

MemoryPlan planMemory(const std::vector<Lifetime>& lifetimes) {
  MemoryPlan plan;
  plan.places.assign(lifetimes.size(), 0);
  std::vector<uint32_t> order(lifetimes.size());
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    return lifetimes[a].bytes != lifetimes[b].bytes ? lifetimes[a].bytes > lifetimes[b].bytes
                                                    : a < b;
  });
  std::vector<uint32_t> placed;  // by place
  for (const uint32_t at : order) {
    const Lifetime& one = lifetimes[at];
    const uint64_t bytes = alignedBytes(one.bytes);
    uint64_t place = 0;
    for (const uint32_t other : placed) {
      const Lifetime& old = lifetimes[other];
      if (old.last < one.first || one.last < old.first) continue;
      if (plan.places[other] >= place + bytes) break;
      place = std::max(place, plan.places[other] + alignedBytes(old.bytes));
    }
    plan.places[at] = place;
    plan.bytes = std::max(plan.bytes, place + bytes);
    const auto after = std::upper_bound(
        placed.begin(), placed.end(), place,
        [&](uint64_t wanted, uint32_t other) { return wanted < plan.places[other]; });
    placed.insert(after, at);
  }
  return plan;
}

}  // namespace vivian
