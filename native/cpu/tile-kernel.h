// Decides the inner loop of products on a processor with tile registers (AMX, int8): each register
// holds 16 rows of 64 bytes. I8 is one product of bytes; I14 is four, of the high and low digits,
// whose exact int32 parts make a sum: 2^14·(high·high) + 2^7·(high·low + low·high) + low·low.
#pragma once
#include "byte-lines.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

/** Longest line whose parts surely fit an int32: 2·64·63·131,072 and 127²·131,072 < 2^31. */
constexpr int64_t BYTE_NUMBERS_MAX = 1 << 17;
constexpr int64_t WORDS_STEP = 16;       // words a row of a tile register
constexpr int64_t BYTE_TILE_ROWS = 16;
constexpr int32_t BYTE_FLIP = 0;
constexpr int64_t REGISTER_BYTES = 1024;
constexpr int64_t REGISTER_SIDE = 16;    // rows, and int32 a row
static_assert(BYTE_TILE_ROWS == REGISTER_SIDE && COLUMN_BLOCK == 2 * REGISTER_SIDE);

/** Fewer rows, numbers or columns leave most of a register empty; pairs are quicker then. */
constexpr int64_t ROWS_LEAST = 8;
constexpr int64_t NUMBERS_LEAST = 32;
constexpr int64_t COLUMNS_LEAST = 8;

/** Digits a number of this profile is multiplied in as bytes, or 0: as pairs of int16. */
VIVIAN_INLINE int32_t bytePlanes(int32_t profile, int64_t m, int64_t k, int64_t n) {
  if (k > BYTE_NUMBERS_MAX || m < ROWS_LEAST || k < NUMBERS_LEAST || n < COLUMNS_LEAST) return 0;
  return profile == 2 ? 1 : 2;
}

/** What a tile is made from. */
struct ByteTile {
  const char* rows;          // register k of plane p is at rows + p·rowPlane + k·rowStep
  int64_t rowStride;         // bytes from row to row
  int64_t rowStep, rowPlane;
  const int32_t* rowSums;    // not needed here: both sides are signed
  const int32_t* columns;    // [plane][word][COLUMN_BLOCK]
  int64_t words;
  int32_t planes;
};

/** Bytes of a row from register to register, or of a panel of rows that lay across. */
constexpr int64_t LINE_STEP = 64;
constexpr int64_t PANEL_STEP = REGISTER_BYTES;
constexpr int64_t PANEL_STRIDE = 64;

/** Nothing more to be done to a quantised row: it is signed and lies as registers are loaded. */
VIVIAN_INLINE int32_t finishByteLine(const int8_t*, int64_t) { return 0; }

/** Turns each 16 × 16 words of a panel [word][row], so that a row's words follow each other. */
VIVIAN_INLINE void finishBytePanel(int32_t* panel, int64_t words, int32_t* sums) {
  for (int64_t word = 0; word < words; word += WORDS_STEP) {
    int32_t* block = panel + word * REGISTER_SIDE;
    for (int64_t i = 0; i < REGISTER_SIDE; i += 1) {
      for (int64_t j = 0; j < i; j += 1) {
        const int32_t kept = block[i * REGISTER_SIDE + j];
        block[i * REGISTER_SIDE + j] = block[j * REGISTER_SIDE + i];
        block[j * REGISTER_SIDE + i] = kept;
      }
    }
  }
  for (int64_t i = 0; i < REGISTER_SIDE; i += 1) sums[i] = 0;
}

/** What a processor is told about its tile registers. */
struct alignas(64) RegisterShapes {
  uint8_t palette, startRow, reserved[14];
  uint16_t rowBytes[16];
  uint8_t rows[16];
};

/** Eight registers of 16 rows of 64 bytes; constant, since no compiler sees that it is read. */
constexpr RegisterShapes WHOLE_REGISTERS = {
    1, 0, {}, {64, 64, 64, 64, 64, 64, 64, 64}, {16, 16, 16, 16, 16, 16, 16, 16}};

/** Opens the tile registers as long as this lives; each thread has its own. */
class KernelState {
 public:
  KernelState() {
    // What tiles load was stored by plain code, which the compiler must have done by now.
    __asm__ volatile("" ::: "memory");
    _tile_loadconfig(&WHOLE_REGISTERS);
  }
  ~KernelState() {
    _tile_release();
    __asm__ volatile("" ::: "memory");
  }
  KernelState(const KernelState&) = delete;
  KernelState& operator=(const KernelState&) = delete;
};

/** Parts of 16 × 16 sums: high·high, high·low, low·high, low·low; or two halves of I8's. */
struct Parts {
  alignas(64) int32_t part[4][REGISTER_SIDE][REGISTER_SIDE];
};

constexpr int64_t COLUMN_STRIDE = COLUMN_BLOCK * 4;
constexpr int64_t COLUMN_STEP = WORDS_STEP * COLUMN_BLOCK;  // words

/** Registers 0 to 3 hold the sums of the four parts. */
VIVIAN_INLINE void zeroParts() {
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
}

