// Decides the temporaries of a chain and how long values are needed.
#include "bound-plan.h"

#include "attention-plan.h"

#include <string.h>
#if defined(__linux__)
#include <time.h>
#endif

#include <chrono>
#include <map>
#include <set>
#include <tuple>

namespace vivian {

namespace {

/** Floats of a value in one block of a chain: a dozen such pieces stay in the first cache. */
constexpr int64_t BLOCK_FLOATS = 1024;

/** Ops of a chain up to which each is named. */
constexpr size_t NAMED_OPS = 5;

Operand operandOf(const Program& program, Reference reference) {
  const Shape& shape = program.shapeOf(reference);
  Operand operand = {nullptr, shape.rank, {}, shape.count};
  memcpy(operand.dims, shape.dims, sizeof shape.dims);
  return operand;
}

RowSlot slotOf(Walk walk, int64_t width) {
  switch (walk) {
    case Walk::FULL: return {nullptr, width, 1, -1};
    case Walk::ROW: return {nullptr, 1, 0, -1};
    case Walk::COLUMN: return {nullptr, 0, 1, -1};
    default: return {nullptr, 0, 0, -1};
  }
}

/** How an operand of a chain's op is walked by the chain. */
Walk walkIn(const Program& program, const ProgramOp& op, size_t input, int64_t rows) {
  const Shape& shape = program.shapeOf(op.inputs[input]);
  if (op.kind == BIAS && input == 1) return Walk::COLUMN;
  Walk walk = Walk::FULL;
  int64_t width = 0;
  if (op.kind != SUM && op.kind != MEAN && op.kind != MAX) {
    walkOf(op.shape, shape, walk, width);
    if (walk == Walk::FULL && op.shape.count == rows) walk = Walk::ROW;
  }
  return walk;
}

/** Time of the processor on this thread where it can be told, which others do not lengthen. */
double nanosecondsNow() {
#if defined(__linux__)
  timespec time;
  if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) == 0) {
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
  }
#endif
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return (double)std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

/** Slots of a chain and the temporaries they share. */
class ChainWriter {
 public:
  ChainWriter(const Program& program, const StepPlan& plan, const PlanLaunch& launch,
              std::vector<RowSlot>& slots, std::vector<Reference>& values)
      : program_(program), plan_(plan), launch_(launch), slots_(slots), values_(values) {
    for (size_t at = 0; at < launch.ops.size(); at += 1) {
      const ProgramOp& op = program.ops[launch.ops[at]];
      for (const Reference& input : op.inputs) {
        const Reference root = rootOf(program, input);
        if (!root.isState) lastRead_[root.index] = at;
      }
    }
  }

  RowInstruction write(size_t at) {
    const uint32_t index = launch_.ops[at];
    const ProgramOp& op = program_.ops[index];
    RowInstruction one = {};
    one.op = op.kind;
    const bool isRow = launch_.width > 1 && op.shape.count == launch_.rows;
    for (size_t i = 0; i < op.inputs.size(); i += 1) {
      const int64_t rows = launch_.width > 1 ? launch_.rows : 0;
      const int32_t slot = slotFor(op.inputs[i], walkIn(program_, op, i, rows));
      (i == 0 ? one.a : one.b) = slot;
    }
    one.target = newSlot({false, index}, isRow ? Walk::ROW : Walk::FULL, !plan_.stored[index]);
    if (op.inputs.size() == 1) one.b = one.a;
    for (size_t i = 0; i < op.attributes.size() && i < 2; i += 1) {
      one.attributes[i] = op.attributes[i];
    }
    one.period = op.kind == CAUSAL_MASK ? op.shape.dims[op.shape.rank - 2] : 1;
    release(at);
    return one;
  }

  int32_t temporaries() const { return temporaries_; }

 private:
  int32_t slotFor(Reference value, Walk walk) {
    const Reference root = rootOf(program_, value);
    const auto known = known_.find({root.isState, root.index, (int)walk});
    return known != known_.end() ? known->second : newSlot(root, walk, false);
  }

