// Decides how one graphics device is held: its context, the module of kernels, one stream in which
// everything happens in order. A device that failed for good answers nothing but that.
#pragma once
#include <string>
#include <vector>

#include "driver.h"

namespace vivian {
namespace cuda {

#define VIVIAN_CUDA_KERNELS(X)                                                                \
  X(elementwise) X(gather) X(load) X(constant) X(range) X(schedule) X(oneHot) X(dropoutMask)  \
  X(causalMask) X(embedding) X(embeddingGradient) X(maxPool) X(maxPoolGradient) X(reduce)     \
  X(reduceLines) X(reduceMaxima) X(reduceSums) X(reduceFinish) X(chain) X(balanceNumbers)     \
  X(quantiseSides) X(imageMaxima) X(exponents) X(imageBalance) X(packPatches) X(packPixels)   \
  X(productI14Small) X(productI8Small) X(productI14Large) X(productI8Large) X(finishProduct)

enum class Kernel : int {
#define VIVIAN_CUDA_KERNEL(name) name,
  VIVIAN_CUDA_KERNELS(VIVIAN_CUDA_KERNEL)
#undef VIVIAN_CUDA_KERNEL
      COUNT
};

/** What is told of a device before it is opened. */
struct DeviceFacts {
  std::string name;
  /** What tells it from others of its name: its own number, and its place on the bus. */
  std::string uuid, bus;
  int major = 0, minor = 0;
  uint64_t memoryBytes = 0;
};

DeviceFacts factsOf(const Driver& driver, int number);

/** The kernels for devices from a compute capability on, as text that the driver compiles. */
struct KernelText {
  int capability;  // 10 · major + minor
  std::string text;
};

class Device {
 public:
  /** Throws Failure; `texts` from the newest to the oldest. */
  static std::shared_ptr<Device> open(std::shared_ptr<Driver> driver, int number,
                                      const std::vector<KernelText>& texts);
  ~Device();
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  const Driver& driver() const { return *driver_; }
  const DeviceFacts& facts() const { return facts_; }
  int processors() const { return processors_; }
  int capability() const { return capability_; }
  Stream stream() const { return stream_; }

  /** Makes this device the thread's. Throws Failure CUDA_ENGINE_LOST once it was lost. */
  void use() const;
  /** Throws Failure where the result is one, and remembers a loss. */
  void check(Result result, const char* what) const;
  DevicePlace allocate(size_t bytes) const;
  void wait() const;
  void launch(Kernel kernel, int64_t blocks, int threadsX, int threadsY, int sharedBytes,
              const void* parameters) const;
  void fillWords(const void* place, uint32_t word, int64_t count) const;

 private:
  Device() = default;
  void loadKernels(const std::vector<KernelText>& texts);

  std::shared_ptr<Driver> driver_;
  DeviceFacts facts_;
  int processors_ = 0;
  int capability_ = 0;
  Context context_ = nullptr;
  Module module_ = nullptr;
  Stream stream_ = nullptr;
  std::vector<Function> functions_;
  mutable bool isLost_ = false;
};

}  // namespace cuda
}  // namespace vivian
