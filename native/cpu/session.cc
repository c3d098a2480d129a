// Decides where everything lies and what a step leaves behind.
#include "session.h"

#include <stdlib.h>
#include <string.h>

#include <utility>

#include "float-state.h"
#include "simd-levels.h"

namespace vivian {

namespace {

/** Bytes behind the last tensor, so that a vector load at its end stays inside. */
constexpr uint64_t SLACK_BYTES = 256;

uint64_t bytesOf(const Shape& shape) { return (uint64_t)shape.count * 4; }

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
  data_ = (char*)_aligned_malloc(bytes, MEMORY_ALIGNMENT);
#else
  void* data = nullptr;
  data_ = posix_memalign(&data, MEMORY_ALIGNMENT, bytes) == 0 ? (char*)data : nullptr;
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

bool Session::isOutput(uint32_t op) const {
  for (const Reference& output : program_.outputs) {
    const Reference root = rootOf(program_, output);
    if (!root.isState && root.index == op) return true;
  }
  return false;
}

/** An update that an op computes and nothing else shows is written where the state will be. */
void Session::findDirect() {
  directStates_.assign(program_.ops.size(), -1);
  for (const ProgramUpdate& update : program_.updates) {
    const Reference root = rootOf(program_, update.value);
    if (root.isState || directStates_[root.index] >= 0 || isOutput(root.index)) continue;
    directStates_[root.index] = (int32_t)update.state;
  }
}

/** The memory plan of the values that lie in neither a state nor an output. */
MemoryPlan Session::arenaOf(const BoundPlan& bound, bool isStep, std::vector<uint32_t>& ops) const {
  const uint32_t end = (uint32_t)bound.plan().launches.size();
  std::vector<bool> isLate(program_.ops.size(), false);
  for (const ProgramUpdate& update : program_.updates) {
    const Reference root = rootOf(program_, update.value);
    if (!root.isState) isLate[root.index] = true;
  }
  std::vector<Lifetime> lifetimes;
  for (uint32_t op = 0; op < program_.ops.size(); op += 1) {
    if (!bound.plan().stored[op]) continue;
    if (isStep && (directStates_[op] >= 0 || isOutput(op))) continue;
    Lifetime one = {bytesOf(program_.ops[op].shape), 0, 0};
    bound.lifetime(op, one.first, one.last);
    if (isLate[op]) one.last = end;
    lifetimes.push_back(one);
    ops.push_back(op);
  }
  return planMemory(lifetimes);
}

Refusal Session::plan(const SessionOptions& options) {
  const KernelTable* kernels = kernelsOfLevel(options.level);
  if (kernels == nullptr) return {"ENGINE_UNSUPPORTED", "this level is not usable here"};
  findDirect();
  steps_.bind(program_, fusedPlan(program_), *kernels, options.threads);
  repeats_.bind(program_, plainPlan(program_), *kernels, options.threads);
  pool_.reset(new ThreadPool(options.threads));
  batch_.assign(batchBytes(), 0);
  return allocate(options.memoryBytesMax);
}

/** Offsets of the states, as pointers from null; both places of a state that steps replace. */
uint64_t Session::placeStates() {
  uint64_t bytes = 0;
  const auto take = [&](const Shape& shape) {
    const uint64_t place = bytes;
    bytes += alignedBytes(bytesOf(shape));
    return (float*)(uintptr_t)place;
  };
  for (const Shape& shape : program_.states) states_.now.push_back(take(shape));
  states_.next = states_.now;
  for (const ProgramUpdate& update : program_.updates) {
    states_.next[update.state] = take(program_.states[update.state]);
  }
  outputPlaces_.assign(program_.ops.size(), 0);
  for (uint32_t op = 0; op < program_.ops.size(); op += 1) {
    if (isOutput(op)) outputPlaces_[op] = (uint64_t)(uintptr_t)take(program_.ops[op].shape);
  }
  return bytes;
}

Refusal Session::allocate(uint64_t memoryBytesMax) {
  std::vector<uint32_t> stepOps;
  std::vector<uint32_t> repeatOps;
  const MemoryPlan stepArena = arenaOf(steps_, true, stepOps);
  const MemoryPlan repeatArena = arenaOf(repeats_, false, repeatOps);
  const uint64_t fixedBytes = placeStates();
  const uint64_t stepScratch = alignedBytes(steps_.scratchBytes()) + SLACK_BYTES;
  const uint64_t repeatScratch = alignedBytes(repeats_.scratchBytes()) + SLACK_BYTES;
  const uint64_t scratchBytes = stepScratch > repeatScratch ? stepScratch : repeatScratch;
  stepBytes_ = stepScratch + fixedBytes + stepArena.bytes + SLACK_BYTES;
  const uint64_t arenaBytes =
      stepArena.bytes > repeatArena.bytes ? stepArena.bytes : repeatArena.bytes;
  memoryBytes_ = scratchBytes + fixedBytes + arenaBytes + SLACK_BYTES;
  if (memoryBytes_ > memoryBytesMax) {
    return {"ENGINE_LIMIT", "the program needs " + std::to_string(memoryBytes_) +
                                " bytes of memory, more than the session may have"};
  }
  if (!memory_.allocate((size_t)memoryBytes_)) {
    return {"ENGINE_LIMIT", "the machine has not enough memory for the program"};
  }
  fixed_ = memory_.data() + scratchBytes;
  arena_ = fixed_ + fixedBytes;
  for (std::vector<float*>* places : {&states_.now, &states_.next}) {
    for (float*& place : *places) place = (float*)(fixed_ + (uintptr_t)place);
  }
  for (size_t i = 0; i < program_.states.size(); i += 1) {
    memset(states_.now[i], 0, (size_t)bytesOf(program_.states[i]));
  }
  placeValues(steps_, stepArena, stepOps, true, memory_.data());
  placeValues(repeats_, repeatArena, repeatOps, false, memory_.data());
  return {};
}

void Session::placeValues(BoundPlan& bound, const MemoryPlan& arena,
                          const std::vector<uint32_t>& ops, bool isStep, char* scratch) {
  ValuePlaces places;
  places.data.assign(program_.ops.size(), nullptr);
  places.states.assign(program_.ops.size(), -1);
  for (size_t i = 0; i < ops.size(); i += 1) {
    places.data[ops[i]] = (float*)(arena_ + arena.places[i]);
  }
  if (isStep) {
    places.states = directStates_;
    for (uint32_t op = 0; op < program_.ops.size(); op += 1) {
      if (isOutput(op)) places.data[op] = (float*)(fixed_ + outputPlaces_[op]);
    }
  }
  bound.place(places, scratch, pool_.get());
}

float* Session::stateToSet(uint32_t index) {
  canRepeat_ = false;
  return states_.now[index];
}

const float* Session::value(uint32_t op) {
  if (!canRepeat_) return nullptr;
  shown_.resize((size_t)program_.ops[op].shape.count);
  return repeat({op}, {shown_.data()}) ? shown_.data() : nullptr;
}

const float* Session::output(uint32_t index) const {
  // What shows a state shows it as the step began: a replaced one lies at its other place now.
  const Reference root = rootOf(program_, program_.outputs[index]);
  return steps_.dataOf(root, states_.next);
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
  for (const ProgramUpdate& update : program_.updates) {
    const Reference root = rootOf(program_, update.value);
    if (!root.isState && directStates_[root.index] == (int32_t)update.state) continue;
    // Another state's update may lie in that state's next place.
    const float* from = root.isState || directStates_[root.index] < 0
                            ? steps_.dataOf(root, states_.now)
                            : states_.next[directStates_[root.index]];
    memcpy(states_.next[update.state], from, (size_t)bytesOf(program_.states[update.state]));
  }
  for (const ProgramUpdate& update : program_.updates) {
    std::swap(states_.now[update.state], states_.next[update.state]);
  }
}

void Session::run(int64_t step, const uint8_t* batch, bool profile) {
  const FloatState floats;
  steps_.run(states_, step, batch, profile, nullptr);
  applyUpdates();
  memcpy(batch_.data(), batch, batch_.size());
  step_ = step;
  hasRun_ = true;
  canRepeat_ = true;
}

/** Whether the repeated step's updates are the states of now. */
bool Session::endsAsNow() const {
  for (const ProgramUpdate& update : program_.updates) {
    const float* repeated = repeats_.dataOf(update.value, states_.next);
    const size_t bytes = (size_t)bytesOf(program_.states[update.state]);
    if (memcmp(repeated, states_.now[update.state], bytes) != 0) return false;
  }
  return true;
}

bool Session::repeat(const std::vector<uint32_t>& ops, const std::vector<float*>& into) {
  const FloatState floats;
  // After a step, the next places hold what it began with.
  const StatePlaces before = {states_.next, states_.next};
  std::vector<std::vector<size_t>> wanted(program_.ops.size());
  for (size_t i = 0; i < ops.size(); i += 1) {
    const Reference root = rootOf(program_, {false, ops[i]});
    const size_t bytes = (size_t)bytesOf(program_.ops[ops[i]].shape);
    if (root.isState) {
      memcpy(into[i], before.now[root.index], bytes);
    } else {
      wanted[root.index].push_back(i);
    }
  }
  const std::function<void(uint32_t)> after = [&](uint32_t launch) {
    const uint32_t op = repeats_.plan().launches[launch].ops[0];
    for (const size_t i : wanted[op]) {
      memcpy(into[i], repeats_.dataOf({false, op}, before.now),
             (size_t)bytesOf(program_.ops[op].shape));
    }
  };
  repeats_.run(before, step_, batch_.data(), false, &after);
  return endsAsNow();
}

}  // namespace vivian
