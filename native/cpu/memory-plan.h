// Decides where the values of a step lie: values that are never needed at the same time share
// memory.
#pragma once
#include <stdint.h>
#include <vector>

namespace vivian {

constexpr uint64_t MEMORY_ALIGNMENT = 64;

inline uint64_t alignedBytes(uint64_t bytes) {
  return (bytes + MEMORY_ALIGNMENT - 1) / MEMORY_ALIGNMENT * MEMORY_ALIGNMENT;
}

/** A value's bytes and the first and last launch that need them. */
struct Lifetime {
  uint64_t bytes;
  uint32_t first, last;
};

struct MemoryPlan {
  std::vector<uint64_t> places;  // byte offsets, as the lifetimes came
  uint64_t bytes = 0;
};

/** Largest first, each at the lowest place that is free for as long as it is needed. */
MemoryPlan planMemory(const std::vector<Lifetime>& lifetimes);

}  // namespace vivian
