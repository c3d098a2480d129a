// Decides the exact products of packed sides: bytes times bytes on the tensor cores, int32 sums that
// cannot overflow over SPILL_NUMBERS numbers, joined to one int64, one rounding. I14 is three
// products: with q = 128·hi + lo, S = 2^14·HH + 2^7·(MM − HH − LL) + LL where MM is of hi + lo.
#pragma once
#include "scalar-ops.cuh"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

/** Bytes of a line that are in the block's memory at a time. */
constexpr int DEPTH = 64;

#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
#define VIVIAN_ASYNC_COPY 1
#endif

__device__ __forceinline__ uint32_t sharedPlace(const void* pointer) {
  return (uint32_t)__cvta_generic_to_shared(pointer);
}

/** 16 bytes into the block's memory; zeros where `inside` is false. */
__device__ __forceinline__ void copy16(void* target, const int8_t* source, bool inside) {
#if defined(VIVIAN_ASYNC_COPY)
  const int bytes = inside ? 16 : 0;
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;\n" ::"r"(sharedPlace(target)),
               "l"(source), "r"(bytes));
#else
  *(uint4*)target = inside ? *(const uint4*)source : make_uint4(0, 0, 0, 0);
#endif
}

__device__ __forceinline__ void endCopies() {
#if defined(VIVIAN_ASYNC_COPY)
  asm volatile("cp.async.commit_group;\n" ::);
#endif
}

template <int LEFT>
__device__ __forceinline__ void waitForCopies() {
#if defined(VIVIAN_ASYNC_COPY)
  asm volatile("cp.async.wait_group %0;\n" ::"n"(LEFT));
#endif
}

/** Four 8 × 16-byte pieces, one address a thread. */
__device__ __forceinline__ void loadPieces(uint32_t (&pieces)[4], uint32_t address) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];\n"
               : "=r"(pieces[0]), "=r"(pieces[1]), "=r"(pieces[2]), "=r"(pieces[3])
               : "r"(address));
}

