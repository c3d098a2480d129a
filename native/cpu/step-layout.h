// Decides where the values of a prepared program lie: two places for each state that steps replace,
// outputs of their own, memory that the other values share, scratch for the hungriest op. Only
// addresses are decided here, so that it serves any memory.
#pragma once
#include <vector>

#include "bound-plan.h"
#include "memory-plan.h"

namespace vivian {

/** A state's update that no op writes where the state will be. */
struct UpdateCopy {
  uint32_t state;
  const float* from;
};

class StepLayout {
 public:
  /**
   * Plans for the launches of steps and for those that repeat one op by op.
   * @param slack  bytes behind the last tensor
   */
  void plan(const Program& program, const BoundPlan& steps, const BoundPlan& repeats,
            uint64_t slack);

  /** Bytes in all. */
  uint64_t memoryBytes() const { return memoryBytes_; }
  /** Bytes that steps touch. */
  uint64_t stepBytes() const { return stepBytes_; }
  /** Gives every value its address in `memory`; states and outputs follow their scratch. */
  void place(char* memory, BoundPlan& steps, BoundPlan& repeats, ThreadPool* pool);

  const StatePlaces& states() const { return states_; }
  /** What comes after the launches of a step and before `swap`. */
  std::vector<UpdateCopy> copies(const BoundPlan& steps) const;
  /** What was the next place of a state becomes its place. */
  void swap();

 private:
  bool isOutput(uint32_t op) const;
  void findDirect();
  uint64_t placeStates();
  MemoryPlan arenaOf(const BoundPlan& bound, bool isStep, std::vector<uint32_t>& ops) const;
  void placeValues(BoundPlan& bound, const MemoryPlan& arena, const std::vector<uint32_t>& ops,
                   bool isStep, char* scratch, ThreadPool* pool);

  const Program* program_ = nullptr;
  StatePlaces states_;
  std::vector<int32_t> directStates_;   // of an op: the state whose next place it writes, or −1
  std::vector<uint64_t> outputPlaces_;  // of an op that is shown after the step
  MemoryPlan stepArena_, repeatArena_;
  std::vector<uint32_t> stepOps_, repeatOps_;
  uint64_t scratchBytes_ = 0;
  uint64_t fixedBytes_ = 0;
  uint64_t memoryBytes_ = 0;
  uint64_t stepBytes_ = 0;
  char* fixed_ = nullptr;  // states and outputs
  char* arena_ = nullptr;  // values that share
};

/** Bytes of the batch that op 0 loads. */
size_t batchBytesOf(const Program& program);
/** Whether no feature of a batch is NaN or infinite; a byte never is. */
bool isFiniteBatch(const Program& program, const uint8_t* batch);

}  // namespace vivian
