// Decides what a plan becomes once values have places: calls with pointers, ready to run.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "kernels.h"
#include "step-plan.h"
#include "thread-pool.h"

namespace vivian {

/** Where a state tensor lies as a step begins, and where its update goes. */
struct StatePlaces {
  std::vector<float*> now;
  std::vector<float*> next;  // the same place where nothing updates it
};

/** Where each op's value lies; a state's number where the value is that state's update. */
struct ValuePlaces {
  std::vector<float*> data;     // null for what is not stored, or lies in a state
  std::vector<int32_t> states;  // −1 for none
};

class BoundPlan {
 public:
  BoundPlan() = default;
  BoundPlan(const BoundPlan&) = delete;
  BoundPlan& operator=(const BoundPlan&) = delete;

  /** Writes down the calls; pointers follow with `place`. */
  void bind(const Program& program, StepPlan plan, const KernelTable& kernels, int32_t threads);
  const StepPlan& plan() const { return plan_; }
  /** Bytes of scratch that its hungriest launch needs. */
  uint64_t scratchBytes() const { return scratchBytes_; }
  /** First and last launch that needs an op's memory, but for what the end of a step needs. */
  void lifetime(uint32_t op, uint32_t& first, uint32_t& last) const;
  void place(const ValuePlaces& places, char* scratch, ThreadPool* pool);
  /** Runs launch after launch on the states of now. */
  void run(const StatePlaces& states, int64_t step, const uint8_t* batch, bool profile,
           const std::function<void(uint32_t launch)>* after);
  /** The value of a reference while its memory holds it. */
  const float* dataOf(Reference reference, const std::vector<float*>& states) const;
  const std::vector<double>& nanoseconds() const { return nanoseconds_; }
  /** The launch's op, or the ops of a chain joined by "+". */
  std::string nameOf(uint32_t launch) const;

 private:
  struct Bound {
    OpFunction function = nullptr;
    RowFunction rows = nullptr;
    Call call = {};
    RowCall chain = {};
    AttentionFunction attend = nullptr;
    AttentionCall attention = {};
    DepthwiseFunction convolve = nullptr;
    DepthwiseCall depthwise = {};
    std::vector<RowSlot> slots;
    std::vector<Reference> slotValues;
    std::vector<RowInstruction> instructions;
  };
  /** A pointer that changes with the states. */
  struct Patch {
    float** place;
    uint32_t state;
    bool isNext;
  };

  void bindOne(const PlanLaunch& launch, Bound& bound, const KernelTable& kernels,
               int32_t threads);
  void bindAttention(const PlanLaunch& launch, Bound& bound, const KernelTable& kernels,
                     int32_t threads);
  void bindDepthwise(const PlanLaunch& launch, Bound& bound, const KernelTable& kernels,
                     int32_t threads);
  void placeDepthwise(const PlanLaunch& launch, Bound& bound, const ValuePlaces& places);
  void placeAttention(const PlanLaunch& launch, Bound& bound, const ValuePlaces& places);
  void bindChain(const PlanLaunch& launch, Bound& bound, int32_t threads);
  void pointAt(Reference reference, const ValuePlaces& places, float** place);

  const Program* program_ = nullptr;
  StepPlan plan_;
  std::vector<Bound> bounds_;
  std::vector<Patch> patches_;
  std::vector<float*> values_;
  std::vector<uint32_t> first_, last_;
  std::vector<double> nanoseconds_;
  uint64_t scratchBytes_ = 0;
};

}  // namespace vivian
