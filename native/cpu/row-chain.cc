// Decides the rows of a chain: every op in it works on all elements, on one number a row, or
// reduces rows to one number.
#include "row-chain.h"

#include "row-call.h"

namespace vivian {

namespace {

bool isReduction(OpKind kind) { return kind == SUM || kind == MEAN || kind == MAX; }

bool isElementwise(OpKind kind) {
  switch (kind) {
    case ADD:
    case SUB:
    case MUL:
    case DIV:
    case BIAS:
    case RELU:
    case RELU_GRADIENT:
    case GELU:
    case GELU_GRADIENT:
    case SQRT:
    case EXP:
    case LOG:
    case SIGMOID:
    case TANH:
    case ERF:
    case CAUSAL_MASK: return true;
    default: return false;
  }
}

/** What one op asks of the rows: elements it works on, and their width where it has one. */
bool rowsOf(const Program& program, const ProgramOp& op, int64_t& count, int64_t& width) {
  count = op.shape.count;
  width = 0;
  if (isReduction(op.kind)) {
    const Shape& x = program.shapeOf(op.inputs[0]);
    const uint32_t axis = (uint32_t)op.attributes[0];
    for (uint32_t d = axis + 1; d < x.rank; d += 1) {
      if (x.dims[d] != 1) return false;
    }
    count = x.count;
    width = x.dims[axis];
    return width >= 2 && width < count;
  }
  if (!isElementwise(op.kind) || count < 2) return false;
  if (op.kind == CAUSAL_MASK) width = op.shape.dims[op.shape.rank - 1];
  if (op.kind == BIAS) width = program.shapeOf(op.inputs[1]).count;
  for (const Reference& input : op.inputs) {
    if (op.kind == BIAS) break;
    Walk walk;
    int64_t wanted = 0;
    if (!walkOf(op.shape, program.shapeOf(input), walk, wanted)) return false;
    if (wanted == 0) continue;
    if (width != 0 && width != wanted) return false;
    width = wanted;
  }
  return width == 0 || (width >= 2 && width < count);
}

}  // namespace

bool walkOf(const Shape& shape, const Shape& operand, Walk& walk, int64_t& width) {
  width = 0;
  walk = Walk::FULL;
  if (operand.count == shape.count) return true;
  walk = Walk::SINGLE;
  if (operand.count == 1) return true;
  if (operand.rank != shape.rank) return false;
  uint32_t split = 0;
  while (split < shape.rank && operand.dims[split] == shape.dims[split]) split += 1;
  uint32_t end = split;
  while (end < shape.rank && operand.dims[end] == 1) end += 1;
  if (end == shape.rank) {
    walk = Walk::ROW;
    width = shape.count / operand.count;
    return true;
  }
  split = 0;
  while (split < shape.rank && operand.dims[split] == 1) split += 1;
  for (uint32_t d = split; d < shape.rank; d += 1) {
    if (operand.dims[d] != shape.dims[d]) return false;
  }
  walk = Walk::COLUMN;
  width = operand.count;
  return true;
}

bool RowChain::feeds(uint32_t op) const {
  for (const Reference& input : program_.ops[op].inputs) {
    const Reference root = rootOf(program_, input);
    if (!root.isState && members_.count(root.index) != 0) return true;
  }
  return false;
}

/** Whether the op fits, and the elements and width that the chain then has. */
bool RowChain::fits(uint32_t index, int64_t& count, int64_t& width) const {
  const ProgramOp& op = program_.ops[index];
  int64_t own = 0;
  int64_t ownWidth = 0;
  if (!rowsOf(program_, op, own, ownWidth)) return false;
  count = count_;
  width = width_;
  if (count_ == 0 || own == count_) {
    if (width != 0 && ownWidth != 0 && width != ownWidth) return false;
    count = own;
    if (width == 0) width = ownWidth;
  } else if (width_ != 0 && own == count_ / width_) {
    if (ownWidth != 0) return false;
  } else if (width_ == 0 && ownWidth != 0 && own / ownWidth == count_) {
    // What was element by element so far is one number a row from now on.
    count = own;
    width = ownWidth;
  } else {
    return false;
  }
  for (const Reference& input : op.inputs) {
    const Reference root = rootOf(program_, input);
    if (root.isState || members_.count(root.index) == 0) continue;
    const int64_t have = program_.shapeOf(input).count;
    // A value of the chain is never repeated from row to row.
    Walk walk = Walk::FULL;
    int64_t ignored = 0;
    if (op.kind == BIAS) {
      if (have != op.shape.count) return false;
    } else if (isElementwise(op.kind)) {
      if (!walkOf(op.shape, program_.shapeOf(input), walk, ignored)) return false;
      if (walk == Walk::COLUMN || walk == Walk::SINGLE) return false;
    }
  }
  return true;
}

bool RowChain::join(uint32_t op) {
  int64_t count = 0;
  int64_t width = 0;
  if ((int32_t)ops_.size() >= ROW_OPS_MAX || !fits(op, count, width)) return false;
  ops_.push_back(op);
  members_.insert(op);
  count_ = count;
  width_ = width;
  return true;
}

}  // namespace vivian
