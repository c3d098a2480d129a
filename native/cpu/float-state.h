// Decides the floating-point state kernels run under: round to nearest even, subnormals flushed (no
// canonical number is one, so flushing only avoids slow paths). Set on entry, restored on exit.
#pragma once
#if defined(__x86_64__) || defined(_M_X64)
#include <xmmintrin.h>
#endif
#include <stdint.h>

namespace vivian {

class FloatState {
 public:
  FloatState() {
#if defined(__x86_64__) || defined(_M_X64)
    saved_ = _mm_getcsr();
    // All exceptions masked, round to nearest, flush to zero and denormals are zero.
    _mm_setcsr(0x1f80u | 0x8040u);
#elif defined(__aarch64__) && !defined(_MSC_VER)
    asm volatile("mrs %0, fpcr" : "=r"(saved_));
    const uint64_t wanted = (uint64_t)1 << 24;
    asm volatile("msr fpcr, %0" : : "r"(wanted));
#endif
  }
  ~FloatState() {
#if defined(__x86_64__) || defined(_M_X64)
    _mm_setcsr(saved_);
#elif defined(__aarch64__) && !defined(_MSC_VER)
    asm volatile("msr fpcr, %0" : : "r"(saved_));
#endif
  }
  FloatState(const FloatState&) = delete;
  FloatState& operator=(const FloatState&) = delete;

 private:
#if defined(__aarch64__)
  uint64_t saved_ = 0;
#else
  uint32_t saved_ = 0;
#endif
};

}  // namespace vivian
