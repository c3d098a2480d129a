// Decides which ops may stand in one chain (row-call.h).
#pragma once
#include <set>
#include <vector>

#include "step-plan.h"

namespace vivian {

/** A chain that grows. Its values are [rows, width], or one number a row. */
class RowChain {
 public:
  explicit RowChain(const Program& program) : program_(program) {}

  /** Takes an op, unless it does not fit: another kind, other rows, too many. */
  bool join(uint32_t op);
  /** Whether an op reads a value of the chain. */
  bool feeds(uint32_t op) const;
  const std::vector<uint32_t>& ops() const { return ops_; }
  /** Rows and width; a chain without rows is walked element by element: width 1. */
  int64_t rows() const { return width_ == 0 ? count_ : count_ / width_; }
  int64_t width() const { return width_ == 0 ? 1 : width_; }

 private:
  bool fits(uint32_t op, int64_t& count, int64_t& width) const;

  const Program& program_;
  std::vector<uint32_t> ops_;
  std::set<uint32_t> members_;
  int64_t count_ = 0;
  int64_t width_ = 0;
};

}  // namespace vivian
