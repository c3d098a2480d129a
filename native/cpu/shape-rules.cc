// Decides which shapes and attributes each op accepts; the rules of src-main/engine/ops, so that no
// kernel ever reads or writes outside a tensor.
#include "shape-rules.h"

namespace vivian {

namespace {

bool withoutAttributes(const Given& g) { return g.attributes.empty(); }

/** A shape to compare with; its count stays 0, because expected sizes may be beyond an int64. */
Shape shapeOf(std::initializer_list<int64_t> dims) {
  Shape shape;
  for (const int64_t dim : dims) {
    shape.dims[shape.rank] = dim;
    shape.rank += 1;
  }
  return shape;
}

Refusal checkLoad(const Given& g) {
  if (g.attributes.size() != 1 || g.attributes[0] < 0 || g.attributes[0] > 3) {
    return wrongAttribute("one attribute, encoding 0 to 3");
  }
  if (g.shape.rank != 2 || g.shape.dims[1] < 2) return wrongShape("[samples, features + 1]");
  return {};
}

Refusal checkSlice(const Given& g) {
  if (g.attributes.size() != 3) return wrongAttribute("three: axis, first, count");
  const int32_t axis = g.attributes[0];
  const int64_t first = g.attributes[1];
  const int64_t count = g.attributes[2];
  if (axis < 0 || (uint32_t)axis >= g.inputs[0]->rank) return wrongAttribute("the axis exists");
  if (first < 0 || count < 1 || first + count > g.inputs[0]->dims[axis]) {
    return wrongAttribute("the part lies inside the axis and is not empty");
  }
  Shape expected = *g.inputs[0];
  expected.dims[axis] = count;
  return same(g.shape, expected);
}

Refusal checkReshape(const Given& g) {
  if (!withoutAttributes(g)) return wrongAttribute("takes no attributes");
  if (g.shape.count != g.inputs[0]->count) return wrongShape("the element count stays the same");
  return {};
}

Refusal checkTranspose(const Given& g) {
  const Shape& x = *g.inputs[0];
  if (g.attributes.size() != x.rank) return wrongAttribute("each axis exactly once");
  bool seen[PROGRAM_RANK_MAX] = {};
  Shape expected = x;
  for (uint32_t d = 0; d < x.rank; d += 1) {
    const int32_t axis = g.attributes[d];
    if (axis < 0 || (uint32_t)axis >= x.rank || seen[axis]) {
      return wrongAttribute("each axis exactly once");
    }
    seen[axis] = true;
    expected.dims[d] = x.dims[axis];
  }
  return same(g.shape, expected);
}

Refusal checkOneHot(const Given& g) {
  if (g.attributes.size() != 1 || g.attributes[0] < 1) return wrongAttribute("number of classes");
  const Shape& labels = *g.inputs[0];
  if (labels.rank != 2 || labels.dims[1] != 1) return wrongShape("labels are [B, 1]");
  return same(g.shape, shapeOf({labels.dims[0], g.attributes[0]}));
}

Refusal checkConstant(const Given& g) {
  if (g.attributes.size() != 1 || !canonicalAttribute(g.attributes[0])) {
    return wrongAttribute("one attribute, the bits of a canonical number");
  }
  return {};
}

Refusal checkSchedule(const Given& g) {
  const std::vector<int32_t>& a = g.attributes;
  if (a.empty() || a[0] < 1 || a.size() != 1 + 2 * (size_t)a[0]) {
    return wrongAttribute("count, then as many (step, bits) pairs");
  }
  if (a[1] != 1) return wrongAttribute("the first entry is for step 1");
  for (size_t at = 1; at < a.size(); at += 2) {
    if (at > 1 && a[at] <= a[at - 2]) return wrongAttribute("steps ascend");
    if (!canonicalAttribute(a[at + 1])) return wrongAttribute("each value is canonical");
  }
  return same(g.shape, shapeOf({1}));
}

Refusal checkBinary(const Given& g) {
  if (!withoutAttributes(g)) return wrongAttribute("takes no attributes");
  const Shape& a = *g.inputs[0];
  const Shape& b = *g.inputs[1];
  if (a.rank != b.rank) return wrongShape("both inputs have the same rank");
  Shape expected = a;
  for (uint32_t d = 0; d < a.rank; d += 1) {
    if (a.dims[d] != b.dims[d] && a.dims[d] != 1 && b.dims[d] != 1) {
      return wrongShape("each dimension is equal, or 1 in one input");
    }
    expected.dims[d] = a.dims[d] > b.dims[d] ? a.dims[d] : b.dims[d];
  }
  return same(g.shape, expected);
}

Refusal checkUnary(const Given& g) {
  if (!withoutAttributes(g)) return wrongAttribute("takes no attributes");
  return same(g.shape, *g.inputs[0]);
}

Refusal checkPair(const Given& g) {
  if (!withoutAttributes(g)) return wrongAttribute("takes no attributes");
  if (!(*g.inputs[0] == *g.inputs[1])) return wrongShape("both inputs have one shape");
  return same(g.shape, *g.inputs[0]);
}

Refusal checkBias(const Given& g) {
  if (!withoutAttributes(g)) return wrongAttribute("takes no attributes");
  const Shape& x = *g.inputs[0];
  const Shape& b = *g.inputs[1];
  if (b.rank != 1 || b.dims[0] != x.dims[x.rank - 1]) {
    return wrongShape("b is [C] where x is [..., C]");
  }
  return same(g.shape, x);
}

Refusal checkMatmul(const Given& g) {
  if (g.attributes.size() != 1 || g.attributes[0] < 0 || g.attributes[0] > 2) {
    return wrongAttribute("one attribute, profile 0, 1 or 2");
  }
  const Shape& a = *g.inputs[0];
  const Shape& b = *g.inputs[1];
  if (a.rank != 2 || b.rank != 2 || a.dims[1] != b.dims[0]) {
    return wrongShape("[M, K] and [K, N]");
  }
  if (a.dims[1] > CONTRACTION_MAX) return {"ENGINE_LIMIT", "the contraction is too long"};
  return same(g.shape, shapeOf({a.dims[0], b.dims[1]}));
}

/** Checks image x, filter w and output y of one convolution against each other. */
Refusal checkConv(const Shape& x, const Shape& w, const Shape& y,
                  const std::vector<int32_t>& attributes) {
  if (attributes.size() != 3 || (attributes[0] != 0 && attributes[0] != 2)) {
    return wrongAttribute("profile 0 or 2, stride, pad");
  }
  const int64_t stride = attributes[1];
  const int64_t pad = attributes[2];
  if (stride < 1 || pad < 0 || pad > CONTRACTION_MAX) {
    return wrongAttribute("stride is at least 1, pad is not negative");
  }
  if (x.rank != 4 || w.rank != 4 || y.rank != 4 || x.dims[3] != w.dims[2]) {
    return wrongShape("[N, H, W, C] and [KH, KW, C, O]");
  }
  const int64_t height = x.dims[1] + 2 * pad - w.dims[0];
  const int64_t width = x.dims[2] + 2 * pad - w.dims[1];
  if (height < 0 || width < 0) return wrongShape("the filter fits into the padded image");
  const Shape expected =
      shapeOf({x.dims[0], height / stride + 1, width / stride + 1, w.dims[3]});
  if (!(y == expected)) return wrongShape("y is [N, OH, OW, O]");
  const int64_t taps = w.dims[0] * w.dims[1];
  const int64_t pixels = y.dims[0] * y.dims[1] * y.dims[2];
  if (taps * x.dims[3] > CONTRACTION_MAX || taps * w.dims[3] > CONTRACTION_MAX ||
      pixels > CONTRACTION_MAX) {
    return {"ENGINE_LIMIT", "the contraction is too long"};
  }
  // Doubles, because the product may be far above 2^63; the limit itself is exact.
  const double rows = (double)(x.dims[1] + 2 * pad + w.dims[0]);
  const double columns = (double)(x.dims[2] + 2 * (pad + stride) + w.dims[1]);
  const double channels = (double)(x.dims[3] > w.dims[3] ? x.dims[3] : w.dims[3]) + 1;
  if (rows * columns * channels > (double)PADDED_IMAGE_MAX) {
    return {"ENGINE_UNSUPPORTED", "the padded image is too large for this backend"};
  }
  return {};
}

Refusal checkPool(const Shape& x, const Shape& y, const std::vector<int32_t>& attributes) {
  if (attributes.size() != 2 || attributes[0] < 1 || attributes[1] < attributes[0]) {
    return wrongAttribute("size, stride; stride is at least size");
  }
  const int64_t size = attributes[0];
  const int64_t stride = attributes[1];
  if (x.rank != 4 || x.dims[1] < size || x.dims[2] < size) {
    return wrongShape("[N, H, W, C], at least one window");
  }
  return same(y, shapeOf({x.dims[0], (x.dims[1] - size) / stride + 1,
                          (x.dims[2] - size) / stride + 1, x.dims[3]}));
}

Refusal checkReduction(const Given& g) {
  const Shape& x = *g.inputs[0];
  if (g.attributes.size() != 1 || g.attributes[0] < 0 || (uint32_t)g.attributes[0] >= x.rank) {
    return wrongAttribute("one attribute, an axis that exists");
  }
  if (x.dims[g.attributes[0]] > SUM_AXIS_MAX) return {"ENGINE_LIMIT", "the axis is too long"};
  Shape expected = x;
  expected.dims[g.attributes[0]] = 1;
  return same(g.shape, expected);
}

size_t inputCount(OpKind kind) {
  switch (kind) {
    case LOAD:
    case CONSTANT:
    case SCHEDULE:
    case RANGE:
      return 0;
    case ADD:
    case SUB:
    case MUL:
    case DIV:
    case RELU_GRADIENT:
    case BIAS:
    case MATMUL:
    case CONV2D:
    case CONV2D_GRADIENT_INPUT:
    case CONV2D_GRADIENT_FILTER:
    case MAX_POOL_GRADIENT:
    case BATCH_MATMUL:
    case EMBEDDING:
    case EMBEDDING_GRADIENT:
    case GELU_GRADIENT:
      return 2;
    default:
      return 1;
  }
}

Refusal checkGiven(OpKind kind, const Given& g) {
  switch (kind) {
    case LOAD: return checkLoad(g);
    case SLICE: return checkSlice(g);
    case RESHAPE: return checkReshape(g);
    case TRANSPOSE: return checkTranspose(g);
    case ONE_HOT: return checkOneHot(g);
    case CONSTANT: return checkConstant(g);
    case SCHEDULE: return checkSchedule(g);
    case ADD:
    case SUB:
    case MUL:
    case DIV: return checkBinary(g);
    case SQRT:
    case EXP:
    case LOG:
    case SIGMOID:
    case TANH:
    case ERF:
    case GELU:
    case SIN:
    case COS:
    case RELU: return checkUnary(g);
    case GELU_GRADIENT:
    case RELU_GRADIENT: return checkPair(g);
    case BIAS: return checkBias(g);
    case MATMUL: return checkMatmul(g);
    case CONV2D: return checkConv(*g.inputs[0], *g.inputs[1], g.shape, g.attributes);
    case CONV2D_GRADIENT_INPUT:
      return checkConv(g.shape, *g.inputs[1], *g.inputs[0], g.attributes);
    case CONV2D_GRADIENT_FILTER:
      return checkConv(*g.inputs[0], g.shape, *g.inputs[1], g.attributes);
    case MAX_POOL: return checkPool(*g.inputs[0], g.shape, g.attributes);
    case MAX_POOL_GRADIENT: {
      const Refusal refused = checkPool(*g.inputs[0], *g.inputs[1], g.attributes);
      return refused ? refused : same(g.shape, *g.inputs[0]);
    }
    case SUM:
    case MAX:
    case MEAN: return checkReduction(g);
    case BATCH_MATMUL: return checkBatchMatmul(g);
    case EMBEDDING: return checkEmbedding(g);
    case EMBEDDING_GRADIENT: return checkEmbeddingGradient(g);
    case CAUSAL_MASK: return checkCausalMask(g);
    case RANGE: return checkRange(g);
    case PAD: return checkPad(g);
    case DROPOUT_MASK: return checkDropoutMask(g);
    default: return {"ENGINE_UNKNOWN_OP", "not known"};
  }
}

}  // namespace

Refusal checkOpShape(const Program& program, const ProgramOp& op) {
  if (op.inputs.size() != inputCount(op.kind)) {
    return {"ENGINE_REFERENCE", "wrong number of inputs"};
  }
  const Shape* first = op.inputs.empty() ? nullptr : &program.shapeOf(op.inputs[0]);
  const Shape* second = op.inputs.size() < 2 ? nullptr : &program.shapeOf(op.inputs[1]);
  return checkGiven(op.kind, Given{{first, second}, op.attributes, op.shape});
}

}  // namespace vivian