VIVIAN_INLINE void storeParts(Parts& parts) {
  _tile_stored(0, parts.part[0], 64);
  _tile_stored(1, parts.part[1], 64);
  _tile_stored(2, parts.part[2], 64);
  _tile_stored(3, parts.part[3], 64);
}

/** Both digits: a part each. */
VIVIAN_INLINE void multiplyDigits(const ByteTile& from, const int32_t* columns, Parts& parts) {
  zeroParts();
  const char* a = from.rows;
  const int32_t* b = columns;
  const int64_t columnPlane = from.words * COLUMN_BLOCK;
  for (int64_t word = 0; word < from.words; word += WORDS_STEP) {
    _tile_loadd(4, a, from.rowStride);
    _tile_loadd(6, b, COLUMN_STRIDE);
    _tile_dpbssd(0, 4, 6);
    _tile_loadd(7, b + columnPlane, COLUMN_STRIDE);
    _tile_dpbssd(1, 4, 7);
    _tile_loadd(5, a + from.rowPlane, from.rowStride);
    _tile_dpbssd(2, 5, 6);
    _tile_dpbssd(3, 5, 7);
    a += from.rowStep;
    b += COLUMN_STEP;
  }
  storeParts(parts);
}

/** One digit, two blocks of columns; every other step adds to registers of its own. */
VIVIAN_INLINE void multiplyOnes(const ByteTile& from, const int32_t* columns, Parts& parts) {
  zeroParts();
  const char* a = from.rows;
  const int32_t* b = columns;
  int64_t word = 0;
  for (; word + 2 * WORDS_STEP <= from.words; word += 2 * WORDS_STEP) {
    _tile_loadd(4, a, from.rowStride);
    _tile_loadd(6, b, COLUMN_STRIDE);
    _tile_dpbssd(0, 4, 6);
    _tile_loadd(7, b + REGISTER_SIDE, COLUMN_STRIDE);
    _tile_dpbssd(1, 4, 7);
    _tile_loadd(5, a + from.rowStep, from.rowStride);
    _tile_loadd(6, b + COLUMN_STEP, COLUMN_STRIDE);
    _tile_dpbssd(2, 5, 6);
    _tile_loadd(7, b + COLUMN_STEP + REGISTER_SIDE, COLUMN_STRIDE);
    _tile_dpbssd(3, 5, 7);
    a += 2 * from.rowStep;
    b += 2 * COLUMN_STEP;
  }
  if (word < from.words) {
    _tile_loadd(4, a, from.rowStride);
    _tile_loadd(6, b, COLUMN_STRIDE);
    _tile_dpbssd(0, 4, 6);
    _tile_loadd(7, b + REGISTER_SIDE, COLUMN_STRIDE);
    _tile_dpbssd(1, 4, 7);
  }
  storeParts(parts);
}

/** Row `t` of the sums of one block of columns, as int32 lanes; only where they fit. */
VIVIAN_INLINE __m512i narrowSums(const Parts& parts, int t) {
  const __m512i high = _mm512_slli_epi32(_mm512_load_si512(parts.part[0][t]), 14);
  const __m512i middle = _mm512_add_epi32(_mm512_load_si512(parts.part[1][t]),
                                          _mm512_load_si512(parts.part[2][t]));
  const __m512i low = _mm512_load_si512(parts.part[3][t]);
  return _mm512_add_epi32(_mm512_add_epi32(high, _mm512_slli_epi32(middle, 7)), low);
}

/** Whether every sum of the parts surely fits an int32: |hh| < 2^16 and |hl + lh| < 2^22. */
VIVIAN_INLINE bool areNarrow(const Parts& parts) {
  const __m512i highRoom = _mm512_set1_epi32(1 << 16);
  const __m512i middleRoom = _mm512_set1_epi32(1 << 22);
  __mmask16 wide = 0;
  for (int t = 0; t < REGISTER_SIDE; t += 1) {
    const __m512i high = _mm512_abs_epi32(_mm512_load_si512(parts.part[0][t]));
    const __m512i middle = _mm512_add_epi32(_mm512_load_si512(parts.part[1][t]),
                                            _mm512_load_si512(parts.part[2][t]));
    wide |= _mm512_cmpge_epi32_mask(high, highRoom);
    wide |= _mm512_cmpge_epi32_mask(_mm512_abs_epi32(middle), middleRoom);
  }
  return wide == 0;
}

VIVIAN_INLINE int64_t wideSum(const Parts& parts, int64_t t, int64_t c) {
  const int64_t middle = (int64_t)parts.part[1][t][c] + parts.part[2][t][c];
  return (int64_t)parts.part[0][t][c] * 16384 + middle * 128 + parts.part[3][t][c];
}

