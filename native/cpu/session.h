// Decides what a prepared program holds: two places for each state that steps replace, memory that
// the other values share, scratch for the hungriest op, threads. Steps allocate nothing.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "program.h"
#include "step-layout.h"
#include "thread-pool.h"

namespace vivian {

struct SessionOptions {
  std::string level;
  int32_t threads = 1;
  uint64_t memoryBytesMax = 0;
};

/** Cache-aligned memory, contents undefined. */
class Memory {
 public:
  Memory() = default;
  ~Memory();
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  /** False when the machine has not got it. */
  bool allocate(size_t bytes);
  char* data() const { return data_; }

 private:
  char* data_ = nullptr;
};

class Session {
 public:
  /** Reads the program and takes all memory it will need; `refusal` says why it gives null. */
  static std::unique_ptr<Session> open(const uint8_t* bytes, size_t length,
                                       const SessionOptions& options, Refusal& refusal);

  const Program& program() const { return program_; }
  /** A state tensor as it is now. */
  float* state(uint32_t index) const { return layout_.states().now[index]; }
  /** Where a state is replaced; the last step can then not be repeated. */
  float* stateToSet(uint32_t index);
  /** An output of the last run. */
  const float* output(uint32_t index) const;
  /**
   * Repeats the last run op by op from the states it began with, and copies the values of `ops`.
   * False when the repeated step does not end in the states of now: this machine is not steady.
   */
  bool repeat(const std::vector<uint32_t>& ops, const std::vector<float*>& into);
  /** One op's value by repeating; null where `repeat` fails or no step can be repeated. */
  const float* value(uint32_t op);
  /** Bytes of the batch that op 0 loads. */
  size_t batchBytes() const { return batchBytesOf(program_); }
  /** Whether no feature of the batch is NaN or infinite; a byte never is. */
  bool isFinite(const uint8_t* batch) const { return isFiniteBatch(program_, batch); }
  bool hasRun() const { return hasRun_; }
  bool canRepeat() const { return canRepeat_; }
  /** Bytes held; what only `repeat` uses is not touched before it is asked for. */
  uint64_t memoryBytes() const { return layout_.memoryBytes(); }
  /** Bytes that steps touch, as planned. */
  uint64_t stepBytes() const { return layout_.stepBytes(); }
  /** What ran in the last run with profiling on, and the nanoseconds of each. */
  const BoundPlan& steps() const { return steps_; }

  /** One step: every op in order, then all updates at once. `batch` is finite, of batchBytes(). */
  void run(int64_t step, const uint8_t* batch, bool profile);

 private:
  Refusal plan(const SessionOptions& options);
  Refusal allocate(uint64_t memoryBytesMax);
  void applyUpdates();
  bool endsAsNow() const;

  Program program_;
  BoundPlan steps_;
  BoundPlan repeats_;
  StepLayout layout_;
  Memory memory_;
  std::unique_ptr<ThreadPool> pool_;
  std::vector<uint8_t> batch_;
  std::vector<float> shown_;  // what `value` gave last
  int64_t step_ = 0;
  bool hasRun_ = false;
  bool canRepeat_ = false;
};

}  // namespace vivian
