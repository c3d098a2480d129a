// Decides where everything lies and what a step leaves behind.
#include "session.h"

#include <stdlib.h>
#include <string.h>

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

Refusal Session::plan(const SessionOptions& options) {
  const KernelTable* kernels = kernelsOfLevel(options.level);
  if (kernels == nullptr) return {"ENGINE_UNSUPPORTED", "this level is not usable here"};
  steps_.bind(program_, fusedPlan(program_), *kernels, options.threads);
  repeats_.bind(program_, plainPlan(program_), *kernels, options.threads);
  pool_.reset(new ThreadPool(options.threads));
  batch_.assign(batchBytes(), 0);
  return allocate(options.memoryBytesMax);
}

Refusal Session::allocate(uint64_t memoryBytesMax) {
  layout_.plan(program_, steps_, repeats_, SLACK_BYTES);
  if (memoryBytes() > memoryBytesMax) {
    return {"ENGINE_LIMIT", "the program needs " + std::to_string(memoryBytes()) +
                                " bytes of memory, more than the session may have"};
  }
  if (!memory_.allocate((size_t)memoryBytes())) {
    return {"ENGINE_LIMIT", "the machine has not enough memory for the program"};
  }
  layout_.place(memory_.data(), steps_, repeats_, pool_.get());
  for (size_t i = 0; i < program_.states.size(); i += 1) {
    memset(layout_.states().now[i], 0, (size_t)bytesOf(program_.states[i]));
  }
  return {};
}

float* Session::stateToSet(uint32_t index) {
  canRepeat_ = false;
  return layout_.states().now[index];
}

const float* Session::value(uint32_t op) {
  if (!canRepeat_) return nullptr;
  shown_.resize((size_t)program_.ops[op].shape.count);
  return repeat({op}, {shown_.data()}) ? shown_.data() : nullptr;
}

const float* Session::output(uint32_t index) const {
  // What shows a state shows it as the step began: a replaced one lies at its other place now.
  const Reference root = rootOf(program_, program_.outputs[index]);
  return steps_.dataOf(root, layout_.states().next);
}

void Session::applyUpdates() {
  for (const UpdateCopy& copy : layout_.copies(steps_)) {
    memcpy(layout_.states().next[copy.state], copy.from,
           (size_t)bytesOf(program_.states[copy.state]));
  }
  layout_.swap();
}

void Session::run(int64_t step, const uint8_t* batch, bool profile) {
  const FloatState floats;
  steps_.run(layout_.states(), step, batch, profile, nullptr);
  applyUpdates();
  memcpy(batch_.data(), batch, batch_.size());
  step_ = step;
  hasRun_ = true;
  canRepeat_ = true;
}

/** Whether the repeated step's updates are the states of now. */
bool Session::endsAsNow() const {
  for (const ProgramUpdate& update : program_.updates) {
    const float* repeated = repeats_.dataOf(update.value, layout_.states().next);
    const size_t bytes = (size_t)bytesOf(program_.states[update.state]);
    if (memcmp(repeated, layout_.states().now[update.state], bytes) != 0) return false;
  }
  return true;
}

bool Session::repeat(const std::vector<uint32_t>& ops, const std::vector<float*>& into) {
  const FloatState floats;
  // After a step, the next places hold what it began with.
  const StatePlaces before = {layout_.states().next, layout_.states().next};
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
