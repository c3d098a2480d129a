// Decides what of the graphics driver is used, declared here so that no toolkit is needed to
// compile the addon. The library is loaded when a device is asked for, and never otherwise.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include <exception>
#include <memory>
#include <string>

#if defined(_WIN32)
#define VIVIAN_CUDA_CALL __stdcall
#else
#define VIVIAN_CUDA_CALL
#endif

namespace vivian {
namespace cuda {

typedef int Result;
typedef int DeviceNumber;
typedef uint64_t DevicePlace;
typedef struct ContextBody* Context;
typedef struct ModuleBody* Module;
typedef struct FunctionBody* Function;
typedef struct StreamBody* Stream;
typedef struct EventBody* Event;
typedef struct GraphBody* Graph;
typedef struct GraphRunBody* GraphRun;

// Name in the library, name here, parameters.
#define VIVIAN_CUDA_FUNCTIONS(X)                                                            \
  X(cuInit, init, (unsigned))                                                               \
  X(cuDriverGetVersion, driverVersion, (int*))                                              \
  X(cuDeviceGetCount, deviceCount, (int*))                                                  \
  X(cuDeviceGet, deviceAt, (DeviceNumber*, int))                                            \
  X(cuDeviceGetName, deviceName, (char*, int, DeviceNumber))                                \
  X(cuDeviceGetPCIBusId, deviceBus, (char*, int, DeviceNumber))                             \
  X(cuDeviceGetUuid_v2, deviceUuid, (unsigned char*, DeviceNumber))                         \
  X(cuDeviceGetAttribute, deviceAttribute, (int*, int, DeviceNumber))                       \
  X(cuDeviceTotalMem_v2, totalMemory, (size_t*, DeviceNumber))                              \
  X(cuCtxCreate_v2, createContext, (Context*, unsigned, DeviceNumber))                      \
  X(cuCtxDestroy_v2, destroyContext, (Context))                                             \
  X(cuCtxSetCurrent, setContext, (Context))                                                 \
  X(cuModuleLoadDataEx, loadModule, (Module*, const void*, unsigned, int*, void**))         \
  X(cuModuleGetFunction, functionOf, (Function*, Module, const char*))                      \
  X(cuFuncSetAttribute, setAttribute, (Function, int, int))                                 \
  X(cuMemAlloc_v2, allocate, (DevicePlace*, size_t))                                        \
  X(cuMemFree_v2, release, (DevicePlace))                                                   \
  X(cuMemHostAlloc, allocateHost, (void**, size_t, unsigned))                               \
  X(cuMemFreeHost, releaseHost, (void*))                                                    \
  X(cuMemcpyHtoDAsync_v2, copyIn, (DevicePlace, const void*, size_t, Stream))               \
  X(cuMemcpyDtoHAsync_v2, copyOut, (void*, DevicePlace, size_t, Stream))                    \
  X(cuMemcpyDtoDAsync_v2, copyOver, (DevicePlace, DevicePlace, size_t, Stream))             \
  X(cuMemsetD32Async, fillWords, (DevicePlace, unsigned, size_t, Stream))                   \
  X(cuStreamCreate, createStream, (Stream*, unsigned))                                      \
  X(cuStreamDestroy_v2, destroyStream, (Stream))                                            \
  X(cuStreamSynchronize, waitForStream, (Stream))                                           \
  X(cuStreamBeginCapture_v2, beginCapture, (Stream, int))                                   \
  X(cuStreamEndCapture, endCapture, (Stream, Graph*))                                       \
  X(cuGraphInstantiateWithFlags, instantiate, (GraphRun*, Graph, unsigned long long))       \
  X(cuGraphLaunch, launchGraph, (GraphRun, Stream))                                         \
  X(cuGraphExecDestroy, destroyRun, (GraphRun))                                             \
  X(cuGraphDestroy, destroyGraph, (Graph))                                                  \
  X(cuEventCreate, createEvent, (Event*, unsigned))                                         \
  X(cuEventRecord, recordEvent, (Event, Stream))                                            \
  X(cuEventSynchronize, waitForEvent, (Event))                                              \
  X(cuEventElapsedTime, millisecondsBetween, (float*, Event, Event))                        \
  X(cuEventDestroy_v2, destroyEvent, (Event))                                               \
  X(cuLaunchKernel, launchKernel,                                                           \
    (Function, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, Stream, \
     void**, void**))                                                                       \
  X(cuGetErrorName, errorName, (Result, const char**))

/** Why a device cannot be used, or no longer: a code of contract/codes/cuda-engine.ts, words. */
class Failure : public std::exception {
 public:
  Failure(const char* code, std::string message) : code_(code), message_(std::move(message)) {}
  const char* code() const { return code_; }
  const char* what() const noexcept override { return message_.c_str(); }

 private:
  const char* code_;
  std::string message_;
};

/** The driver's functions. Results other than 0 become failures in `check`. */
class Driver {
 public:
  /**
   * Loads the library and starts it.
   * @param library  its path; "" for the system's own
   * Throws Failure CUDA_ENGINE_ABSENT, CUDA_ENGINE_OLD, CUDA_ENGINE_BROKEN.
   */
  static std::shared_ptr<Driver> open(const std::string& library);
  ~Driver();
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;

  /** Throws Failure with the code that belongs to the result; `what` was tried. */
  void check(Result result, const char* what) const;
  /** The driver's version, as 1000 · major + 10 · minor of the toolkit that it serves. */
  int version() const { return version_; }
  int devices() const { return devices_; }

#define VIVIAN_CUDA_FUNCTION(symbol, name, parameters) \
  Result(VIVIAN_CUDA_CALL* name) parameters = nullptr;
  VIVIAN_CUDA_FUNCTIONS(VIVIAN_CUDA_FUNCTION)
#undef VIVIAN_CUDA_FUNCTION

 private:
  Driver() = default;
  void* library_ = nullptr;
  int version_ = 0;
  int devices_ = 0;
};

}  // namespace cuda
}  // namespace vivian
