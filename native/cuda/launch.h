// Decides how ops become launches: a table like that of the processor's kernels, whose functions
// put work into the device's stream instead of doing it.
#pragma once
#include <map>

#include "../cpu/kernels.h"
#include "calls.h"
#include "device.h"

namespace vivian {
namespace cuda {

/** Where attributes that a kernel reads lie on the device, by where the program has them. */
typedef std::map<const int32_t*, const int32_t*> AttributePlaces;

/** The device whose stream the thread's launches go into, for as long as this lives. */
class LaunchScope {
 public:
  LaunchScope(const Device& device, const AttributePlaces& attributes);
  ~LaunchScope();
  LaunchScope(const LaunchScope&) = delete;
  LaunchScope& operator=(const LaunchScope&) = delete;

 private:
  const Device* deviceBefore_;
  const AttributePlaces* attributesBefore_;
};

/** The device of the innermost scope. */
const Device& launchDevice();

/** The ops as launches. Scratch depends on nothing but the call. */
const KernelTable& launchTable();

/** Blocks of THREADS threads for so many elements; where there are many, a thread takes several. */
int64_t blocksFor(int64_t count);

// Reductions and chains (launch-rows.cc).
void launchSum(const Call& call);
void launchMean(const Call& call);
void launchMax(const Call& call);
void launchRows(const RowCall& call);
size_t reduceScratch(const Call& call);

// Products (launch-products.cc, launch-convolutions.cc).
void launchMatmul(const Call& call);
void launchBatchMatmul(const Call& call);
void launchConv2d(const Call& call);
void launchConv2dGradientInput(const Call& call);
void launchConv2dGradientFilter(const Call& call);
size_t matmulScratch(const Call& call);
size_t batchMatmulScratch(const Call& call);
size_t conv2dScratch(const Call& call);
size_t conv2dGradientInputScratch(const Call& call);
size_t conv2dGradientFilterScratch(const Call& call);

/** Hands out 256-byte aligned pieces of the scratch memory; with base 0 it only measures. */
struct ScratchPieces {
  uintptr_t base;
  size_t used;
  template <typename T>
  T* take(int64_t count) {
    used = (used + 255) & ~(size_t)255;
    T* piece = (T*)(base + used);
    used += (size_t)count * sizeof(T);
    return piece;
  }
};

}  // namespace cuda
}  // namespace vivian
