// Decides what a session is to JavaScript, whatever computes: the processor or a graphics device.
#pragma once
#include <memory>
#include <vector>

#include "../cpu/bound-plan.h"
#include "../cpu/step-layout.h"

namespace vivian {

class StepSession {
 public:
  virtual ~StepSession() = default;
  virtual const Program& program() const = 0;
  /** Values are canonical, of the state's size. */
  virtual void upload(uint32_t state, const float* values) = 0;
  virtual void run(int64_t step, const uint8_t* batch, bool profile) = 0;
  virtual void download(uint32_t state, float* into) = 0;
  virtual void output(uint32_t index, float* into) = 0;
  /** Whether an output of a step can still be had while the next one is at work. */
  virtual bool keepsOutput(uint32_t index) const = 0;
  /** Such an output of the step before the last; only after two steps. */
  virtual void outputBefore(uint32_t index, float* into) const = 0;
  virtual bool hasRunTwice() const = 0;
  /** The values of `ops` in the last step; false where it ends otherwise when it is repeated. */
  virtual bool repeat(const std::vector<uint32_t>& ops, const std::vector<float*>& into) = 0;
  virtual bool hasRun() const = 0;
  virtual bool canRepeat() const = 0;
  virtual uint64_t memoryBytes() const = 0;
  virtual uint64_t stepBytes() const = 0;
  /** Launches of a step, and how long each took in the last one that was profiled. */
  virtual const BoundPlan& launches() const = 0;
  virtual const std::vector<double>& nanoseconds() const = 0;
};

}  // namespace vivian