/** The int64 sums of eight lanes from `c` on, rounded once to f32. */
VIVIAN_INLINE __m256 roundedSums(const Parts& parts, int t, int c) {
  __m512i wide[4];
  for (int i = 0; i < 4; i += 1) {
    wide[i] = _mm512_cvtepi32_epi64(_mm256_load_si256((const __m256i*)&parts.part[i][t][c]));
  }
  const __m512i middle = _mm512_add_epi64(wide[1], wide[2]);
  const __m512i upper = _mm512_add_epi64(_mm512_slli_epi64(wide[0], 14),
                                         _mm512_slli_epi64(middle, 7));
  return _mm512_cvtepi64_ps(_mm512_add_epi64(upper, wide[3]));
}

/** Scaled by the exponents of one row and of `count` ≤ 16 columns; both are plain. */
VIVIAN_INLINE void storeScaled(__m512 sums, float rowFactor, __m512 columnFactors, int64_t count,
                               float* output) {
  const __m512 scaled = _mm512_mul_ps(sums, _mm512_set1_ps(rowFactor));
  const __mmask16 mask = (__mmask16)((1u << count) - 1);
  _mm512_mask_storeu_ps(output, mask, _mm512_mul_ps(scaled, columnFactors));
}

/** Powers of two of up to 16 exponents. */
VIVIAN_INLINE __m512 factorsOf(const int32_t* exponents, int64_t count) {
  const __mmask16 mask = (__mmask16)((1u << count) - 1);
  const __m512i fields = _mm512_add_epi32(_mm512_maskz_loadu_epi32(mask, exponents),
                                          _mm512_set1_epi32(127));
  return _mm512_castsi512_ps(_mm512_slli_epi32(fields, 23));
}

/** Stores the canonical results of 16 columns from their digits' parts. */
VIVIAN_INLINE void storeDigitParts(const Parts& parts, int64_t rowCount, int64_t columnCount,
                                   bool isPlain, const Target& target) {
  if (!isPlain) {
    for (int64_t t = 0; t < rowCount; t += 1) {
      for (int64_t c = 0; c < columnCount; c += 1) {
        const int32_t exponent = target.rowExponents[t] + target.columnExponents[c];
        target.output[t * target.rowStride + c] = roundSum(wideSum(parts, t, c), exponent);
      }
    }
    return;
  }
  const __m512 columnFactors = factorsOf(target.columnExponents, columnCount);
  const bool isNarrowTile = areNarrow(parts);
  for (int t = 0; t < rowCount; t += 1) {
    __m512 sums;
    if (isNarrowTile) {
      sums = _mm512_cvtepi32_ps(narrowSums(parts, t));
    } else {
      sums = _mm512_insertf32x8(_mm512_castps256_ps512(roundedSums(parts, t, 0)),
                                roundedSums(parts, t, 8), 1);
    }
    storeScaled(sums, powerOfTwo(target.rowExponents[t]), columnFactors, columnCount,
                target.output + t * target.rowStride);
  }
}

/** Stores the canonical results of 16 columns of I8 from the two halves of their sums. */
VIVIAN_INLINE void storeOneParts(const int32_t (*one)[REGISTER_SIDE],
                                 const int32_t (*two)[REGISTER_SIDE], int64_t rowCount,
                                 int64_t columnCount, bool isPlain, const Target& target) {
  if (!isPlain) {
    for (int64_t t = 0; t < rowCount; t += 1) {
      for (int64_t c = 0; c < columnCount; c += 1) {
        const int32_t exponent = target.rowExponents[t] + target.columnExponents[c];
        target.output[t * target.rowStride + c] = roundSum(one[t][c] + two[t][c], exponent);
      }
    }
    return;
  }
  const __m512 columnFactors = factorsOf(target.columnExponents, columnCount);
  for (int t = 0; t < rowCount; t += 1) {
    const __m512i sum = _mm512_add_epi32(_mm512_load_si512(one[t]), _mm512_load_si512(two[t]));
    storeScaled(_mm512_cvtepi32_ps(sum), powerOfTwo(target.rowExponents[t]), columnFactors,
                columnCount, target.output + t * target.rowStride);
  }
}

/** Multiplies one tile and stores its canonical results; a KernelState is open. */
VIVIAN_INLINE void byteProductTile(const ByteTile& from, int64_t rowCount, int64_t columnCount,
                                   const Target& target) {
  Parts parts;
  const bool isPlain = arePlain(target.rowExponents, rowCount) &&
                       arePlain(target.columnExponents, columnCount);
  if (from.planes == 1) multiplyOnes(from, from.columns, parts);
  for (int64_t c = 0; c < columnCount; c += REGISTER_SIDE) {
    const int64_t count = smaller(REGISTER_SIDE, columnCount - c);
    const Target half = {target.output + c, target.rowStride, target.rowExponents,
                         target.columnExponents + c};
    if (from.planes == 1) {
      const int64_t at = c / REGISTER_SIDE;
      storeOneParts(parts.part[at], parts.part[at + 2], rowCount, count, isPlain, half);
    } else {
      multiplyDigits(from, from.columns + c, parts);
      storeDigitParts(parts, rowCount, count, isPlain, half);
    }
  }
}

}  // namespace
}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
