// Decides where a program computes causal attention as engine/composites/causal-attention.ts writes
// it, so that one launch can do it.
#pragma once
#include <vector>

#include "program.h"

namespace vivian {

/** The ops of one attention, forward; `totals` where their sum is taken. */
struct AttentionOps {
  uint32_t scores, mask, largest, shifted, powers, totals, mix;
  bool hasTotals;

  /** In this order; `mix` is the last. */
  std::vector<uint32_t> list() const;
  static AttentionOps of(const std::vector<uint32_t>& list);
};

/** Attentions of which nothing but powers, totals and the mix is read elsewhere. */
std::vector<AttentionOps> findAttention(const Program& program, const std::vector<bool>& needed);

}  // namespace vivian
