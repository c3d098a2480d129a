#include "device.h"

#include <stdio.h>
#include <string.h>

namespace vivian {
namespace cuda {

namespace {

constexpr int ATTRIBUTE_PROCESSORS = 16;
constexpr int ATTRIBUTE_MAJOR = 75;
constexpr int ATTRIBUTE_MINOR = 76;
constexpr int FUNCTION_SHARED_BYTES = 8;
/** A block's own memory above this must be asked for. */
constexpr int SHARED_BYTES_PLAIN = 49152;
constexpr unsigned STREAM_ALONE = 1;
/** Who waits for the device leaves the processor to others. */
constexpr unsigned WAITING_SLEEPS = 4;
constexpr int NAME_BYTES_MAX = 256;
constexpr int BUS_BYTES_MAX = 32;
constexpr int UUID_BYTES = 16;

const char* const KERNEL_NAMES[] = {
#define VIVIAN_CUDA_KERNEL(name) #name,
    VIVIAN_CUDA_KERNELS(VIVIAN_CUDA_KERNEL)
#undef VIVIAN_CUDA_KERNEL
};

int attributeOf(const Driver& driver, DeviceNumber device, int attribute) {
  int value = 0;
  driver.check(driver.deviceAttribute(&value, attribute, device), "cuDeviceGetAttribute");
  return value;
}

/** As NVIDIA's other libraries write it: GPU-, then groups of 4, 2, 2, 2 and 6 bytes. */
std::string uuidOf(const Driver& driver, DeviceNumber device) {
  unsigned char bytes[UUID_BYTES] = {};
  driver.check(driver.deviceUuid(bytes, device), "cuDeviceGetUuid");
  std::string text = "GPU";
  for (int i = 0; i < UUID_BYTES; i += 1) {
    char digits[3];
    snprintf(digits, sizeof digits, "%02x", bytes[i]);
    if (i == 0 || i == 4 || i == 6 || i == 8 || i == 10) text += "-";
    text += digits;
  }
  return text;
}

/** As systems write it, in small letters: 0000:0a:00.0. */
std::string busOf(const Driver& driver, DeviceNumber device) {
  char text[BUS_BYTES_MAX] = {};
  driver.check(driver.deviceBus(text, BUS_BYTES_MAX - 1, device), "cuDeviceGetPCIBusId");
  for (char* at = text; *at != 0; at += 1) {
    if (*at >= 'A' && *at <= 'F') *at = (char)(*at - 'A' + 'a');
  }
  return text;
}

}  // namespace

DeviceFacts factsOf(const Driver& driver, int number) {
  DeviceNumber device = 0;
  char name[NAME_BYTES_MAX] = {};
  size_t bytes = 0;
  driver.check(driver.deviceAt(&device, number), "cuDeviceGet");
  driver.check(driver.deviceName(name, NAME_BYTES_MAX - 1, device), "cuDeviceGetName");
  driver.check(driver.totalMemory(&bytes, device), "cuDeviceTotalMem");
  return {name,
          uuidOf(driver, device),
          busOf(driver, device),
          attributeOf(driver, device, ATTRIBUTE_MAJOR),
          attributeOf(driver, device, ATTRIBUTE_MINOR),
          bytes};
}

std::shared_ptr<Device> Device::open(std::shared_ptr<Driver> driver, int number,
                                     const std::vector<KernelText>& texts) {
  std::shared_ptr<Device> device(new Device());
  device->driver_ = driver;
  if (number < 0 || number >= driver->devices()) {
    throw Failure("CUDA_ENGINE_ABSENT", "there is no device " + std::to_string(number));
  }
  device->facts_ = factsOf(*driver, number);
  device->capability_ = device->facts_.major * 10 + device->facts_.minor;
  DeviceNumber handle = 0;
  driver->check(driver->deviceAt(&handle, number), "cuDeviceGet");
  device->processors_ = attributeOf(*driver, handle, ATTRIBUTE_PROCESSORS);
  driver->check(driver->createContext(&device->context_, WAITING_SLEEPS, handle), "cuCtxCreate");
  device->loadKernels(texts);
  driver->check(driver->createStream(&device->stream_, STREAM_ALONE), "cuStreamCreate");
  return device;
}

void Device::loadKernels(const std::vector<KernelText>& texts) {
  const KernelText* chosen = nullptr;
  for (const KernelText& text : texts) {
    if (chosen == nullptr && text.capability <= capability_) chosen = &text;
  }
  if (chosen == nullptr) {
    throw Failure("CUDA_ENGINE_OLD", "the device has compute capability " +
                                         std::to_string(facts_.major) + "." +
                                         std::to_string(facts_.minor) + ", below 7.5");
  }
  check(driver_->loadModule(&module_, chosen->text.c_str(), 0, nullptr, nullptr),
        "cuModuleLoadDataEx");
  for (const char* name : KERNEL_NAMES) {
    Function function = nullptr;
    check(driver_->functionOf(&function, module_, name), "cuModuleGetFunction");
    functions_.push_back(function);
  }
}

Device::~Device() {
  if (context_ == nullptr) return;
  driver_->setContext(context_);
  if (stream_ != nullptr) driver_->destroyStream(stream_);
  // What was allocated in the context goes with it.
  driver_->destroyContext(context_);
}

void Device::use() const {
  if (isLost_) throw Failure("CUDA_ENGINE_LOST", "the device was lost before");
  check(driver_->setContext(context_), "cuCtxSetCurrent");
}

void Device::check(Result result, const char* what) const {
  try {
    driver_->check(result, what);
  } catch (const Failure& failure) {
    if (strcmp(failure.code(), "CUDA_ENGINE_LOST") == 0) isLost_ = true;
    throw;
  }
}

DevicePlace Device::allocate(size_t bytes) const {
  DevicePlace place = 0;
  check(driver_->allocate(&place, bytes), "cuMemAlloc");
  return place;
}

void Device::wait() const { check(driver_->waitForStream(stream_), "cuStreamSynchronize"); }

void Device::launch(Kernel kernel, int64_t blocks, int threadsX, int threadsY, int sharedBytes,
                    const void* parameters) const {
  const Function function = functions_[(size_t)kernel];
  if (sharedBytes > SHARED_BYTES_PLAIN) {
    check(driver_->setAttribute(function, FUNCTION_SHARED_BYTES, sharedBytes),
          "cuFuncSetAttribute");
  }
  void* list[] = {(void*)parameters};
  const Result result =
      driver_->launchKernel(function, (unsigned)blocks, 1, 1, (unsigned)threadsX,
                            (unsigned)threadsY, 1, (unsigned)sharedBytes, stream_, list, nullptr);
  check(result, KERNEL_NAMES[(int)kernel]);
}

void Device::fillWords(const void* place, uint32_t word, int64_t count) const {
  check(driver_->fillWords((DevicePlace)place, word, (size_t)count, stream_), "cuMemsetD32Async");
}

}  // namespace cuda
}  // namespace vivian
