// Decides what a prepared program holds: one buffer a value, scratch for the hungriest op, threads.
// Nothing is allocated after it is made.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "call.h"
#include "kernels.h"
#include "program.h"
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
  /** Reads the program and allocates everything; `refusal` says why it gives null. */
  static std::unique_ptr<Session> open(const uint8_t* bytes, size_t length,
                                       const SessionOptions& options, Refusal& refusal);

  const Program& program() const { return program_; }
  float* state(uint32_t index) const { return states_[index]; }
  const float* value(uint32_t op) const { return values_[op]; }
  /** Bytes of the batch that op 0 loads. */
  size_t batchBytes() const;
  /** Whether no feature of the batch is NaN or infinite; a byte never is. */
  bool isFinite(const uint8_t* batch) const;
  bool hasRun() const { return hasRun_; }
  uint64_t memoryBytes() const { return memoryBytes_; }
  /** Nanoseconds of each op in the last run with profiling on. */
  const std::vector<double>& nanoseconds() const { return nanoseconds_; }

  /** One step: every op in order, then all updates at once. `batch` is finite, of batchBytes(). */
  void run(int64_t step, const uint8_t* batch, bool profile);

 private:
  Refusal plan(const SessionOptions& options);
  Refusal allocate(uint64_t memoryBytesMax);
  Operand operandOf(Reference reference) const;
  const float* dataOf(Reference reference) const;
  void applyUpdates();

  Program program_;
  std::vector<Call> calls_;
  std::vector<OpFunction> functions_;
  std::vector<float*> states_;
  std::vector<float*> values_;
  std::vector<float*> updated_;  // copies of states that other states take over
  std::vector<double> nanoseconds_;
  Memory memory_;
  std::unique_ptr<ThreadPool> pool_;
  uint64_t memoryBytes_ = 0;
  bool hasRun_ = false;
};

}  // namespace vivian
