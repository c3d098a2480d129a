// Decides in which launches a step runs: ops alone, and chains of ops that one pass over rows
// computes (row-call.h). A plan changes where values are kept, never how they are rounded.
#pragma once
#include <vector>

#include "depthwise-plan.h"
#include "program.h"

namespace vivian {

/** How a value of a chain is walked. */
enum class Walk { FULL, ROW, COLUMN, SINGLE };

/** One launch: an op, or a chain of ops in their order. */
struct PlanLaunch {
  std::vector<uint32_t> ops;
  int64_t rows = 0;   // of a chain; 0 for an op alone
  int64_t width = 0;
  /** Whether the ops are those of causal attention, in the order of AttentionOps. */
  bool isAttention = false;
  /** Whether the op is the last of `depthwise`, which is done from its sources. */
  bool isDepthwise = false;
  DepthwiseOps depthwise = {};
  /** Whether an operand of a product stands for its transpose, which is not computed. */
  bool turned[2] = {false, false};
};

struct StepPlan {
  std::vector<PlanLaunch> launches;
  /** Whether an op's value is kept in memory of its own. */
  std::vector<bool> stored;
};

/** The value whose memory a value is: reshapes share it. */
Reference rootOf(const Program& program, Reference reference);

/** Ops alone, every one of them. */
StepPlan plainPlan(const Program& program);

/**
 * Without ops that nothing needs, transposes read in place, chains in one pass.
 * @param joinsParts  whether causal attention is one launch, and what depthwise-plan.h finds
 */
StepPlan fusedPlan(const Program& program, bool joinsParts = true);

/** All that a launch reads, its own ops' values among them. */
std::vector<Reference> readsOf(const Program& program, const PlanLaunch& launch);

/** The operand that op `index` reads in a plan: beyond a transpose that is read in place. */
Reference operandIn(const Program& program, const PlanLaunch& launch, uint32_t op, size_t input);

/** How an operand meets a result of shape `shape`; false where rows do not describe it. */
bool walkOf(const Shape& shape, const Shape& operand, Walk& walk, int64_t& width);

}  // namespace vivian
