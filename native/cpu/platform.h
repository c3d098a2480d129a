// Decides what differs between compilers and between instruction-set levels. Every kernel source
// is compiled once per level with that level's compiler flags, inside a namespace of its own, so
// no inline function of one level can be linked into another (binding.gyp sets VIVIAN_LEVEL). Two
// levels add instructions for products to another: VIVIAN_PAIR_SUMS is AVX-VNNI beside AVX2,
// VIVIAN_TILE_REGISTERS is AMX beside AVX-512.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__CUDACC__)
// Only native/cuda is compiled so: what the kernels of a graphics device share with these.
#define VIVIAN_INLINE __device__ __forceinline__
#define VIVIAN_RESTRICT __restrict__
#define VIVIAN_UNROLL _Pragma("unroll")
#define VIVIAN_IVDEP
#elif defined(_MSC_VER) && !defined(__clang__)
#define VIVIAN_INLINE __forceinline
#define VIVIAN_RESTRICT __restrict
#define VIVIAN_UNROLL
#define VIVIAN_IVDEP __pragma(loop(ivdep))
#elif defined(__clang__)
#define VIVIAN_INLINE inline __attribute__((always_inline))
#define VIVIAN_RESTRICT __restrict__
#define VIVIAN_UNROLL _Pragma("clang loop unroll(full)")
#define VIVIAN_IVDEP _Pragma("clang loop vectorize(assume_safety)")
#else
#define VIVIAN_INLINE inline __attribute__((always_inline))
#define VIVIAN_RESTRICT __restrict__
#define VIVIAN_UNROLL _Pragma("GCC unroll 32")
#define VIVIAN_IVDEP _Pragma("GCC ivdep")
#endif

#define VIVIAN_LEVEL_SCALAR 0
#define VIVIAN_LEVEL_AVX2 1
#define VIVIAN_LEVEL_AVX512VNNI 2
#define VIVIAN_LEVEL_NEON 3
#define VIVIAN_LEVEL_WASM 4
#define VIVIAN_LEVEL_CUDA 5

#if defined(VIVIAN_LEVEL)
#if VIVIAN_LEVEL == VIVIAN_LEVEL_AVX512VNNI && defined(VIVIAN_TILE_REGISTERS)
#define VIVIAN_LEVEL_NAME level_amx
#elif VIVIAN_LEVEL == VIVIAN_LEVEL_AVX512VNNI
#define VIVIAN_LEVEL_NAME level_avx512vnni
#elif VIVIAN_LEVEL == VIVIAN_LEVEL_AVX2 && defined(VIVIAN_PAIR_SUMS)
#define VIVIAN_LEVEL_NAME level_avxvnni
#elif VIVIAN_LEVEL == VIVIAN_LEVEL_AVX2
#define VIVIAN_LEVEL_NAME level_avx2
#elif VIVIAN_LEVEL == VIVIAN_LEVEL_NEON
#define VIVIAN_LEVEL_NAME level_neon
#elif VIVIAN_LEVEL == VIVIAN_LEVEL_WASM
#define VIVIAN_LEVEL_NAME level_wasm
#elif VIVIAN_LEVEL == VIVIAN_LEVEL_CUDA
#define VIVIAN_LEVEL_NAME level_cuda
#else
#define VIVIAN_LEVEL_NAME level_scalar
#endif
#endif
