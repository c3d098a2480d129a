// Decides how the numbers of a product are quantised where its kernel multiplies bytes. A number of
// I8 is one byte. One of I14 is two digits, q = 128·high + low with |high| ≤ 63 and −64 ≤ low ≤ 63,
// which the bound 8127 = 63·128 + 63 allows; each digit has a plane of its own.
//
// Four numbers of a line make a word. A line's planes follow each other; a block of columns is
// [plane][word][COLUMN_BLOCK][4].
#pragma once
#include <immintrin.h>

#include "pack-lines.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

/** Flips every byte's sign: what a signed byte is, less 128, as an unsigned one. */
constexpr int32_t UNSIGNED_BYTES = (int32_t)0x80808080;

/** q + 64 where the digits are two, q where it is one; only the low bits count. */
VIVIAN_INLINE __m512i quantisedLanes(const float* values, __m512 factors, int32_t planes) {
  const __m512 scaled = _mm512_mul_ps(_mm512_loadu_ps(values), factors);
  const __m512 rounded = _mm512_add_ps(scaled, _mm512_set1_ps(ROUND_MAGIC));
  const __m512i bits = _mm512_castps_si512(rounded);
  return planes == 1 ? bits : _mm512_add_epi32(bits, _mm512_set1_epi32(64));
}

/** The lower digit, from bytes of q + 64. */
VIVIAN_INLINE __m128i lowDigits(__m128i bytes) {
  const __m128i kept = _mm_and_si128(bytes, _mm_set1_epi8(127));
  return _mm_sub_epi8(kept, _mm_set1_epi8(64));
}
VIVIAN_INLINE __m512i lowDigits(__m512i bytes) {
  const __m512i kept = _mm512_and_si512(bytes, _mm512_set1_epi8(127));
  return _mm512_sub_epi8(kept, _mm512_set1_epi8(64));
}

VIVIAN_INLINE void storeDigits(int32_t q, int32_t planes, int8_t* target, int64_t planeBytes) {
  if (planes == 1) {
    target[0] = (int8_t)q;
    return;
  }
  target[0] = (int8_t)((q + 64) >> 7);
  target[planeBytes] = (int8_t)(((q + 64) & 127) - 64);
}

/** Number k of a side's line, quantised by the rule for any exponent. */
VIVIAN_INLINE int32_t quantisedNumber(const Side& side, const Shifts& shifts, int64_t line,
                                      int64_t k, float value) {
  const int32_t shift = side.sign * shifts.shifts[k] - side.exponents[line];
  return quantiseShifted(bitsOf(value), shift);
}

/** Line `i` of a side whose lines lie one after the other, zeros up to whole planes. */
inline void quantiseLineAsBytes(const Side& side, const Shifts& shifts, bool arePlain, int64_t i,
                                int32_t planes, int64_t planeBytes, int8_t* target) {
  const float* line = side.values + i * side.stride;
  int64_t k = 0;
  if (arePlain) {
    const float* each = side.sign > 0 ? shifts.factors : shifts.inverses;
    const __m512 factor = _mm512_set1_ps(side.factors[i]);
    for (; k + 16 <= side.k; k += 16) {
      const __m512 own =
          shifts.isPlain ? factor : _mm512_mul_ps(factor, _mm512_loadu_ps(each + k));
      const __m512i q = quantisedLanes(line + k, own, planes);
      __m128i first = _mm512_cvtepi32_epi8(q);
      if (planes == 2) {
        _mm_storeu_si128((__m128i*)(target + planeBytes + k), lowDigits(first));
        first = _mm512_cvtepi32_epi8(_mm512_srai_epi32(q, 7));
      }
      _mm_storeu_si128((__m128i*)(target + k), first);
    }
  }
  for (; k < side.k; k += 1) {
    storeDigits(quantisedNumber(side, shifts, i, k, line[k]), planes, target + k, planeBytes);
  }
  for (; k < planeBytes; k += 1) {
    for (int32_t plane = 0; plane < planes; plane += 1) target[plane * planeBytes + k] = 0;
  }
}

/** The low byte of each lane of four vectors, first in the lowest byte. */
VIVIAN_INLINE __m512i joinBytes(__m512i one, __m512i two, __m512i three, __m512i four) {
  const __m512i low = _mm512_mask_mov_epi8(one, 0x2222222222222222, _mm512_slli_epi32(two, 8));
  const __m512i next = _mm512_mask_mov_epi8(low, 0x4444444444444444, _mm512_slli_epi32(three, 16));
  return _mm512_mask_mov_epi8(next, 0x8888888888888888, _mm512_slli_epi32(four, 24));
}