  int32_t newSlot(Reference root, Walk walk, bool isTemporary) {
    RowSlot slot = slotOf(walk, launch_.width);
    if (isTemporary) {
      if (free_.empty()) {
        slot.temporary = temporaries_;
        temporaries_ += 1;
      } else {
        slot.temporary = free_.back();
        free_.pop_back();
      }
    }
    slots_.push_back(slot);
    values_.push_back(root);
    const int32_t at = (int32_t)slots_.size() - 1;
    known_[{root.isState, root.index, (int)walk}] = at;
    return at;
  }

  /** After instruction `at`, pieces that nothing reads any more can be used again. */
  void release(size_t at) {
    for (size_t i = 0; i < slots_.size(); i += 1) {
      if (slots_[i].temporary < 0 || released_.count(i) != 0) continue;
      const auto read = lastRead_.find(values_[i].index);
      if (read != lastRead_.end() && read->second > at) continue;
      free_.push_back(slots_[i].temporary);
      released_.insert(i);
    }
  }

  const Program& program_;
  const StepPlan& plan_;
  const PlanLaunch& launch_;
  std::vector<RowSlot>& slots_;
  std::vector<Reference>& values_;
  std::map<uint32_t, size_t> lastRead_;
  std::map<std::tuple<bool, uint32_t, int>, int32_t> known_;
  std::vector<int32_t> free_;
  std::set<size_t> released_;
  int32_t temporaries_ = 0;
};

}  // namespace

void BoundPlan::bindOne(const PlanLaunch& launch, Bound& bound, const KernelTable& kernels,
                        int32_t threads) {
  const ProgramOp& op = program_->ops[launch.ops[0]];
  Call& call = bound.call;
  for (size_t i = 0; i < op.inputs.size(); i += 1) {
    call.inputs[i] = operandOf(*program_, operandIn(*program_, launch, launch.ops[0], i));
    call.turned[i] = launch.turned[i];
  }
  call.rank = op.shape.rank;
  memcpy(call.dims, op.shape.dims, sizeof op.shape.dims);
  call.count = op.shape.count;
  call.attributes = op.attributes.data();
  call.attributeCount = (uint32_t)op.attributes.size();
  call.threads = threads;
  bound.function = kernels.run[op.kind];
  const uint64_t needed = kernels.scratch[op.kind](call);
  if (needed > scratchBytes_) scratchBytes_ = needed;
}

void BoundPlan::bindAttention(const PlanLaunch& launch, Bound& bound, const KernelTable& kernels,
                              int32_t threads) {
  const AttentionOps ops = AttentionOps::of(launch.ops);
  const ProgramOp& scores = program_->ops[ops.scores];
  const ProgramOp& mix = program_->ops[ops.mix];
  AttentionCall& call = bound.attention;
  call.call.threads = threads;
  const uint32_t rank = scores.shape.rank;
  call.rows = scores.shape.dims[rank - 2];
  call.columns = scores.shape.dims[rank - 1];
  call.elements = scores.shape.count / (call.rows * call.columns);
  call.depth = program_->shapeOf(scores.inputs[0]).dims[rank - 1];
  call.width = mix.shape.dims[rank - 1];
  call.offset = program_->ops[ops.mask].attributes[0];
  call.scoreProfile = scores.attributes[0];
  call.mixProfile = mix.attributes[0];
  bound.attend = kernels.attention;
  const uint64_t needed = kernels.attentionScratch(call);
  if (needed > scratchBytes_) scratchBytes_ = needed;
}

void BoundPlan::placeAttention(const PlanLaunch& launch, Bound& bound,
                               const ValuePlaces& places) {
  const AttentionOps ops = AttentionOps::of(launch.ops);
  const ProgramOp& scores = program_->ops[ops.scores];
  AttentionCall& call = bound.attention;
  pointAt(scores.inputs[0], places, (float**)&call.queries);
  pointAt(scores.inputs[1], places, (float**)&call.keys);
  pointAt(program_->ops[ops.mix].inputs[1], places, (float**)&call.values);
  pointAt({false, ops.mix}, places, &call.output);
  if (plan_.stored[ops.powers]) pointAt({false, ops.powers}, places, &call.powers);
  if (ops.hasTotals) pointAt({false, ops.totals}, places, &call.totals);
}

