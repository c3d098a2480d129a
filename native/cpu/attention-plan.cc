// Decides by going backwards from each product that mixes values.
#include "attention-plan.h"

#include "attention-call.h"
#include "step-plan.h"

namespace vivian {

namespace {

constexpr int32_t BALANCED = 1;

class Finder {
 public:
  Finder(const Program& program, const std::vector<bool>& needed) : program_(program) {
    readers_.resize(program.ops.size());
    isShown_.assign(program.ops.size(), false);
    const auto show = [&](Reference value) {
      const Reference root = rootOf(program, value);
      if (!root.isState) isShown_[root.index] = true;
    };
    for (const Reference& output : program.outputs) show(output);
    for (const ProgramUpdate& update : program.updates) show(update.value);
    for (uint32_t op = 0; op < program.ops.size(); op += 1) {
      if (!needed[op] || program.ops[op].kind == RESHAPE) continue;
      for (const Reference& input : program.ops[op].inputs) {
        const Reference root = rootOf(program, input);
        if (!root.isState) readers_[root.index].push_back(op);
      }
    }
  }

  bool find(uint32_t mix, AttentionOps& ops) const {
    ops = {};
    ops.mix = mix;
    if (!isProduct(mix, 0, 0)) return false;
    if (!isOp(input(mix, 0), EXP, ops.powers)) return false;
    if (!isOp(input(ops.powers, 0), SUB, ops.shifted)) return false;
    if (!isOp(input(ops.shifted, 0), CAUSAL_MASK, ops.mask)) return false;
    if (!isOp(input(ops.shifted, 1), MAX, ops.largest)) return false;
    uint32_t same = 0;
    if (!isOp(input(ops.largest, 0), CAUSAL_MASK, same) || same != ops.mask) return false;
    if (!isOp(input(ops.mask, 0), BATCH_MATMUL, ops.scores)) return false;
    return isProduct(ops.scores, 0, 1) && isMask(ops) && isClosed(ops) && takeTotals(ops);
  }

 private:
  Reference input(uint32_t op, size_t at) const { return program_.ops[op].inputs[at]; }

  /** Whether the value is that of an op of this kind, not reshaped. */
  bool isOp(Reference value, OpKind kind, uint32_t& op) const {
    op = value.index;
    return !value.isState && program_.ops[value.index].kind == kind;
  }

  bool isProduct(uint32_t op, int32_t turnedA, int32_t turnedB) const {
    const ProgramOp& record = program_.ops[op];
    return record.kind == BATCH_MATMUL && record.attributes[0] != BALANCED &&
           record.attributes[1] == turnedA && record.attributes[2] == turnedB;
  }

  /** Every row sees at least one column, and masked is the least number. */
  bool isMask(const AttentionOps& ops) const {
    const ProgramOp& mask = program_.ops[ops.mask];
    const uint32_t last = mask.shape.rank - 1;
    return mask.attributes[0] >= 0 && mask.attributes[1] == MASKED_BITS &&
           program_.ops[ops.largest].attributes[0] == (int32_t)last;
  }

  bool isReadBy(uint32_t op, std::vector<uint32_t> readers) const {
    return !isShown_[op] && readers_[op] == readers;
  }

  bool isClosed(const AttentionOps& ops) const {
    const std::vector<uint32_t> both = ops.largest < ops.shifted
                                           ? std::vector<uint32_t>{ops.largest, ops.shifted}
                                           : std::vector<uint32_t>{ops.shifted, ops.largest};
    return isReadBy(ops.scores, {ops.mask}) && isReadBy(ops.mask, both) &&
           isReadBy(ops.largest, {ops.shifted}) && isReadBy(ops.shifted, {ops.powers});
  }

  /** Their sum, if there is one; nobody else may wait for either before the mix. */
  bool takeTotals(AttentionOps& ops) const {
    const ProgramOp& powers = program_.ops[ops.powers];
    for (const uint32_t reader : readers_[ops.powers]) {
      const ProgramOp& op = program_.ops[reader];
      const bool isSum = op.kind == SUM && !op.inputs[0].isState &&
                         op.inputs[0].index == ops.powers &&
                         op.attributes[0] == (int32_t)powers.shape.rank - 1;
      if (isSum && !ops.hasTotals && reader < ops.mix) {
        ops.totals = reader;
        ops.hasTotals = true;
      } else if (reader < ops.mix) {
        return false;
      }
    }
    if (!ops.hasTotals) return true;
    for (const uint32_t reader : readers_[ops.totals]) {
      if (reader < ops.mix) return false;
    }
    return isShown_[ops.totals] || !readers_[ops.totals].empty();
  }

  const Program& program_;
  std::vector<std::vector<uint32_t>> readers_;
  std::vector<bool> isShown_;
};

}  // namespace

std::vector<uint32_t> AttentionOps::list() const {
  std::vector<uint32_t> ops = {scores, mask, largest, shifted, powers};
  if (hasTotals) ops.push_back(totals);
  ops.push_back(mix);
  return ops;
}

AttentionOps AttentionOps::of(const std::vector<uint32_t>& list) {
  const bool hasTotals = list.size() == 7;
  return {list[0], list[1], list[2], list[3], list[4], hasTotals ? list[5] : 0, list.back(),
          hasTotals};
}

std::vector<AttentionOps> findAttention(const Program& program, const std::vector<bool>& needed) {
  const Finder finder(program, needed);
  std::vector<AttentionOps> found;
  for (uint32_t op = 0; op < program.ops.size(); op += 1) {
    AttentionOps ops;
    if (needed[op] && finder.find(op, ops)) found.push_back(ops);
  }
  return found;
}

}  // namespace vivian
