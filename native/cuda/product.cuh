// Decides the exact products of packed sides: bytes times bytes on the tensor cores, int32 sums
// that cannot overflow over SPILL_NUMBERS numbers, joined to one int64, one rounding. I14 is three
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

/** Stages of the three products: Turing has 64 KiB of own memory a block (launch-products.cc). */
#if defined(VIVIAN_ASYNC_COPY)
constexpr int STAGES_I14 = 3;
#else
constexpr int STAGES_I14 = 2;
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

  /** Lines that all threads together copy at a time: a thread 16 bytes of one of them. */
  static constexpr int SWEEP = WARPS * 32 / (DEPTH / 16);
  static_assert(M % SWEEP == 0 && N % SWEEP == 0 && SWEEP % 8 == 0, "sweeps are whole");

  /** Where a thread copies from and to; the same for every stage but for `k`. */
  struct Copies {
    const int8_t* a;
    const int8_t* b;
    int64_t sweep;  // bytes from one of its lines to the next
    int32_t rows, columns;
    int32_t line, target;
  };

  static __device__ __forceinline__ void copyStage(const cuda::ProductCall& p, const Copies& own,
                                                   int8_t* stage, int64_t k) {
#pragma unroll
    for (int plane = 0; plane < PLANES; plane += 1) {
      const int8_t* a = own.a + plane * p.planeA + k;
      const int8_t* b = own.b + plane * p.planeB + k;
      int8_t* target = stage + plane * (M + N) * DEPTH + own.target;
#pragma unroll
      for (int i = 0; i < M / SWEEP; i += 1) {
        const bool inside = own.line + i * SWEEP < own.rows;
        copy16(target + i * SWEEP * DEPTH, inside ? a + i * own.sweep : p.a, inside);
      }
#pragma unroll
      for (int i = 0; i < N / SWEEP; i += 1) {
        const bool inside = own.line + i * SWEEP < own.columns;
        copy16(target + (M + i * SWEEP) * DEPTH, inside ? b + i * own.sweep : p.b, inside);
      }
    }
  }

  /** Where a thread's pieces lie in a stage, for each half of its depth. */
  struct Pieces {
    uint32_t a[DEPTH / 32], b[DEPTH / 32];
  };

  static __device__ __forceinline__ Pieces piecesOf(int warpRow, int warpColumn) {
    const int lane = threadIdx.x % 32;
    const int lineA = warpRow * (M / ROWS) + lane % 16;
    // Pieces: tile j first half, second half, tile j + 1 first half, second half.
    const int lineB = M + warpColumn * (N / COLUMNS) + lane / 16 * 8 + lane % 8;
    Pieces own;
#pragma unroll
    for (int half = 0; half < DEPTH / 32; half += 1) {
      own.a[half] = turnedPlace(lineA, half * 2 + lane / 16);
      own.b[half] = turnedPlace(lineB, half * 2 + lane / 8 % 2);
    }
    return own;
  }

  static __device__ __forceinline__ void multiplyStage(
      uint32_t stage, const Pieces& own, int32_t (&sums)[PLANES][TILES_M][TILES_N][4]) {
#pragma unroll
    for (int half = 0; half < DEPTH / 32; half += 1) {
#pragma unroll
      for (int plane = 0; plane < PLANES; plane += 1) {
        const uint32_t lines = stage + plane * (M + N) * DEPTH;
        uint32_t a[TILES_M][4];
#pragma unroll
        for (int i = 0; i < TILES_M; i += 1) {
          loadPieces(a[i], lines + own.a[half] + i * 16 * DEPTH);
        }
#pragma unroll
        for (int j = 0; j < TILES_N; j += 2) {
          uint32_t b[4];
          loadPieces(b, lines + own.b[half] + j * 8 * DEPTH);
#pragma unroll
          for (int i = 0; i < TILES_M; i += 1) {
            multiplyAdd(sums[plane][i][j], a[i], b[0], b[1]);
            multiplyAdd(sums[plane][i][j + 1], a[i], b[2], b[3]);
          }
        }
      }
    }
  }

  /** What a row of results adds to its exponents. */
  static __device__ __forceinline__ int32_t rowExponent(const cuda::ProductCall& p, int64_t batch,
                                                        int64_t row) {
    if (p.parts > 1 || row >= p.m) return 0;
    const int64_t group = quotient(row, p.groupA);
    const int64_t place = group - quotient(group, p.periodA) * p.periodA;
    return p.exponentsA[batch * p.exponentBatchA + place];
  }

  static __device__ __forceinline__ void store(const cuda::ProductCall& p, int64_t at,
                                               int32_t exponent, int64_t sum) {
    if (p.parts > 1) {
      atomicAdd((unsigned long long*)p.sums + at, (unsigned long long)sum);
    } else {
      p.c[at] = roundSum(sum, exponent);
    }
  }

  static __device__ __forceinline__ void run(const cuda::ProductCall& p, int8_t* memory) {
    const int64_t tilesM = (p.m + M - 1) / M;
    const int64_t tilesN = (p.n + N - 1) / N;
    // Blocks side by side share columns.
    uint32_t index = blockIdx.x;
    const int64_t tileM = index % (uint32_t)tilesM;
    index /= (uint32_t)tilesM;
    const int64_t tileN = index % (uint32_t)tilesN;
    index /= (uint32_t)tilesN;
    const int64_t part = index % (uint32_t)p.parts;
    const int64_t batch = index / (uint32_t)p.parts;
    const int64_t row = tileM * M;
    const int64_t column = tileN * N;
    const int64_t first = part * p.part;
    const int64_t last = smaller(p.padded, first + p.part);
    const int line = threadIdx.x / (DEPTH / 16);
    const int piece = threadIdx.x % (DEPTH / 16);
    const Copies copies = {p.a + (batch * p.m + row + line) * p.padded + first + piece * 16,
                           p.b + (batch * p.n + column + line) * p.padded + first + piece * 16,
                           SWEEP * p.padded,
                           (int32_t)smaller(p.m - row, M),
                           (int32_t)smaller(p.n - column, N),
                           line,
                           turnedPlace(line, piece)};
    const int steps = (int)((last - first) / DEPTH);
    const int warp = threadIdx.x / 32;
    const int warpRow = warp / COLUMNS;
    const int warpColumn = warp % COLUMNS;
    const Pieces pieces = piecesOf(warpRow, warpColumn);
    const uint32_t shared = sharedPlace(memory);
    int32_t sums[PLANES][TILES_M][TILES_N][4] = {};
#pragma unroll
    for (int stage = 0; stage < STAGES - 1; stage += 1) {
      if (stage < steps) copyStage(p, copies, memory + stage * STAGE_BYTES, stage * DEPTH);
      endCopies();
    }
    int from = 0;
    int into = STAGES - 1;
    for (int step = 0; step < steps; step += 1) {
      waitForCopies<STAGES - 2>();
      __syncthreads();
      const int ahead = step + STAGES - 1;
      if (ahead < steps) {
        copyStage(p, copies, memory + into * STAGE_BYTES, (int64_t)ahead * DEPTH);
      }
      endCopies();
      multiplyStage(shared + from * STAGE_BYTES, pieces, sums);
      from = from + 1 == STAGES ? 0 : from + 1;
      into = into + 1 == STAGES ? 0 : into + 1;
    }
    const int lane = threadIdx.x % 32;
    const int64_t left = column + warpColumn * (N / COLUMNS) + lane % 4 * 2;
    int32_t ofColumn[TILES_N][2];
#pragma unroll
    for (int j = 0; j < TILES_N * 2; j += 1) {
      const int64_t at = left + j / 2 * 8 + j % 2;
      const bool reads = p.parts == 1 && at < p.n;
      ofColumn[j / 2][j % 2] = reads ? p.exponentsB[batch * p.exponentBatchB + at] : 0;
    }
#pragma unroll
    for (int i = 0; i < TILES_M * 2; i += 1) {
      const int64_t atRow = row + warpRow * (M / ROWS) + i / 2 * 16 + lane / 4 + i % 2 * 8;
      const int32_t ofRow = rowExponent(p, batch, atRow);
      if (atRow >= p.m) continue;
#pragma unroll
      for (int j = 0; j < TILES_N * 2; j += 1) {
        const int64_t at = left + j / 2 * 8 + j % 2;
        const int c = i % 2 * 2 + j % 2;
        int64_t sum = sums[0][i / 2][j / 2][c];
        if constexpr (PLANES == 3) {
          sum = joined(sums[0][i / 2][j / 2][c], sums[1][i / 2][j / 2][c],
                       sums[2][i / 2][j / 2][c]);
        }
        if (at >= p.n) continue;
        store(p, (batch * p.m + atRow) * p.n + at, ofRow + ofColumn[j / 2][j % 2], sum);
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

VIVIAN_PRODUCT(productI14Small, 3, 64, 64, 2, 2, STAGES_I14, 3)
VIVIAN_PRODUCT(productI8Small, 1, 64, 64, 2, 2, 4, 4)
VIVIAN_PRODUCT(productI14Large, 3, 128, 64, 4, 2, 2, 2)
VIVIAN_PRODUCT(productI8Large, 1, 128, 128, 2, 4, 3, 2)
#undef VIVIAN_PRODUCT

/** The one rounding where parts were added up. */
extern "C" __global__ void __launch_bounds__(cuda::THREADS) finishProduct(cuda::ProductCall p) {
  for (int64_t i = threadIndex(); i < p.batch * p.m * p.n; i += threadCount()) {
    const int64_t line = quotient(i, p.n);
    const int64_t batch = quotient(line, p.m);
    const int64_t group = quotient(line - batch * p.m, p.groupA);
    const int64_t place = group - quotient(group, p.periodA) * p.periodA;
    const int32_t ofRow = p.exponentsA[batch * p.exponentBatchA + place];
    const int64_t column = batch * p.exponentBatchB + (i - line * p.n);
    p.c[i] = roundSum(p.sums[i], ofRow + p.exponentsB[column]);
  }
}

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
