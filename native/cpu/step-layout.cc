#include "step-layout.h"

#include <string.h>

#include <utility>

namespace vivian {

namespace {

uint64_t bytesOf(const Shape& shape) { return (uint64_t)shape.count * 4; }

}  // namespace

bool StepLayout::isOutput(uint32_t op) const {
  for (const Reference& output : program_->outputs) {
    const Reference root = rootOf(*program_, output);
    if (!root.isState && root.index == op) return true;
  }
  return false;
}

/** An update that an op computes and nothing else shows is written where the state will be. */
void StepLayout::findDirect() {
  directStates_.assign(program_->ops.size(), -1);
  for (const ProgramUpdate& update : program_->updates) {
    const Reference root = rootOf(*program_, update.value);
    if (root.isState || directStates_[root.index] >= 0 || isOutput(root.index)) continue;
    directStates_[root.index] = (int32_t)update.state;
  }
}

/** The memory plan of the values that lie in neither a state nor an output. */
MemoryPlan StepLayout::arenaOf(const BoundPlan& bound, bool isStep,
                               std::vector<uint32_t>& ops) const {
  const uint32_t end = (uint32_t)bound.plan().launches.size();
  std::vector<bool> isLate(program_->ops.size(), false);
  for (const ProgramUpdate& update : program_->updates) {
    const Reference root = rootOf(*program_, update.value);
    if (!root.isState) isLate[root.index] = true;
  }
  std::vector<Lifetime> lifetimes;
  for (uint32_t op = 0; op < program_->ops.size(); op += 1) {
    if (!bound.plan().stored[op]) continue;
    if (isStep && (directStates_[op] >= 0 || isOutput(op))) continue;
    Lifetime one = {bytesOf(program_->ops[op].shape), 0, 0};
    bound.lifetime(op, one.first, one.last);
    if (isLate[op]) one.last = end;
    lifetimes.push_back(one);
    ops.push_back(op);
  }
  return planMemory(lifetimes);
}

/** Offsets of the states, as pointers from null; both places of a state that steps replace. */
uint64_t StepLayout::placeStates() {
  uint64_t bytes = 0;
  const auto take = [&](const Shape& shape) {
    const uint64_t place = bytes;
    bytes += alignedBytes(bytesOf(shape));
    return (float*)(uintptr_t)place;
  };
  for (const Shape& shape : program_->states) states_.now.push_back(take(shape));
  states_.next = states_.now;
  for (const ProgramUpdate& update : program_->updates) {
    states_.next[update.state] = take(program_->states[update.state]);
  }
  outputPlaces_.assign(program_->ops.size(), 0);
  for (uint32_t op = 0; op < program_->ops.size(); op += 1) {
    if (isOutput(op)) outputPlaces_[op] = (uint64_t)(uintptr_t)take(program_->ops[op].shape);
  }
  return bytes;
}

void StepLayout::plan(const Program& program, const BoundPlan& steps, const BoundPlan& repeats,
                      uint64_t slack) {
  program_ = &program;
  findDirect();
  stepArena_ = arenaOf(steps, true, stepOps_);
  repeatArena_ = arenaOf(repeats, false, repeatOps_);
  fixedBytes_ = placeStates();
  const uint64_t stepScratch = alignedBytes(steps.scratchBytes()) + slack;
  const uint64_t repeatScratch = alignedBytes(repeats.scratchBytes()) + slack;
  scratchBytes_ = stepScratch > repeatScratch ? stepScratch : repeatScratch;
  stepBytes_ = stepScratch + fixedBytes_ + stepArena_.bytes + slack;
  const uint64_t arenaBytes =
      stepArena_.bytes > repeatArena_.bytes ? stepArena_.bytes : repeatArena_.bytes;
  memoryBytes_ = scratchBytes_ + fixedBytes_ + arenaBytes + slack;
}

void StepLayout::place(char* memory, BoundPlan& steps, BoundPlan& repeats, ThreadPool* pool) {
  fixed_ = memory + scratchBytes_;
  arena_ = fixed_ + fixedBytes_;
  for (std::vector<float*>* places : {&states_.now, &states_.next}) {
    for (float*& place : *places) place = (float*)(fixed_ + (uintptr_t)place);
  }
  placeValues(steps, stepArena_, stepOps_, true, memory, pool);
  placeValues(repeats, repeatArena_, repeatOps_, false, memory, pool);
}

void StepLayout::placeValues(BoundPlan& bound, const MemoryPlan& arena,
                             const std::vector<uint32_t>& ops, bool isStep, char* scratch,
                             ThreadPool* pool) {
  ValuePlaces places;
  places.data.assign(program_->ops.size(), nullptr);
  places.states.assign(program_->ops.size(), -1);
  for (size_t i = 0; i < ops.size(); i += 1) {
    places.data[ops[i]] = (float*)(arena_ + arena.places[i]);
  }
  if (isStep) {
    places.states = directStates_;
    for (uint32_t op = 0; op < program_->ops.size(); op += 1) {
      if (isOutput(op)) places.data[op] = (float*)(fixed_ + outputPlaces_[op]);
    }
  }
  bound.place(places, scratch, pool);
}

std::vector<UpdateCopy> StepLayout::copies(const BoundPlan& steps) const {
  std::vector<UpdateCopy> all;
  for (const ProgramUpdate& update : program_->updates) {
    const Reference root = rootOf(*program_, update.value);
    if (!root.isState && directStates_[root.index] == (int32_t)update.state) continue;
    // Another state's update may lie in that state's next place.
    const float* from = root.isState || directStates_[root.index] < 0
                            ? steps.dataOf(root, states_.now)
                            : states_.next[directStates_[root.index]];
    all.push_back({update.state, from});
  }
  return all;
}

void StepLayout::swap() {
  for (const ProgramUpdate& update : program_->updates) {
    std::swap(states_.now[update.state], states_.next[update.state]);
  }
}

size_t batchBytesOf(const Program& program) {
  const ProgramOp& load = program.ops[0];
  const int64_t features = load.shape.dims[1] - 1;
  const int64_t featureBytes = load.attributes[0] == 1 ? 4 : load.attributes[0] == 3 ? 2 : 1;
  const int64_t labelBytes = load.attributes[0] == 3 ? 2 : 1;
  return (size_t)(load.shape.dims[0] * (features * featureBytes + labelBytes));
}

bool isFiniteBatch(const Program& program, const uint8_t* batch) {
  const ProgramOp& load = program.ops[0];
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

}  // namespace vivian
