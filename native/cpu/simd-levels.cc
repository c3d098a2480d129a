// Decides by CPUID and by what the operating system saves on a context switch; a processor flag
// alone is not enough. Every 64-bit ARM has NEON, and a WebAssembly module that was compiled for
// vectors does not even load without them.
#include "simd-levels.h"

#if defined(__aarch64__) || defined(_M_ARM64)
#define VIVIAN_HAS_NEON
#endif

#if defined(VIVIAN_HAS_AMX)
#include <sys/syscall.h>
#include <unistd.h>
#endif
#if defined(_MSC_VER) && defined(_M_X64)
#include <intrin.h>
#elif defined(__x86_64__)
#include <cpuid.h>
#endif

namespace vivian {

namespace {

#if defined(__x86_64__) || defined(_M_X64)
struct Registers {
  uint32_t a, b, c, d;
};

Registers cpuid(uint32_t leaf, uint32_t part = 0) {
  Registers r = {0, 0, 0, 0};
#if defined(_MSC_VER)
  int values[4];
  __cpuid(values, 0);
  if ((uint32_t)values[0] < leaf) return r;
  __cpuidex(values, (int)leaf, (int)part);
  r = {(uint32_t)values[0], (uint32_t)values[1], (uint32_t)values[2], (uint32_t)values[3]};
#else
  if (!__get_cpuid_count(leaf, part, &r.a, &r.b, &r.c, &r.d)) return {0, 0, 0, 0};
#endif
  return r;
}

/** XCR0: which register files the operating system saves. */
uint64_t savedRegisters() {
#if defined(_MSC_VER)
  return _xgetbv(0);
#else
  uint32_t low;
  uint32_t high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return ((uint64_t)high << 32) | low;
#endif
}

bool bit(uint32_t value, int index) { return ((value >> index) & 1u) != 0; }

struct Support {
  bool avx2 = false;
  bool avxvnni = false;
  bool avx512vnni = false;
  bool amx = false;
  bool sha = false;
};

#if defined(VIVIAN_HAS_AMX)
/** Linux gives a process tile registers only when it asks. */
bool mayUseTiles() {
  constexpr long REQUEST_PERMISSION = 0x1023;  // ARCH_REQ_XCOMP_PERM
  constexpr long TILE_DATA = 18;
  return syscall(SYS_arch_prctl, REQUEST_PERMISSION, TILE_DATA) == 0;
}

bool hasTiles(const Registers& seven, uint64_t saved) {
  const bool savesTiles = (saved & 0x60000) == 0x60000;
  return savesTiles && bit(seven.d, 24) && bit(seven.d, 25) && mayUseTiles();
}
#endif

Support detect() {
  Support support;
  const Registers one = cpuid(1);
  const bool osxsave = bit(one.c, 27);
  if (!osxsave || !bit(one.c, 28)) return support;
  const uint64_t saved = savedRegisters();
  if ((saved & 0x6) != 0x6) return support;
  const Registers seven = cpuid(7);
  support.avx2 = bit(seven.b, 5);
  support.sha = bit(seven.b, 29) && bit(one.c, 9) && bit(one.c, 19);
  // Leaf 7 says in `a` how many parts it has.
  support.avxvnni = support.avx2 && seven.a >= 1 && bit(cpuid(7, 1).a, 4);
  const bool savesZmm = (saved & 0xe6) == 0xe6;
  support.avx512vnni = support.avx2 && savesZmm && bit(seven.b, 16) && bit(seven.b, 17) &&
                       bit(seven.b, 30) && bit(seven.b, 31) && bit(seven.c, 11);
#if defined(VIVIAN_HAS_AMX)
  support.amx = support.avx512vnni && hasTiles(seven, saved);
#endif
  return support;
}

const Support& support() {
  static const Support found = detect();
  return found;
}
#endif

}  // namespace

std::vector<std::string> simdLevels() {
#if defined(__wasm__)
  return {"wasm"};
#else
  std::vector<std::string> levels = {"scalar"};
#if defined(__x86_64__) || defined(_M_X64)
  if (support().avx2) levels.push_back("avx2");
#if defined(VIVIAN_HAS_AVXVNNI)
  if (support().avxvnni) levels.push_back("avxvnni");
#endif
  if (support().avx512vnni) levels.push_back("avx512vnni");
  if (support().amx) levels.push_back("amx");
#elif defined(VIVIAN_HAS_NEON)
  levels.push_back("neon");
#endif
  return levels;
#endif
}

bool hasShaInstructions() {
#if defined(__x86_64__) || defined(_M_X64)
  return support().sha;
#else
  return false;
#endif
}

PeakFunction peakOfLevel(const std::string& level) {
  if (kernelsOfLevel(level) == nullptr) return nullptr;
#if defined(__x86_64__) || defined(_M_X64)
  if (level == "avx2") return level_avx2::runPeak;
#if defined(VIVIAN_HAS_AVXVNNI)
  if (level == "avxvnni") return level_avxvnni::runPeak;
#endif
  if (level == "avx512vnni") return level_avx512vnni::runPeak;
#if defined(VIVIAN_HAS_AMX)
  if (level == "amx") return level_amx::runPeak;
#endif
#elif defined(VIVIAN_HAS_NEON)
  if (level == "neon") return level_neon::runPeak;
#endif
  // The scalar loop is the compiler's to rearrange, so its rate would be no limit of anything.
  return nullptr;
}

TriadFunction triadOfLevel(const std::string& level) {
  if (kernelsOfLevel(level) == nullptr) return nullptr;
#if defined(__x86_64__) || defined(_M_X64)
  if (level == "avx2" || level == "avxvnni") return level_avx2::runTriad;
  if (level == "avx512vnni" || level == "amx") return level_avx512vnni::runTriad;
#elif defined(VIVIAN_HAS_NEON)
  if (level == "neon") return level_neon::runTriad;
#endif
#if defined(__wasm__)
  return nullptr;
#else
  return level_scalar::runTriad;
#endif
}

const KernelTable* kernelsOfLevel(const std::string& level) {
#if defined(__wasm__)
  return level == "wasm" ? &level_wasm::kernels() : nullptr;
#else
  if (level == "scalar") return &level_scalar::kernels();
#if defined(__x86_64__) || defined(_M_X64)
  if (level == "avx2" && support().avx2) return &level_avx2::kernels();
#if defined(VIVIAN_HAS_AVXVNNI)
  if (level == "avxvnni" && support().avxvnni) return &level_avxvnni::kernels();
#endif
  if (level == "avx512vnni" && support().avx512vnni) return &level_avx512vnni::kernels();
#if defined(VIVIAN_HAS_AMX)
  if (level == "amx" && support().amx) return &level_amx::kernels();
#endif
#elif defined(VIVIAN_HAS_NEON)
  if (level == "neon") return &level_neon::kernels();
#endif
  return nullptr;
#endif
}

}  // namespace vivian
