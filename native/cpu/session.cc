// Decides the memory plan and the order of a step.
#include "session.h"

#include <stdlib.h>
#include <string.h>

#include <chrono>

#include "float-state.h"
#include "simd-levels.h"

namespace vivian {

namespace {

constexpr uint64_t ALIGNMENT = 64;
/** Bytes behind the last tensor, so that a vector load at its end stays inside. */
constexpr uint64_t SLACK_BYTES = 256;

uint64_t aligned(uint64_t bytes) { return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT; }

/** Whether the op's value is its operand's memory: a reshape of an op's value. */
bool sharesMemory(const ProgramOp& op) {
  // A state's memory is overwritten by its update, so a reshape of a state needs a copy.
  return op.kind == RESHAPE && !op.inputs[0].isState;
}

}  // namespace

Memory::~Memory() {
#if defined(_WIN32)
  _aligned_free(data_);
#else
  free(data_);
#endif
}

bool Memory::allocate(size_t bytes) {
#if defined(_WIN32)
  data_ = (char*)_aligned_malloc(bytes, ALIGNMENT);
#else
  void* data = nullptr;
  data_ = posix_memalign(&data, ALIGNMENT, bytes) == 0 ? (char*)data : nullptr;
#endif
  return data_ != nullptr;
}

std::unique_ptr<Session> Session::open(const uint8_t* bytes, size_t length,
                                       const SessionOptions& options, Refusal& refusal) {
  std::unique_ptr<Session> session(new Session());
  refusal = readProgram(bytes, length, session->program_);
  if (refusal) return nullptr;
  refusal = session->plan(options);
  if (refusal) return nullptr;
  return session;
}

const float* Session::dataOf(Reference reference) const {
  return reference.isState ? states_[reference.index] : values_[reference.index];
}

Operand Session::operandOf(Reference reference) const {
  const Shape& shape = program_.shapeOf(reference);
  Operand operand = {nullptr, shape.rank, {}, shape.count};
  memcpy(operand.dims, shape.dims, sizeof shape.dims);
  return operand;
}

Refusal Session::plan(const SessionOptions& options) {
  const KernelTable* kernels = kernelsOfLevel(options.level);
  if (kernels == nullptr) return {"ENGINE_UNSUPPORTED", "this level is not usable here"};
  for (const ProgramOp& op : program_.ops) {
    Call call = {};
    for (size_t i = 0; i < op.inputs.size(); i += 1) call.inputs[i] = operandOf(op.inputs[i]);
    call.rank = op.shape.rank;
    memcpy(call.dims, op.shape.dims, sizeof op.shape.dims);
    call.count = op.shape.count;
    call.attributes = op.attributes.data();
    call.attributeCount = (uint32_t)op.attributes.size();
    call.threads = options.threads;
    calls_.push_back(call);
    functions_.push_back(kernels->run[op.kind]);
  }
  uint64_t scratchBytes = 0;
  for (size_t i = 0; i < calls_.size(); i += 1) {
    const uint64_t needed = kernels->scratch[program_.ops[i].kind](calls_[i]);
    if (needed > scratchBytes) scratchBytes = needed;
  }
  memoryBytes_ = aligned(scratchBytes) + SLACK_BYTES;
  const Refusal refused = allocate(options.memoryBytesMax);
  if (refused) return refused;
  nanoseconds_.assign(calls_.size(), 0.0);
  pool_.reset(new ThreadPool(options.threads));
  for (size_t i = 0; i < calls_.size(); i += 1) {
    const ProgramOp& op = program_.ops[i];
    for (size_t k = 0; k < op.inputs.size(); k += 1) {
      calls_[i].inputs[k].data = dataOf(op.inputs[k]);
    }
    calls_[i].output = values_[i];
    calls_[i].pool = pool_.get();
  }
  return {};
}

Refusal Session::allocate(uint64_t memoryBytesMax) {
  const uint64_t scratchBytes = memoryBytes_;
  std::vector<uint64_t> places;
  const auto place = [&](const Shape& shape) {
    places.push_back(memoryBytes_);
    memoryBytes_ += aligned((uint64_t)shape.count * 4);
  };
  for (const Shape& shape : program_.states) place(shape);
  for (const ProgramOp& op : program_.ops) {
    if (!sharesMemory(op)) place(op.shape);
  }
  for (const ProgramUpdate& update : program_.updates) {
    if (update.value.isState) place(program_.states[update.state]);
  }
  memoryBytes_ += SLACK_BYTES;
  if (scratchBytes > memoryBytesMax || memoryBytes_ > memoryBytesMax) {
    return {"ENGINE_LIMIT", "the program needs " + std::to_string(memoryBytes_) +
                                " bytes of memory, more than the session may have"};
  }
  if (!memory_.allocate((size_t)memoryBytes_)) {
    return {"ENGINE_LIMIT", "the machine has not enough memory for the program"};
  }
  size_t next = 0;
  const auto take = [&] {
    next += 1;
    return (float*)(memory_.data() + places[next - 1]);
  };
  for (size_t i = 0; i < program_.states.size(); i += 1) {
    states_.push_back(take());
    memset(states_[i], 0, (size_t)program_.states[i].count * 4);
  }
  for (const ProgramOp& op : program_.ops) {
    values_.push_back(sharesMemory(op) ? values_[op.inputs[0].index] : take());
  }
  for (const ProgramUpdate& update : program_.updates) {
    updated_.push_back(update.value.isState ? take() : nullptr);
  }
  for (Call& call : calls_) call.scratch = memory_.data();
  return {};
}

size_t Session::batchBytes() const {
  const ProgramOp& load = program_.ops[0];
  const int64_t features = load.shape.dims[1] - 1;
  const int64_t featureBytes = load.attributes[0] == 1 ? 4 : load.attributes[0] == 3 ? 2 : 1;
  const int64_t labelBytes = load.attributes[0] == 3 ? 2 : 1;
  return (size_t)(load.shape.dims[0] * (features * featureBytes + labelBytes));
}

bool Session::isFinite(const uint8_t* batch) const {
  const ProgramOp& load = program_.ops[0];
  if (load.attributes[0] != 1) return true;
  const int64_t features = load.shape.dims[1] - 1;
  for (int64_t sample = 0; sample < load.shape.dims[0]; sample += 1) {
    const uint8_t* bytes = batch + sample * (4 * features + 1);
    for (int64_t i = 0; i < features; i += 1) {
      uint32_t bits;
      memcpy(&bits, bytes + 4 * i, 4);
      if ((bits & 0x7f800000u) == 0x7f800000u) return false;
    }
  }
  return true;
}

void Session::applyUpdates() {
  // All at once: a state that moves into another is copied before any state changes.
  const std::vector<ProgramUpdate>& updates = program_.updates;
  for (size_t i = 0; i < updates.size(); i += 1) {
    if (!updates[i].value.isState) continue;
    const size_t bytes = (size_t)program_.states[updates[i].state].count * 4;
    memcpy(updated_[i], dataOf(updates[i].value), bytes);
  }
  for (size_t i = 0; i < updates.size(); i += 1) {
    const float* from = updates[i].value.isState ? updated_[i] : dataOf(updates[i].value);
    const size_t bytes = (size_t)program_.states[updates[i].state].count * 4;
    memcpy(states_[updates[i].state], from, bytes);
  }
}

void Session::run(int64_t step, const uint8_t* batch, bool profile) {
  const FloatState floats;
  for (size_t i = 0; i < calls_.size(); i += 1) {
    Call& call = calls_[i];
    call.step = step;
    call.batch = batch;
    if (!profile) {
      functions_[i](call);
      continue;
    }
    const auto begin = std::chrono::steady_clock::now();
    functions_[i](call);
    const auto end = std::chrono::steady_clock::now();
    nanoseconds_[i] = (double)std::chrono::duration_cast<std::chrono::nanoseconds>(end - begin)
                          .count();
  }
  applyUpdates();
  hasRun_ = true;
}

}  // namespace vivian
