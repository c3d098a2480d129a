#include "cuda-session.h"

#include <string.h>

namespace vivian {
namespace cuda {

namespace {

/** Bytes behind the last tensor. */
constexpr uint64_t SLACK_BYTES = 256;
/** One batch at work, one on its way: the device never waits for the next. */
constexpr size_t SLOTS = 2;
/** Bytes of outputs that come to the host with each step; larger ones when they are asked for. */
constexpr uint64_t KEPT_BYTES_MAX = 65536;
/** Bytes of a state that are compared at a time, in memory that the device writes at full speed. */
constexpr size_t COMPARED_BYTES = 4194304;
/** Relaxed: other threads of the process may use the driver meanwhile. */
constexpr int CAPTURE_MODE = 2;
/** No time is taken; who waits sleeps. */
constexpr unsigned EVENT_FLAGS = 3;
/** Blocks whose temporaries may lie in scratch at a time. */
constexpr int32_t CHAIN_BLOCKS = 132;

size_t bytesOf(const Shape& shape) { return (size_t)shape.count * 4; }

}  // namespace

std::unique_ptr<CudaSession> CudaSession::open(std::shared_ptr<Device> device,
                                               const uint8_t* bytes, size_t length,
                                               uint64_t memoryBytesMax, Refusal& refusal) {
  std::unique_ptr<CudaSession> session(new CudaSession());
  session->device_ = device;
  refusal = readProgram(bytes, length, session->program_);
  if (refusal) return nullptr;
  device->use();
  refusal = session->prepare(memoryBytesMax);
  if (refusal) return nullptr;
  return session;
}

CudaSession::~CudaSession() {
  try {
    device_->use();
    releaseAll();
  } catch (const Failure&) {
    // The memory went with the device.
  }
}

void CudaSession::releaseAll() {
  const Driver& driver = device_->driver();
  driver.waitForStream(device_->stream());
  for (const GraphRun graph : graphs_) {
    if (graph != nullptr) driver.destroyRun(graph);
  }
  for (const Slot& slot : slots_) {
    if (slot.done != nullptr) driver.destroyEvent(slot.done);
    if (slot.memory != nullptr) driver.releaseHost(slot.memory);
  }
  if (compared_ != nullptr) driver.releaseHost(compared_);
  for (const DevicePlace place : {memory_, batch_, attributeMemory_}) {
    if (place != 0) driver.release(place);
  }
}

Refusal CudaSession::prepare(uint64_t memoryBytesMax) {
  const KernelTable& kernels = launchTable();
  steps_.bind(program_, fusedPlan(program_, false), kernels, CHAIN_BLOCKS);
  repeats_.bind(program_, plainPlan(program_), kernels, CHAIN_BLOCKS);
  layout_.plan(program_, steps_, repeats_, SLACK_BYTES);
  batchBytes_ = alignedBytes(STEP_BYTES + batchBytesOf(program_));
  if (memoryBytes() > memoryBytesMax) {
    return {"ENGINE_LIMIT", "the program needs " + std::to_string(memoryBytes()) +
                                " bytes of memory, more than the session may have"};
  }
  memory_ = device_->allocate((size_t)layout_.memoryBytes());
  batch_ = device_->allocate((size_t)batchBytes_);
  layout_.place((char*)memory_, steps_, repeats_, nullptr);
  device_->fillWords((const void*)memory_, 0, (int64_t)(layout_.memoryBytes() / 4));
  placeAttributes();
  planKept();
  const Driver& driver = device_->driver();
  slots_.resize(SLOTS);
  for (Slot& slot : slots_) {
    device_->check(driver.allocateHost((void**)&slot.memory, (size_t)slotBytes_, 0),
                   "cuMemHostAlloc");
    device_->check(driver.createEvent(&slot.done, EVENT_FLAGS), "cuEventCreate");
  }
  device_->wait();
  return {};
}

/** What schedules read lies on the device from the beginning. */
void CudaSession::placeAttributes() {
  std::vector<int32_t> all;
  std::vector<std::pair<const int32_t*, size_t>> places;
  for (const ProgramOp& op : program_.ops) {
    if (op.kind != SCHEDULE) continue;
    places.push_back({op.attributes.data(), all.size()});
    all.insert(all.end(), op.attributes.begin(), op.attributes.end());
  }
  if (all.empty()) return;
  attributeMemory_ = device_->allocate(all.size() * 4);
  device_->check(device_->driver().copyIn(attributeMemory_, all.data(), all.size() * 4,
                                          device_->stream()),
                 "cuMemcpyHtoDAsync");
  device_->wait();
  for (const auto& [from, at] : places) {
    attributes_[from] = (const int32_t*)attributeMemory_ + at;
  }
}

void CudaSession::planKept() {
  slotBytes_ = batchBytes_;
  for (const Reference& output : program_.outputs) {
    const uint64_t bytes = bytesOf(program_.shapeOf(output));
    const bool isKept = slotBytes_ - batchBytes_ + bytes <= KEPT_BYTES_MAX;
    kept_.push_back(isKept ? slotBytes_ : 0);
    if (isKept) slotBytes_ += bytes;
  }
}

/** Has the step just launched leave its small outputs in its slot. */
void CudaSession::bringOutputs() {
  for (size_t index = 0; index < kept_.size(); index += 1) {
    if (kept_[index] == 0) continue;
    // The places have not changed yet: what shows a state shows it as the step began.
    const float* from = steps_.dataOf(program_.outputs[index], layout_.states().now);
    device_->check(device_->driver().copyOut(slots_[nextSlot_].memory + kept_[index],
                                             (DevicePlace)from,
                                             bytesOf(program_.shapeOf(program_.outputs[index])),
                                             device_->stream()),
                   "cuMemcpyDtoHAsync");
  }
}

bool CudaSession::keepsOutput(uint32_t index) const { return kept_[index] != 0; }

void CudaSession::outputBefore(uint32_t index, float* into) const {
  // Where the next step's batch will go is where the step before the last left its outputs.
  memcpy(into, slots_[nextSlot_].memory + kept_[index],
         bytesOf(program_.shapeOf(program_.outputs[index])));
}

void CudaSession::upload(uint32_t state, const float* values) {
  device_->use();
  canRepeat_ = false;
  device_->check(device_->driver().copyIn((DevicePlace)layout_.states().now[state], values,
                                          bytesOf(program_.states[state]), device_->stream()),
                 "cuMemcpyHtoDAsync");
  device_->wait();
}

void CudaSession::copyOut(const float* from, float* into, size_t bytes) {
  device_->check(device_->driver().copyOut(into, (DevicePlace)from, bytes, device_->stream()),
                 "cuMemcpyDtoHAsync");
  device_->wait();
}

void CudaSession::download(uint32_t state, float* into) {
  device_->use();
  copyOut(layout_.states().now[state], into, bytesOf(program_.states[state]));
}

void CudaSession::output(uint32_t index, float* into) {
  device_->use();
  // What shows a state shows it as the step began: a replaced one lies at its other place now.
  const Reference root = rootOf(program_, program_.outputs[index]);
  copyOut(steps_.dataOf(root, layout_.states().next), into,
          bytesOf(program_.shapeOf(program_.outputs[index])));
}

void CudaSession::sendBatch(int64_t step, const uint8_t* batch) {
  // The batch of the last step goes: where this one fails, there is none to repeat.
  canRepeat_ = false;
  // The step before the last has ended (waitForLast), so nobody reads this slot any more.
  const Slot& slot = slots_[nextSlot_];
  memcpy(slot.memory, &step, sizeof step);
  const size_t bytes = batchBytesOf(program_);
  memcpy(slot.memory + STEP_BYTES, batch, bytes);
  device_->check(device_->driver().copyIn(batch_, slot.memory, STEP_BYTES + bytes,
                                          device_->stream()),
                 "cuMemcpyHtoDAsync");
}

/** Marks the end of the step just launched and waits for the one before it. */
void CudaSession::waitForLast() {
  const Driver& driver = device_->driver();
  Slot& slot = slots_[nextSlot_];
  device_->check(driver.recordEvent(slot.done, device_->stream()), "cuEventRecord");
  slot.isUsed = true;
  nextSlot_ = (nextSlot_ + 1) % slots_.size();
  const Slot& before = slots_[nextSlot_];
  if (before.isUsed) device_->check(driver.waitForEvent(before.done), "cuEventSynchronize");
}

/** All of a step but the change of places; `after` is told of each launch. */
void CudaSession::launchStep(const std::function<void(uint32_t)>* after) {
  const LaunchScope scope(*device_, attributes_);
  steps_.run(layout_.states(), 0, (const uint8_t*)batch_ + STEP_BYTES, false, after);
  for (const UpdateCopy& copy : layout_.copies(steps_)) {
    device_->check(device_->driver().copyOver((DevicePlace)layout_.states().next[copy.state],
                                              (DevicePlace)copy.from,
                                              bytesOf(program_.states[copy.state]),
                                              device_->stream()),
                   "cuMemcpyDtoDAsync");
  }
}

void CudaSession::captureStep(GraphRun& run) {
  const Driver& driver = device_->driver();
  Graph graph = nullptr;
  device_->check(driver.beginCapture(device_->stream(), CAPTURE_MODE), "cuStreamBeginCapture");
  try {
    launchStep(nullptr);
  } catch (...) {
    driver.endCapture(device_->stream(), &graph);
    if (graph != nullptr) driver.destroyGraph(graph);
    throw;
  }
  device_->check(driver.endCapture(device_->stream(), &graph), "cuStreamEndCapture");
  const Result result = driver.instantiate(&run, graph, 0);
  driver.destroyGraph(graph);
  device_->check(result, "cuGraphInstantiate");
}

void CudaSession::endStep() {
  layout_.swap();
  turn_ = 1 - turn_;
  hasRun_ = true;
  canRepeat_ = true;
}

void CudaSession::run(int64_t step, const uint8_t* batch) {
  device_->use();
  if (graphs_[turn_] == nullptr) captureStep(graphs_[turn_]);
  sendBatch(step, batch);
  device_->check(device_->driver().launchGraph(graphs_[turn_], device_->stream()),
                 "cuGraphLaunch");
  bringOutputs();
  waitForLast();
  endStep();
}

void CudaSession::profile(int64_t step, const uint8_t* batch) {
  device_->use();
  const Driver& driver = device_->driver();
  const size_t count = steps_.plan().launches.size();
  std::vector<Event> events(count + 1, nullptr);
  for (Event& event : events) device_->check(driver.createEvent(&event, 0), "cuEventCreate");
  const std::function<void(uint32_t)> after = [&](uint32_t launch) {
    device_->check(driver.recordEvent(events[launch + 1], device_->stream()), "cuEventRecord");
  };
  sendBatch(step, batch);
  device_->check(driver.recordEvent(events[0], device_->stream()), "cuEventRecord");
  launchStep(&after);
  device_->wait();
  nanoseconds_.assign(count, 0.0);
  for (size_t i = 0; i < count; i += 1) {
    float milliseconds = 0.0f;
    device_->check(driver.millisecondsBetween(&milliseconds, events[i], events[i + 1]),
                   "cuEventElapsedTime");
    nanoseconds_[i] = (double)milliseconds * 1e6;
  }
  for (const Event event : events) device_->check(driver.destroyEvent(event), "cuEventDestroy");
  endStep();
}

/** Whether the repeated step's updates are the states of now. */
bool CudaSession::endsAsNow() {
  const Driver& driver = device_->driver();
  if (compared_ == nullptr) {
    device_->check(driver.allocateHost((void**)&compared_, 2 * COMPARED_BYTES, 0),
                   "cuMemHostAlloc");
  }
  for (const ProgramUpdate& update : program_.updates) {
    const size_t bytes = bytesOf(program_.states[update.state]);
    const char* repeated = (const char*)repeats_.dataOf(update.value, layout_.states().next);
    const char* now = (const char*)layout_.states().now[update.state];
    for (size_t at = 0; at < bytes; at += COMPARED_BYTES) {
      const size_t piece = bytes - at < COMPARED_BYTES ? bytes - at : COMPARED_BYTES;
      device_->check(driver.copyOut(compared_, (DevicePlace)(repeated + at), piece,
                                    device_->stream()),
                     "cuMemcpyDtoHAsync");
      copyOut((const float*)(now + at), (float*)(compared_ + COMPARED_BYTES), piece);
      if (memcmp(compared_, compared_ + COMPARED_BYTES, piece) != 0) return false;
    }
  }
  return true;
}

bool CudaSession::repeat(const std::vector<uint32_t>& ops, const std::vector<float*>& into) {
  device_->use();
  // After a step, the next places hold what it began with.
  const StatePlaces before = {layout_.states().next, layout_.states().next};
  std::vector<std::vector<size_t>> wanted(program_.ops.size());
  for (size_t i = 0; i < ops.size(); i += 1) {
    const Reference root = rootOf(program_, {false, ops[i]});
    if (root.isState) {
      copyOut(before.now[root.index], into[i], bytesOf(program_.ops[ops[i]].shape));
    } else {
      wanted[root.index].push_back(i);
    }
  }
  const LaunchScope scope(*device_, attributes_);
  const std::function<void(uint32_t)> after = [&](uint32_t launch) {
    const uint32_t op = repeats_.plan().launches[launch].ops[0];
    for (const size_t i : wanted[op]) {
      copyOut(repeats_.dataOf({false, op}, before.now), into[i],
              bytesOf(program_.ops[op].shape));
    }
  };
  repeats_.run(before, 0, (const uint8_t*)batch_ + STEP_BYTES, false, &after);
  return endsAsNow();
}

}  // namespace cuda
}  // namespace vivian
