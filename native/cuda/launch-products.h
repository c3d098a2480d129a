// Decides what the launches of matrices and of convolutions have in common.
#pragma once
#include "launch.h"

namespace vivian {
namespace cuda {

inline int64_t ceilDivide(int64_t a, int64_t b) { return (a + b - 1) / b; }

/** Bytes of a line of so many numbers. */
inline int64_t paddedLine(int64_t numbers) {
  return ceilDivide(numbers, LINE_MULTIPLE) * LINE_MULTIPLE;
}

/** Planes of bytes that a profile's numbers are made of. */
inline int planesOf(int32_t profile) { return profile == 2 ? 1 : 3; }

/** Bytes of a part, and how many there are. Does not depend on the device: nor must scratch. */
void planParts(ProductCall& p, int64_t total);
void multiply(const ProductCall& p, int32_t profile);
/** What parts are added up in, before `multiply`; `finish` comes after it. */
void zeroSums(const ProductCall& p);
void finish(const ProductCall& p);
/** A whole product over packed sides. */
void multiplyAll(const ProductCall& p, int32_t profile);
/** Takes the packed bytes and exponents of a side. */
void planSide(SideCall& side, ScratchPieces& pieces);
/** One side alone. */
void quantise(const SideCall& side);

}  // namespace cuda
}  // namespace vivian