/** c[16 × 8] += a[16 × 32] · b[32 × 8], signed bytes. */
__device__ __forceinline__ void multiplyAdd(int32_t (&c)[4], const uint32_t (&a)[4], uint32_t b0,
                                            uint32_t b1) {
#if defined(VIVIAN_ASYNC_COPY)
  asm volatile(
      "mma.sync.aligned.m16n8k32.row.col.s32.s8.s8.s32 "
      "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};\n"
      : "+r"(c[0]), "+r"(c[1]), "+r"(c[2]), "+r"(c[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
#else
  // Turing has the quarter of it: rows 0 to 7 are a[0] and a[2], rows 8 to 15 a[1] and a[3].
#define VIVIAN_QUARTER(first, second, left, right)                                    \
  asm volatile(                                                                       \
      "mma.sync.aligned.m8n8k16.row.col.s32.s8.s8.s32 {%0, %1}, {%2}, {%3}, {%0, %1};\n" \
      : "+r"(first), "+r"(second)                                                     \
      : "r"(left), "r"(right))
  VIVIAN_QUARTER(c[0], c[1], a[0], b0);
  VIVIAN_QUARTER(c[0], c[1], a[2], b1);
  VIVIAN_QUARTER(c[2], c[3], a[1], b0);
  VIVIAN_QUARTER(c[2], c[3], a[3], b1);
#undef VIVIAN_QUARTER
#endif
}

/** Bytes of a line lie in pieces of 16, turned by the line so that eight lines use all banks. */
__device__ __forceinline__ int turnedPlace(int line, int piece) {
  return line * DEPTH + ((piece ^ (line >> 1)) & 3) * 16;
}

/** S of the three products of I14. */
__device__ __forceinline__ int64_t joined(int32_t high, int32_t low, int32_t both) {
  const int64_t middle = (int64_t)both - high - low;
  return ((int64_t)high << 14) + middle * 128 + low;
}

/**
 * Blocks of M × N results. PLANES is 3 for I14, 1 for I8; ROWS × COLUMNS warps.
 */
template <int PLANES, int M, int N, int ROWS, int COLUMNS, int STAGES>
struct ProductBlock {
  static constexpr int WARPS = ROWS * COLUMNS;
  static constexpr int TILES_M = M / ROWS / 16;
  static constexpr int TILES_N = N / COLUMNS / 8;
  static constexpr int STAGE_BYTES = PLANES * (M + N) * DEPTH;
  static_assert(TILES_N % 2 == 0, "columns are loaded in pairs of tiles");

  static __device__ __forceinline__ void copyStage(const cuda::ProductCall& p, int8_t* stage,
                                                   const int8_t* a, const int8_t* b,
                                                   int64_t rows, int64_t columns, int64_t k) {
    constexpr int PIECES = PLANES * (M + N) * (DEPTH / 16);
#pragma unroll
    for (int i = threadIdx.x; i < PIECES; i += WARPS * 32) {
      const int piece = i % (DEPTH / 16);
      const int line = i / (DEPTH / 16);
      const int plane = line / (M + N);
      const int own = line - plane * (M + N);
      int8_t* target = stage + plane * (M + N) * DEPTH + turnedPlace(own, piece);
      const bool isA = own < M;
      const int64_t at = isA ? own : own - M;
      const bool inside = at < (isA ? rows : columns);
      const int8_t* side = isA ? a + plane * p.planeA : b + plane * p.planeB;
      copy16(target, side + (inside ? at * p.padded : 0) + k + piece * 16, inside);
    }
  }

  static __device__ __forceinline__ void multiplyStage(
      const int8_t* stage, int warpRow, int warpColumn,
      int32_t (&sums)[PLANES][TILES_M][TILES_N][4]) {
    const int lane = threadIdx.x % 32;
#pragma unroll
    for (int half = 0; half < DEPTH / 32; half += 1) {
#pragma unroll
      for (int plane = 0; plane < PLANES; plane += 1) {
        const int8_t* lines = stage + plane * (M + N) * DEPTH;
        uint32_t a[TILES_M][4];
#pragma unroll
        for (int i = 0; i < TILES_M; i += 1) {
          const int line = warpRow * (M / ROWS) + i * 16 + lane % 16;
          loadPieces(a[i], sharedPlace(lines + turnedPlace(line, half * 2 + lane / 16)));
        }
#pragma unroll
        for (int j = 0; j < TILES_N; j += 2) {
          // Pieces: tile j first half, second half, tile j + 1 first half, second half.
          uint32_t b[4];
          const int line = M + warpColumn * (N / COLUMNS) + j * 8 + lane / 16 * 8 + lane % 8;
          loadPieces(b, sharedPlace(lines + turnedPlace(line, half * 2 + lane / 8 % 2)));
#pragma unroll
          for (int i = 0; i < TILES_M; i += 1) {
            multiplyAdd(sums[plane][i][j], a[i], b[0], b[1]);
            multiplyAdd(sums[plane][i][j + 1], a[i], b[2], b[3]);
          }
        }
      }
    }
  }

  static __device__ __forceinline__ void store(const cuda::ProductCall& p, int64_t batch,
                                               int64_t row, int64_t column, int64_t sum) {
    if (row >= p.m || column >= p.n) return;
    const int64_t at = (batch * p.m + row) * p.n + column;
    if (p.parts > 1) {
      atomicAdd((unsigned long long*)p.sums + at, (unsigned long long)sum);
      return;
    }
    const int32_t ofRow = p.exponentsA[batch * p.exponentBatchA + row / p.groupA % p.periodA];
    p.c[at] = roundSum(sum, ofRow + p.exponentsB[batch * p.exponentBatchB + column]);
  }

  static __device__ __forceinline__ void run(const cuda::ProductCall& p, int8_t* memory) {
    const int64_t tilesM = (p.m + M - 1) / M;
    const int64_t tilesN = (p.n + N - 1) / N;
    int64_t index = blockIdx.x;
    const int64_t tileM = index % tilesM;
    index /= tilesM;
    const int64_t tileN = index % tilesN;
    index /= tilesN;
    const int64_t part = index % p.parts;
    const int64_t batch = index / p.parts;
    const int64_t row = tileM * M;
    const int64_t column = tileN * N;
    const int64_t first = part * p.part;
    const int64_t last = smaller(p.padded, first + p.part);
    const int8_t* a = p.a + (batch * p.m + row) * p.padded;
    const int8_t* b = p.b + (batch * p.n + column) * p.padded;
    const int steps = (int)((last - first) / DEPTH);
    const int warp = threadIdx.x / 32;
    const int warpRow = warp / COLUMNS;
    const int warpColumn = warp % COLUMNS;
    int32_t sums[PLANES][TILES_M][TILES_N][4] = {};
#pragma unroll
    for (int stage = 0; stage < STAGES - 1; stage += 1) {
      if (stage < steps) {
        copyStage(p, memory + stage * STAGE_BYTES, a, b, p.m - row, p.n - column,
                  first + stage * DEPTH);
      }
      endCopies();
    }
    for (int step = 0; step < steps; step += 1) {
      waitForCopies<STAGES - 2>();
      __syncthreads();
      const int ahead = step + STAGES - 1;
      if (ahead < steps) {
        copyStage(p, memory + ahead % STAGES * STAGE_BYTES, a, b, p.m - row, p.n - column,
                  first + (int64_t)ahead * DEPTH);
      }
      endCopies();
      multiplyStage(memory + step % STAGES * STAGE_BYTES, warpRow, warpColumn, sums);
    }
    const int lane = threadIdx.x % 32;
#pragma unroll
    for (int i = 0; i < TILES_M; i += 1) {
#pragma unroll
      for (int j = 0; j < TILES_N; j += 1) {
#pragma unroll
        for (int c = 0; c < 4; c += 1) {
          const int64_t atRow = row + warpRow * (M / ROWS) + i * 16 + lane / 4 + c / 2 * 8;
          const int64_t atColumn = column + warpColumn * (N / COLUMNS) + j * 8 + lane % 4 * 2 + c % 2;
          int64_t sum = sums[0][i][j][c];
          if constexpr (PLANES == 3) {
            sum = joined(sums[0][i][j][c], sums[1][i][j][c], sums[2][i][j][c]);
          }
          store(p, batch, atRow, atColumn, sum);
        }
      }
    }
  }
};

extern __shared__ __align__(128) int8_t productMemory[];

}  // namespace

// Names end in planes, rows, columns; the host knows their sizes (product-plan.h).
#define VIVIAN_PRODUCT(name, planes, m, n, rows, columns, stages, least)                  \
  extern "C" __global__ void __launch_bounds__(rows * columns * 32, least)                \
      name(const __grid_constant__ cuda::ProductCall p) {                                 \
    ProductBlock<planes, m, n, rows, columns, stages>::run(p, productMemory);             \
  }

VIVIAN_PRODUCT(productI14Small, 3, 64, 64, 2, 2, 2, 3)
VIVIAN_PRODUCT(productI8Small, 1, 64, 64, 2, 2, 4, 4)
VIVIAN_PRODUCT(productI14Large, 3, 128, 64, 4, 2, 2, 2)
VIVIAN_PRODUCT(productI8Large, 1, 128, 128, 2, 4, 3, 2)
#undef VIVIAN_PRODUCT

/** The one rounding where parts were added up. */
extern "C" __global__ void __launch_bounds__(cuda::THREADS) finishProduct(cuda::ProductCall p) {
  for (int64_t i = threadIndex(); i < p.batch * p.m * p.n; i += threadCount()) {
    const int64_t line = i / p.n;
    const int64_t batch = line / p.m;
    const int64_t row = line - batch * p.m;
    const int32_t ofRow = p.exponentsA[batch * p.exponentBatchA + row / p.groupA % p.periodA];
    const int64_t column = batch * p.exponentBatchB + (i - line * p.n);
    p.c[i] = roundSum(p.sums[i], ofRow + p.exponentsB[column]);
  }
}

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
