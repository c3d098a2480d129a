// Decides what a shape rule is given and how it refuses.
#pragma once
#include <initializer_list>
#include <vector>

#include "program.h"

namespace vivian {

/** The operands, attributes and stated shape of one op record. */
struct Given {
  const Shape* inputs[2];
  const std::vector<int32_t>& attributes;
  const Shape& shape;
};

inline Refusal wrongShape(const char* rule) { return {"ENGINE_SHAPE", rule}; }
inline Refusal wrongAttribute(const char* rule) { return {"ENGINE_ATTRIBUTE", rule}; }

inline Refusal same(const Shape& shape, const Shape& expected) {
  return shape == expected ? Refusal{} : wrongShape("the record states the op's shape");
}

inline bool canonicalAttribute(int32_t bits) { return isCanonicalBits((uint32_t)bits); }

// Rules of ops for sequences (sequence-shape-rules.cc).
Refusal checkBatchMatmul(const Given& g);
Refusal checkEmbedding(const Given& g);
Refusal checkEmbeddingGradient(const Given& g);
Refusal checkCausalMask(const Given& g);
Refusal checkRange(const Given& g);
Refusal checkPad(const Given& g);
Refusal checkDropoutMask(const Given& g);

}  // namespace vivian
