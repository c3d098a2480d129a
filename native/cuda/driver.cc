#include "driver.h"

#if defined(_WIN32)
#include <windows.h>
#else
#include <dlfcn.h>
#endif

namespace vivian {
namespace cuda {

namespace {

/** Graphs and captures as they are used here are in drivers from this version on. */
constexpr int VERSION_LEAST = 11080;

constexpr Result OUT_OF_MEMORY = 2;
constexpr Result NO_DEVICE = 100;
constexpr Result STUB_LIBRARY = 34;

#if defined(_WIN32)
constexpr const char* SYSTEM_LIBRARY = "nvcuda.dll";
void* openLibrary(const char* path) { return (void*)LoadLibraryA(path); }
void* symbolOf(void* library, const char* name) {
  return (void*)GetProcAddress((HMODULE)library, name);
}
void closeLibrary(void* library) { FreeLibrary((HMODULE)library); }
#else
constexpr const char* SYSTEM_LIBRARY = "libcuda.so.1";
void* openLibrary(const char* path) { return dlopen(path, RTLD_NOW | RTLD_LOCAL); }
void* symbolOf(void* library, const char* name) { return dlsym(library, name); }
void closeLibrary(void* library) { dlclose(library); }
#endif

/** Whether a result says that nothing can be asked of the device any more. */
bool isLost(Result result) {
  switch (result) {
    case 4:    // the driver is shutting down
    case 46:   // the device is unavailable
    case 101:  // the device went away
    case 201:  // the context is gone
    case 214:  // an uncorrectable memory error
    case 220:  // an uncorrectable link error
    case 700:  // an illegal address, after which the context is dead
    case 702:  // a launch timed out
    case 709:  // the context was destroyed
    case 710:
    case 714:
    case 715:
    case 716:
    case 717:
    case 718:
    case 719:
    case 999: return true;
    default: return false;
  }
}

const char* codeOf(Result result) {
  if (result == OUT_OF_MEMORY) return "CUDA_ENGINE_MEMORY";
  if (result == NO_DEVICE || result == STUB_LIBRARY) return "CUDA_ENGINE_ABSENT";
  // The kernels are newer than the driver, or older than the device's oldest.
  if (result == 222 || result == 803 || result == 804) return "CUDA_ENGINE_OLD";
  return isLost(result) ? "CUDA_ENGINE_LOST" : "CUDA_ENGINE_BROKEN";
}

}  // namespace

std::shared_ptr<Driver> Driver::open(const std::string& library) {
  std::shared_ptr<Driver> driver(new Driver());
  const char* path = library.empty() ? SYSTEM_LIBRARY : library.c_str();
  driver->library_ = openLibrary(path);
  if (driver->library_ == nullptr) {
    throw Failure("CUDA_ENGINE_ABSENT", std::string("there is no library ") + path);
  }
#define VIVIAN_CUDA_FUNCTION(symbol, name, parameters)                                     \
  driver->name = (Result(VIVIAN_CUDA_CALL*) parameters)symbolOf(driver->library_, #symbol); \
  if (driver->name == nullptr) {                                                           \
    throw Failure("CUDA_ENGINE_OLD", "the driver has no " #symbol);                        \
  }
  VIVIAN_CUDA_FUNCTIONS(VIVIAN_CUDA_FUNCTION)
#undef VIVIAN_CUDA_FUNCTION
  driver->check(driver->init(0), "cuInit");
  driver->check(driver->driverVersion(&driver->version_), "cuDriverGetVersion");
  if (driver->version_ < VERSION_LEAST) {
    throw Failure("CUDA_ENGINE_OLD", "the driver serves CUDA " +
                                         std::to_string(driver->version_ / 1000) + "." +
                                         std::to_string(driver->version_ % 1000 / 10));
  }
  driver->check(driver->deviceCount(&driver->devices_), "cuDeviceGetCount");
  if (driver->devices_ <= 0) throw Failure("CUDA_ENGINE_ABSENT", "the driver knows no device");
  return driver;
}

Driver::~Driver() {
  if (library_ != nullptr) closeLibrary(library_);
}

void Driver::check(Result result, const char* what) const {
  if (result == 0) return;
  const char* name = nullptr;
  std::string words = std::string(what) + " answered " + std::to_string(result);
  if (errorName(result, &name) == 0 && name != nullptr) words += std::string(" ") + name;
  throw Failure(codeOf(result), words);
}

}  // namespace cuda
}  // namespace vivian
