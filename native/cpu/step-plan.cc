// Decides how chains are found: from the first op that may begin one, over the ops near it that do
// not wait for anything outside.
#include "step-plan.h"

#include <map>

#include "attention-plan.h"
#include "row-chain.h"

namespace vivian {

namespace {

/** Ops after the last of a chain that are looked at for more. */
constexpr size_t CHAIN_REACH = 48;

bool isRankTwoTurn(const ProgramOp& op) {
  return op.kind == TRANSPOSE && op.shape.rank == 2 && op.attributes[0] == 1;
}

/** The operand behind a transpose of a matrix, where `value` is one. */
bool turnedOperand(const Program& program, Reference value, Reference& behind) {
  if (value.isState || !isRankTwoTurn(program.ops[value.index])) return false;
  behind = program.ops[value.index].inputs[0];
  return true;
}

class Planner {
 public:
  Planner(const Program& program, bool joinsParts)
      : program_(program), joinsParts_(joinsParts) {}

  StepPlan plan() {
    if (joinsParts_) {
      for (const DepthwiseOps& one : findDepthwise(program_)) depthwise_[one.last] = one;
    }
    markNeeded();
    std::set<uint32_t> inside;
    for (const AttentionOps& one : findAttention(program_, needed_)) {
      if (!joinsParts_) break;
      attentions_[one.mix] = one;
      const std::vector<uint32_t> ops = one.list();
      inside.insert(ops.begin(), ops.end());
    }
    std::vector<uint32_t> waiting;
    for (uint32_t i = 0; i < program_.ops.size(); i += 1) {
      if (!needed_[i] || program_.ops[i].kind == RESHAPE) continue;
      if (inside.count(i) == 0 || attentions_.count(i) != 0) waiting.push_back(i);
    }
    while (!waiting.empty()) waiting = takeNext(waiting);
    markStored();
    return std::move(plan_);
  }

 private:
  /** Backwards from what the step must give; a transpose that products read in place gives way. */
  void markNeeded() {
    needed_.assign(program_.ops.size(), false);
    const auto need = [&](Reference value) {
      if (!value.isState) needed_[value.index] = true;
    };
    for (const Reference& output : program_.outputs) need(output);
    for (const ProgramUpdate& update : program_.updates) need(update.value);
    for (uint32_t i = (uint32_t)program_.ops.size(); i > 0; i -= 1) {
      const ProgramOp& op = program_.ops[i - 1];
      if (!needed_[i - 1]) continue;
      const auto part = depthwise_.find(i - 1);
      if (part != depthwise_.end()) {
        for (const Reference& source : part->second.sources) need(source);
        continue;
      }
      for (const Reference& input : op.inputs) {
        Reference behind;
        if (op.kind == MATMUL && turnedOperand(program_, input, behind)) {
          need(behind);
        } else {
          need(input);
        }
      }
    }
    // The batch is always loaded: it is what a step is about.
    needed_[0] = true;
  }

  /** The ops that an op is launched with: those of the attention it ends. */
  std::vector<uint32_t> launchedWith(uint32_t op) const {
    const auto known = attentions_.find(op);
    return known == attentions_.end() ? std::vector<uint32_t>{op} : known->second.list();
  }

  void hold(std::set<uint32_t>& held, uint32_t op) const {
    const std::vector<uint32_t> ops = launchedWith(op);
    held.insert(ops.begin(), ops.end());
  }

  void emit(uint32_t op) {
    PlanLaunch launch;
    launch.ops = launchedWith(op);
    launch.isAttention = launch.ops.size() > 1;
    const auto part = depthwise_.find(op);
    launch.isDepthwise = part != depthwise_.end();
    if (launch.isDepthwise) launch.depthwise = part->second;
    if (program_.ops[op].kind == MATMUL) {
      Reference behind;
      for (size_t i = 0; i < 2; i += 1) {
        launch.turned[i] = turnedOperand(program_, program_.ops[op].inputs[i], behind);
      }
    }
    plan_.launches.push_back(std::move(launch));
  }

  bool reads(uint32_t launched, const std::set<uint32_t>& values) const {
    for (const uint32_t op : launchedWith(launched)) {
      if (readsAlone(op, values)) return true;
    }
    return false;
  }

  bool readsAlone(uint32_t op, const std::set<uint32_t>& values) const {
    const auto isOneOf = [&](Reference value) {
      const Reference root = rootOf(program_, value);
      return !root.isState && values.count(root.index) != 0;
    };
    const auto part = depthwise_.find(op);
    if (part != depthwise_.end()) {
      return isOneOf(part->second.sources[0]) || isOneOf(part->second.sources[1]);
    }
    for (const Reference& input : program_.ops[op].inputs) {
      Reference behind = input;
      if (program_.ops[op].kind == MATMUL) turnedOperand(program_, input, behind);
      if (isOneOf(behind)) return true;
    }
    return false;
  }