/** Where a block's words go: planes of [word][stride] int32, each byte's sign flipped by `flip`. */
struct WordTarget {
  int32_t* words;
  int64_t stride;      // words from word row to word row
  int64_t planeWords;  // words from plane to plane
  int32_t planes;
  int32_t flip;
};

/** Four neighbouring numbers of LANES lines; `factors` one vector each. */
VIVIAN_INLINE void packWords(const float* values, int64_t stride, const __m512* factors,
                             const WordTarget& target, int32_t* words) {
  const int32_t planes = target.planes;
  const __m512i one = quantisedLanes(values, factors[0], planes);
  const __m512i two = quantisedLanes(values + stride, factors[1], planes);
  const __m512i three = quantisedLanes(values + 2 * stride, factors[2], planes);
  const __m512i four = quantisedLanes(values + 3 * stride, factors[3], planes);
  const __m512i flip = _mm512_set1_epi32(target.flip);
  const __m512i joined = joinBytes(one, two, three, four);
  if (planes == 1) {
    _mm512_storeu_si512(words, _mm512_xor_si512(joined, flip));
    return;
  }
  const __m512i high = joinBytes(_mm512_srai_epi32(one, 7), _mm512_srai_epi32(two, 7),
                                 _mm512_srai_epi32(three, 7), _mm512_srai_epi32(four, 7));
  _mm512_storeu_si512(words, _mm512_xor_si512(high, flip));
  _mm512_storeu_si512(words + target.planeWords, _mm512_xor_si512(lowDigits(joined), flip));
}

/** The same for any exponent and any count of lines and of numbers. */
inline void packWordsSlowly(const Side& side, const Shifts& shifts, const Lines& lines, int64_t k,
                            int64_t firstLine, const WordTarget& target, int32_t* words) {
  for (int64_t c = firstLine; c < target.stride; c += 1) {
    int8_t digits[2][4] = {};
    for (int64_t i = 0; i < 4 && k + i < side.k && c < lines.count; i += 1) {
      const float value = side.values[(k + i) * side.stride + lines.first + c];
      const int32_t q = quantisedNumber(side, shifts, lines.first + c, k + i, value);
      storeDigits(q, target.planes, &digits[0][i], 4);
    }
    for (int32_t plane = 0; plane < target.planes; plane += 1) {
      int32_t word;
      memcpy(&word, digits[plane], 4);
      words[plane * target.planeWords + c] = word ^ target.flip;
    }
  }
}

/** Neighbouring lines of an across side as words; what lies beyond lines and numbers is zeros. */
inline void packBlockAsBytes(const Side& side, const Shifts& shifts, bool arePlain,
                             const Lines& lines, const WordTarget& target) {
  const float* each = side.sign > 0 ? shifts.factors : shifts.inverses;
  const int64_t vectors = smaller(lines.readable / 16, (lines.count + 15) / 16);
  const int64_t whole = arePlain ? vectors * 16 : 0;
  const int64_t wordCount = target.planeWords / target.stride;
  for (int64_t word = 0; word < wordCount; word += 1) {
    const int64_t k = 4 * word;
    int32_t* words = target.words + word * target.stride;
    const bool isWhole = k + 4 <= side.k;
    for (int64_t c = 0; isWhole && c < whole; c += 16) {
      const __m512 own = _mm512_loadu_ps(lines.factors + c);
      __m512 factors[4] = {own, own, own, own};
      for (int i = 0; i < 4 && !shifts.isPlain; i += 1) {
        factors[i] = _mm512_mul_ps(own, _mm512_set1_ps(each[k + i]));
      }
      packWords(side.values + k * side.stride + lines.first + c, side.stride, factors, target,
                words + c);
    }
    const int64_t done = isWhole ? whole : 0;
    if (done < target.stride) packWordsSlowly(side, shifts, lines, k, done, target, words);
  }
}

/** Flips the signs of `count` words. */
VIVIAN_INLINE void flipWords(int32_t* words, int64_t count, int32_t flip) {
  if (flip == 0) return;
  for (int64_t i = 0; i < count; i += 1) words[i] ^= flip;
}

}  // namespace
}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
