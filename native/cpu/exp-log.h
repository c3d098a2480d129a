// Decides the two halves of ln 2 that exp and log reduce by (NUMERICS.md, "exp" and "log").
#pragma once
#include "numbers.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

constexpr int32_t LN2_HIGH = 0x3f318000;
constexpr int32_t LN2_LOW = (int32_t)0xb95e8083;

VIVIAN_INLINE float mulThenAdd(float p, float r, int32_t coefficient) {
  return addCanonical(mulCanonical(p, r), floatOf(coefficient));
}

}  // namespace
}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
