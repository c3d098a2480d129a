// Decides what a prepared program holds on a graphics device: all memory at once, a step as one
// graph of launches for each of the two ways that states lie, batches that go in while the device
// is still at work. Steps allocate nothing.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "../cpu/step-layout.h"
#include "device.h"
#include "launch.h"

namespace vivian {
namespace cuda {

class CudaSession {
 public:
  /** Reads the program and takes all memory it will need; `refusal` says why it gives null. */
  static std::unique_ptr<CudaSession> open(std::shared_ptr<Device> device, const uint8_t* bytes,
                                           size_t length, uint64_t memoryBytesMax,
                                           Refusal& refusal);
  ~CudaSession();
  CudaSession(const CudaSession&) = delete;
  CudaSession& operator=(const CudaSession&) = delete;

  const Program& program() const { return program_; }
  void upload(uint32_t state, const float* values);
  void download(uint32_t state, float* into);
  void output(uint32_t index, float* into);
  /** Whether each step brings an output to the host: small ones alone. */
  bool keepsOutput(uint32_t index) const;
  /** Such an output of the step before the last; that step is over, so nobody waits. */
  void outputBefore(uint32_t index, float* into) const;
  /** Puts one step into the stream and waits for the one before it. */
  void run(int64_t step, const uint8_t* batch);
  /** Like Session::repeat: the last step op by op; false where it does not end as it did. */
  bool repeat(const std::vector<uint32_t>& ops, const std::vector<float*>& into);
  /** One step launch by launch, each timed; it waits for the end. */
  void profile(int64_t step, const uint8_t* batch);

  bool hasRun() const { return hasRun_; }
  bool hasRunTwice() const { return slots_[nextSlot_].isUsed; }
  bool canRepeat() const { return canRepeat_; }
  uint64_t memoryBytes() const { return layout_.memoryBytes() + batchBytes_; }
  uint64_t stepBytes() const { return layout_.stepBytes() + batchBytes_; }
  const BoundPlan& steps() const { return steps_; }
  const std::vector<double>& nanoseconds() const { return nanoseconds_; }

 private:
  CudaSession() = default;
  /** A batch on its way in, and behind it the small outputs of its step. */
  struct Slot {
    char* memory = nullptr;
    Event done = nullptr;  // with the step that read it
    bool isUsed = false;
  };

  Refusal prepare(uint64_t memoryBytesMax);
  void placeAttributes();
  void planKept();
  void bringOutputs();
  void sendBatch(int64_t step, const uint8_t* batch);
  void waitForLast();
  void launchStep(const std::function<void(uint32_t)>* after);
  void captureStep(GraphRun& run);
  void endStep();
  bool endsAsNow();
  void copyOut(const float* from, float* into, size_t count);
  void releaseAll();

  std::shared_ptr<Device> device_;
  Program program_;
  BoundPlan steps_;
  BoundPlan repeats_;
  StepLayout layout_;
  AttributePlaces attributes_;
  DevicePlace memory_ = 0;
  DevicePlace batch_ = 0;  // the step's number, then the batch
  DevicePlace attributeMemory_ = 0;
  uint64_t batchBytes_ = 0;
  /** Where the outputs that are kept lie in a slot, by output; 0 for those that are not. */
  std::vector<uint64_t> kept_;
  uint64_t slotBytes_ = 0;
  std::vector<Slot> slots_;
  /** Two pieces of states beside each other, where a step was repeated. */
  char* compared_ = nullptr;
  size_t nextSlot_ = 0;
  GraphRun graphs_[2] = {nullptr, nullptr};
  int turn_ = 0;  // which of the two ways the states lie
  std::vector<double> nanoseconds_;
  bool hasRun_ = false;
  bool canRepeat_ = false;
};

}  // namespace cuda
}  // namespace vivian