void BoundPlan::bindDepthwise(const PlanLaunch& launch, Bound& bound, const KernelTable& kernels,
                              int32_t threads) {
  const DepthwiseOps& ops = launch.depthwise;
  DepthwiseCall& call = bound.depthwise;
  call.call.threads = threads;
  call.part = ops.part;
  call.images = ops.images;
  call.height = ops.height;
  call.width = ops.width;
  call.channels = ops.channels;
  call.stride = ops.stride;
  call.outHeight = ops.outHeight;
  call.outWidth = ops.outWidth;
  bound.convolve = kernels.depthwise;
  const uint64_t needed = kernels.depthwiseScratch(call);
  if (needed > scratchBytes_) scratchBytes_ = needed;
}

void BoundPlan::placeDepthwise(const PlanLaunch& launch, Bound& bound, const ValuePlaces& places) {
  const Reference* sources = launch.depthwise.sources;
  DepthwiseCall& call = bound.depthwise;
  const bool isForward = call.part == DepthwisePart::FORWARD;
  const bool isFilter = call.part == DepthwisePart::FILTER;
  pointAt(sources[0], places, (float**)(isForward ? &call.x : &call.dy));
  pointAt(sources[1], places, (float**)(isFilter ? &call.x : &call.w));
  pointAt({false, launch.ops[0]}, places, &call.output);
}

void BoundPlan::bindChain(const PlanLaunch& launch, Bound& bound, int32_t threads) {
  ChainWriter writer(*program_, plan_, launch, bound.slots, bound.slotValues);
  for (size_t at = 0; at < launch.ops.size(); at += 1) {
    bound.instructions.push_back(writer.write(at));
  }
  RowCall& chain = bound.chain;
  chain.call.threads = threads;
  chain.slotCount = (int32_t)bound.slots.size();
  chain.instructionCount = (int32_t)bound.instructions.size();
  chain.temporaries = writer.temporaries();
  chain.rows = launch.rows;
  chain.width = launch.width;
  chain.blockRows = launch.width >= BLOCK_FLOATS ? 1 : BLOCK_FLOATS / launch.width;
  if (chain.blockRows > chain.rows) chain.blockRows = chain.rows;
  chain.blockFloats = (chain.blockRows * chain.width + 15) / 16 * 16;
  const uint64_t needed = (uint64_t)threads * chain.temporaries * chain.blockFloats * 4;
  if (needed > scratchBytes_) scratchBytes_ = needed;
}

void BoundPlan::bind(const Program& program, StepPlan plan, const KernelTable& kernels,
                     int32_t threads) {
  program_ = &program;
  plan_ = std::move(plan);
  bounds_.resize(plan_.launches.size());
  nanoseconds_.assign(bounds_.size(), 0.0);
  first_.assign(program.ops.size(), 0);
  last_.assign(program.ops.size(), 0);
  for (uint32_t at = 0; at < bounds_.size(); at += 1) {
    const PlanLaunch& launch = plan_.launches[at];
    if (launch.isAttention) {
      bindAttention(launch, bounds_[at], kernels, threads);
    } else if (launch.isDepthwise) {
      bindDepthwise(launch, bounds_[at], kernels, threads);
    } else if (launch.rows == 0) {
      bindOne(launch, bounds_[at], kernels, threads);
    } else {
      bounds_[at].rows = kernels.rows;
      bindChain(launch, bounds_[at], threads);
    }
    for (const uint32_t op : launch.ops) {
      first_[op] = at;
      if (last_[op] < at) last_[op] = at;
    }
    for (const Reference& value : readsOf(program, launch)) {
      const Reference root = rootOf(program, value);
      if (!root.isState) last_[root.index] = at;
    }
  }
}

