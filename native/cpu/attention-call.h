// Decides how the powers of causal attention and what they mix are asked for in one launch
// (NUMERICS.md, "Causal attention"): scores, mask, largest, powers, their sums, and the product
// with the values. Plain data, as call.h.
#pragma once
#include "call.h"

namespace vivian {

struct AttentionCall {
  Call call;  // threads, pool and scratch alone
  const float* queries;  // [elements, rows, depth], scaled
  const float* keys;     // [elements, columns, depth]
  const float* values;   // [elements, columns, width]
  float* powers;         // [elements, rows, columns], or null where nothing else reads them
  float* totals;         // [elements, rows], likewise
  float* output;         // [elements, rows, width]
  int64_t elements, rows, columns, depth, width;
  int64_t offset;        // row r sees columns up to r + offset, which is not negative
  int32_t scoreProfile, mixProfile;  // neither balances
};

typedef void (*AttentionFunction)(const AttentionCall& call);
typedef size_t (*AttentionScratchFunction)(const AttentionCall& call);

/** What a masked score is: −2^60, the least of all canonical numbers. */
constexpr int32_t MASKED_BITS = (int32_t)0xdd800000;

}  // namespace vivian
