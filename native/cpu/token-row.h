// Decides which row of a table a token names.
#pragma once
#include "numbers.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

/** The row of a token, or -1 where it is no integer in 0..rows-1. */
VIVIAN_INLINE int64_t tokenRow(float token, int64_t rows) {
  if (!(token >= 0.0f) || (double)token >= (double)rows) return -1;
  const int64_t row = (int64_t)token;
  return (double)row == (double)token ? row : -1;
}

}  // namespace
}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