void BoundPlan::lifetime(uint32_t op, uint32_t& first, uint32_t& last) const {
  first = first_[op];
  last = last_[op];
}

void BoundPlan::pointAt(Reference reference, const ValuePlaces& places, float** place) {
  const Reference root = rootOf(*program_, reference);
  if (root.isState) {
    patches_.push_back({place, root.index, false});
  } else if (places.states[root.index] >= 0) {
    patches_.push_back({place, (uint32_t)places.states[root.index], true});
  } else {
    *place = places.data[root.index];
  }
}

void BoundPlan::place(const ValuePlaces& places, char* scratch, ThreadPool* pool) {
  values_ = places.data;
  for (uint32_t at = 0; at < bounds_.size(); at += 1) {
    Bound& bound = bounds_[at];
    const PlanLaunch& launch = plan_.launches[at];
    if (bound.attend != nullptr) {
      bound.attention.call.scratch = scratch;
      bound.attention.call.pool = pool;
      placeAttention(launch, bound, places);
      continue;
    }
    if (bound.convolve != nullptr) {
      bound.depthwise.call.scratch = scratch;
      bound.depthwise.call.pool = pool;
      placeDepthwise(launch, bound, places);
      continue;
    }
    Call& call = bound.rows == nullptr ? bound.call : bound.chain.call;
    call.scratch = scratch;
    call.pool = pool;
    if (bound.rows == nullptr) {
      const uint32_t op = launch.ops[0];
      for (size_t i = 0; i < program_->ops[op].inputs.size(); i += 1) {
        pointAt(operandIn(*program_, launch, op, i), places, (float**)&call.inputs[i].data);
      }
      pointAt({false, op}, places, &call.output);
      continue;
    }
    bound.chain.slots = bound.slots.data();
    bound.chain.instructions = bound.instructions.data();
    for (size_t i = 0; i < bound.slots.size(); i += 1) {
      if (bound.slots[i].temporary < 0) {
        pointAt(bound.slotValues[i], places, &bound.slots[i].data);
      }
    }
  }
}

void BoundPlan::run(const StatePlaces& states, int64_t step, const uint8_t* batch, bool profile,
                    const std::function<void(uint32_t)>* after) {
  for (const Patch& patch : patches_) {
    *patch.place = (patch.isNext ? states.next : states.now)[patch.state];
  }
  for (uint32_t at = 0; at < bounds_.size(); at += 1) {
    Bound& bound = bounds_[at];
    const double begin = profile ? nanosecondsNow() : 0.0;
    if (bound.attend != nullptr) {
      bound.attend(bound.attention);
    } else if (bound.convolve != nullptr) {
      bound.convolve(bound.depthwise);
    } else if (bound.rows != nullptr) {
      bound.rows(bound.chain);
    } else {
      bound.call.step = step;
      bound.call.batch = batch;
      bound.function(bound.call);
    }
    if (profile) nanoseconds_[at] = nanosecondsNow() - begin;
    if (after != nullptr) (*after)(at);
  }
}

const float* BoundPlan::dataOf(Reference reference, const std::vector<float*>& states) const {
  const Reference root = rootOf(*program_, reference);
  return root.isState ? states[root.index] : values_[root.index];
}

std::string BoundPlan::nameOf(uint32_t launch) const {
  const std::vector<uint32_t>& ops = plan_.launches[launch].ops;
  if (plan_.launches[launch].isAttention) return "causal-attention";
  if (plan_.launches[launch].isDepthwise) return "depthwise";
  if (ops.size() > NAMED_OPS) {
    return std::string(opName(program_->ops[ops.front()].kind)) + "+…+" +
           opName(program_->ops[ops.back()].kind) + " (" + std::to_string(ops.size()) + " ops)";
  }
  std::string name;
  OpKind before = OP_KINDS;
  for (const uint32_t op : ops) {
    const OpKind kind = program_->ops[op].kind;
    if (kind == before) continue;
    name += (name.empty() ? "" : "+") + std::string(opName(kind));
    before = kind;
  }
  return name;
}

}  // namespace vivian
