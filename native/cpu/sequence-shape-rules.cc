// Decides which shapes and attributes the ops for sequences accept: batched products, tables of
// tokens, masks and positions. The rules of src-main/engine/ops.
#include "shape-rules.h"

namespace vivian {

namespace {

/** Integers up to here are exact in an f32. */
constexpr int64_t RANGE_MAX = 16777216;

bool isFlag(int32_t value) { return value == 0 || value == 1; }

}  // namespace

Refusal checkBatchMatmul(const Given& g) {
  const std::vector<int32_t>& t = g.attributes;
  if (t.size() != 3 || t[0] < 0 || t[0] > 2 || !isFlag(t[1]) || !isFlag(t[2])) {
    return wrongAttribute("profile 0 to 2, then two flags, 0 or 1");
  }
  const Shape& a = *g.inputs[0];
  const Shape& b = *g.inputs[1];
  if (a.rank < 3 || b.rank != a.rank) return wrongShape("rank 3 at least, equal leading axes");
  const uint32_t last = a.rank - 1;
  for (uint32_t d = 0; d + 1 < last; d += 1) {
    if (a.dims[d] != b.dims[d]) return wrongShape("rank 3 at least, equal leading axes");
  }
  const int64_t k = a.dims[t[1] == 1 ? last - 1 : last];
  if (k != b.dims[t[2] == 1 ? last : last - 1]) return wrongShape("[..., M, K] and [..., K, N]");
  if (k > CONTRACTION_MAX) return {"ENGINE_LIMIT", "the contraction is too long"};
  Shape expected = a;
  expected.dims[last - 1] = a.dims[t[1] == 1 ? last : last - 1];
  expected.dims[last] = b.dims[t[2] == 1 ? last - 1 : last];
  return same(g.shape, expected);
}

Refusal checkEmbedding(const Given& g) {
  if (!g.attributes.empty()) return wrongAttribute("takes no attributes");
  const Shape& table = *g.inputs[0];
  const Shape& tokens = *g.inputs[1];
  if (table.rank != 2 || tokens.rank >= PROGRAM_RANK_MAX) return wrongShape("the table is [V, D]");
  Shape expected = tokens;
  expected.dims[expected.rank] = table.dims[1];
  expected.rank += 1;
  return same(g.shape, expected);
}

Refusal checkEmbeddingGradient(const Given& g) {
  if (g.attributes.size() != 1 || g.attributes[0] < 1) {
    return wrongAttribute("one attribute, the rows of the table");
  }
  const Shape& tokens = *g.inputs[0];
  const Shape& dy = *g.inputs[1];
  Shape leading = dy;
  leading.rank -= 1;
  if (dy.rank != tokens.rank + 1 || !(leading == tokens)) {
    return wrongShape("tokens [...] and dy [..., D]");
  }
  if (tokens.count > SUM_AXIS_MAX) return {"ENGINE_LIMIT", "too many positions"};
  Shape expected;
  expected.rank = 2;
  expected.dims[0] = g.attributes[0];
  expected.dims[1] = dy.dims[dy.rank - 1];
  return same(g.shape, expected);
}

Refusal checkCausalMask(const Given& g) {
  if (g.attributes.size() != 2 || !canonicalAttribute(g.attributes[1])) {
    return wrongAttribute("offset, then the bits of a canonical number");
  }
  if (g.inputs[0]->rank < 2) return wrongShape("rank 2 at least");
  return same(g.shape, *g.inputs[0]);
}

Refusal checkRange(const Given& g) {
  if (g.attributes.size() != 1 || g.attributes[0] < 0 ||
      (uint32_t)g.attributes[0] >= g.shape.rank) {
    return wrongAttribute("one attribute, an axis that exists");
  }
  if (g.shape.dims[g.attributes[0]] > RANGE_MAX) return {"ENGINE_LIMIT", "the axis is too long"};
  return {};
}

Refusal checkPad(const Given& g) {
  const std::vector<int32_t>& t = g.attributes;
  if (t.size() != 3) return wrongAttribute("three: axis, before, after");
  if (t[0] < 0 || (uint32_t)t[0] >= g.inputs[0]->rank) return wrongAttribute("the axis exists");
  if (t[1] < 0 || t[2] < 0) return wrongAttribute("counts of zeros");
  Shape expected = *g.inputs[0];
  expected.dims[t[0]] += (int64_t)t[1] + t[2];
  return same(g.shape, expected);
}

Refusal checkDropoutMask(const Given& g) {
  if (g.attributes.size() != 3 || !canonicalAttribute(g.attributes[1])) {
    return wrongAttribute("threshold, bits of a canonical number, layer");
  }
  if (g.inputs[0]->rank != 1 || g.inputs[0]->dims[0] != 2) return wrongShape("the key is [2]");
  return {};
}

}  // namespace vivian