  /** Whether an op becomes part of a chain. */
  bool joins(RowChain& chain, uint32_t op) const {
    return depthwise_.count(op) == 0 && chain.join(op);
  }

  /** Emits the first waiting op, with the chain that begins there; what is left. */
  std::vector<uint32_t> takeNext(const std::vector<uint32_t>& waiting) {
    RowChain chain(program_);
    std::set<uint32_t> held;  // ops that wait for the chain, or for such ops
    std::vector<uint32_t> left;
    if (!joins(chain, waiting[0])) {
      emit(waiting[0]);
      return std::vector<uint32_t>(waiting.begin() + 1, waiting.end());
    }
    std::set<uint32_t> members = {waiting[0]};
    size_t last = 0;
    size_t at = 1;
    for (; at < waiting.size() && at - last <= CHAIN_REACH; at += 1) {
      const uint32_t op = waiting[at];
      if (reads(op, held)) {
        hold(held, op);
        left.push_back(op);
      } else if (joins(chain, op)) {
        members.insert(op);
        last = at;
      } else if (reads(op, members) || mayBegin(op)) {
        hold(held, op);
        left.push_back(op);
      } else {
        emit(op);
      }
    }
    emitChain(chain);
    left.insert(left.end(), waiting.begin() + (int64_t)at, waiting.end());
    return left;
  }

  /** Whether the op would be in a chain of its own. */
  bool mayBegin(uint32_t op) const {
    RowChain chain(program_);
    return joins(chain, op);
  }

  void emitChain(const RowChain& chain) {
    if (chain.ops().size() == 1) {
      emit(chain.ops()[0]);
      return;
    }
    PlanLaunch launch;
    launch.ops = chain.ops();
    launch.rows = chain.rows();
    launch.width = chain.width();
    plan_.launches.push_back(std::move(launch));
  }

  /** A value of a chain that nothing else reads stays inside its blocks. */
  void markStored() {
    std::vector<bool>& stored = plan_.stored;
    stored.assign(program_.ops.size(), false);
    const auto store = [&](Reference value) {
      const Reference root = rootOf(program_, value);
      if (!root.isState) stored[root.index] = true;
    };
    for (const Reference& output : program_.outputs) store(output);
    for (const ProgramUpdate& update : program_.updates) store(update.value);
    for (const PlanLaunch& launch : plan_.launches) {
      const std::set<uint32_t> members(launch.ops.begin(), launch.ops.end());
      if (launch.rows == 0) store({false, launch.ops.back()});
      for (const Reference& value : readsOf(program_, launch)) {
        const Reference root = rootOf(program_, value);
        if (!root.isState && members.count(root.index) == 0) store(value);
      }
    }
  }

  const Program& program_;
  const bool joinsParts_;
  std::vector<bool> needed_;
  std::map<uint32_t, AttentionOps> attentions_;  // by their last op
  std::map<uint32_t, DepthwiseOps> depthwise_;   // likewise
  StepPlan plan_;
};

}  // namespace

Reference rootOf(const Program& program, Reference reference) {
  while (!reference.isState && program.ops[reference.index].kind == RESHAPE) {
    reference = program.ops[reference.index].inputs[0];
  }
  return reference;
}

std::vector<Reference> readsOf(const Program& program, const PlanLaunch& launch) {
  if (launch.isDepthwise) return {launch.depthwise.sources[0], launch.depthwise.sources[1]};
  std::vector<Reference> reads;
  for (const uint32_t op : launch.ops) {
    for (size_t i = 0; i < program.ops[op].inputs.size(); i += 1) {
      reads.push_back(operandIn(program, launch, op, i));
    }
  }
  return reads;
}

Reference operandIn(const Program& program, const PlanLaunch& launch, uint32_t op, size_t input) {
  const Reference value = program.ops[op].inputs[input];
  Reference behind = value;
  if (launch.rows == 0 && input < 2 && launch.turned[input]) {
    turnedOperand(program, value, behind);
  }
  return behind;
}

StepPlan plainPlan(const Program& program) {
  StepPlan plan;
  plan.stored.assign(program.ops.size(), false);
  for (uint32_t i = 0; i < program.ops.size(); i += 1) {
    if (program.ops[i].kind == RESHAPE) continue;
    PlanLaunch launch;
    launch.ops.push_back(i);
    plan.launches.push_back(std::move(launch));
    plan.stored[i] = true;
  }
  return plan;
}

StepPlan fusedPlan(const Program& program, bool joinsParts) {
  return Planner(program, joinsParts).plan();
}

}  // namespace vivian
