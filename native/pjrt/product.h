// Decides the exact product that a device is checked with: int8 by int8 into int32, as StableHLO,
// against the plain loop. Sums stay below 2^31 while the depth is below 2^17, so every order of
// addition gives the same number and no tolerance is needed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace vivian::pjrt {

// Seed 0 fills both with -128: the largest sums there are. A seed with the upper bit takes -128 and
// -127 only: large odd sums, which a product in floating point would round.
struct Case {
  int64_t rows;
  int64_t depth;
  int64_t columns;
  uint32_t seed;
};

inline constexpr uint32_t kLarge = 0x80000000u;

inline constexpr Case kCases[] = {
    {1, 1, 1, 0},       {8, 16, 8, 1},        {33, 127, 65, 2},
    {128, 4096, 64, 0}, {64, 4096, 128, kLarge | 5}, {256, 1024, 256, 3},
    {1000, 333, 77, 4},
};

inline std::string program_of(const Case& one) {
  auto shape = [](int64_t rows, int64_t columns, const char* type) {
    return "tensor<" + std::to_string(rows) + "x" + std::to_string(columns) + "x" + type + ">";
  };
  const std::string left = shape(one.rows, one.depth, "i8");
  const std::string right = shape(one.depth, one.columns, "i8");
  const std::string result = shape(one.rows, one.columns, "i32");
  return "module @product {\n  func.func public @main(%left: " + left + ", %right: " + right +
         ") -> " + result + " {\n    %0 = stablehlo.dot_general %left, %right, " +
         "contracting_dims = [1] x [0] : (" + left + ", " + right + ") -> " + result +
         "\n    return %0 : " + result + "\n  }\n}\n";
}

// The same numbers on every machine: xorshift of 32 bits, its upper byte.
inline std::vector<int8_t> numbers(int64_t count, uint32_t seed) {
  std::vector<int8_t> made(static_cast<size_t>(count), int8_t{-128});
  if (seed == 0) return made;
  uint32_t state = seed * 2654435761u;
  for (int8_t& number : made) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    const bool large = (seed & kLarge) != 0;
    number = static_cast<int8_t>(large ? -128 + static_cast<int>(state >> 31) : state >> 24);
  }
  return made;
}

inline std::vector<int32_t> plain_product(const Case& one, const std::vector<int8_t>& left,
                                          const std::vector<int8_t>& right) {
  std::vector<int32_t> result(static_cast<size_t>(one.rows * one.columns), 0);
  for (int64_t row = 0; row < one.rows; ++row) {
    for (int64_t at = 0; at < one.depth; ++at) {
      const int32_t factor = left[static_cast<size_t>(row * one.depth + at)];
      for (int64_t column = 0; column < one.columns; ++column) {
        result[static_cast<size_t>(row * one.columns + column)] +=
            factor * right[static_cast<size_t>(at * one.columns + column)];
      }
    }
  }
  return result;
}

// FNV-1a of the numbers' bytes, least significant first: what the leader compares with its own.
inline uint32_t digest_of(const std::vector<int32_t>& numbers) {
  uint32_t hash = 2166136261u;
  for (int32_t number : numbers) {
    for (int shift = 0; shift < 32; shift += 8) {
      hash = (hash ^ ((static_cast<uint32_t>(number) >> shift) & 0xff)) * 16777619u;
    }
  }
  return hash;
}

}  // namespace vivian::pjrt
