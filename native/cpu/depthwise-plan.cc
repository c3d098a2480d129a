// Decides by going backwards from each op that such a part ends in. What a reshape makes is
// compared dimension by dimension; other ops' shapes follow from those by their own rules.
#include "depthwise-plan.h"

#include <initializer_list>

namespace vivian {

namespace {

constexpr int64_t SIZE = 3;
constexpr int32_t ONE_BITS = 0x3f800000;

/** Windows along one axis: `count` of them, a stride apart. */
struct Spread {
  Reference from;
  int64_t stride, count;
};

/** Windows of an image [images, height, width, channels]. */
struct Windows {
  Reference image;
  int64_t images, height, width, channels, stride, outHeight, outWidth;
};

class Finder {
 public:
  explicit Finder(const Program& program) : program_(program) {}

  bool find(uint32_t last, DepthwiseOps& ops) const {
    ops = {};
    ops.last = last;
    const OpKind kind = program_.ops[last].kind;
    if (kind == ADD) return findInput(ops);
    return kind == SUM && (findForward(ops) || findFilter(ops));
  }

 private:
  const Shape& shapeOf(Reference value) const { return program_.shapeOf(value); }

  /** The op behind a value where it is of this kind with these attributes. */
  const ProgramOp* opOf(Reference value, OpKind kind,
                        std::initializer_list<int64_t> attributes = {}) const {
    if (value.isState || program_.ops[value.index].kind != kind) return nullptr;
    const ProgramOp& op = program_.ops[value.index];
    if (op.attributes.size() != attributes.size()) return nullptr;
    size_t at = 0;
    for (const int64_t wanted : attributes) {
      if (op.attributes[at] != wanted) return nullptr;
      at += 1;
    }
    return &op;
  }

  static bool is(const Shape& shape, std::initializer_list<int64_t> dims) {
    if (shape.rank != dims.size()) return false;
    uint32_t at = 0;
    for (const int64_t wanted : dims) {
      if (shape.dims[at] != wanted) return false;
      at += 1;
    }
    return true;
  }

  /** Whether `split` is `whole` with dimension `axis` split in two, the second of `inner`. */
  static bool isSplit(const Shape& whole, uint32_t axis, int64_t inner, const Shape& split) {
    if (split.rank != whole.rank + 1 || split.dims[axis + 1] != inner) return false;
    for (uint32_t d = 0; d < whole.rank; d += 1) {
      const int64_t dim = d == axis ? split.dims[d] * inner : split.dims[d > axis ? d + 1 : d];
      if (dim != whole.dims[d]) return false;
    }
    return true;
  }

  /** What is reshaped into this value, with dimension `axis` split off `inner` or joined again. */
  bool unsplit(Reference value, uint32_t axis, int64_t inner, Reference& before) const {
    const ProgramOp* op = opOf(value, RESHAPE);
    if (op == nullptr) return false;
    before = op->inputs[0];
    return isSplit(shapeOf(before), axis, inner, op->shape);
  }
  bool unjoin(Reference value, uint32_t axis, int64_t inner, Reference& before) const {
    const ProgramOp* op = opOf(value, RESHAPE);
    if (op == nullptr) return false;
    before = op->inputs[0];
    return isSplit(op->shape, axis, inner, shapeOf(before));
  }

  /** The three values of (first + second) + third. */
  bool addends(Reference value, Reference* parts) const {
    const ProgramOp* outer = opOf(value, ADD);
    if (outer == nullptr) return false;
    const ProgramOp* inner = opOf(outer->inputs[0], ADD);
    if (inner == nullptr) return false;
    parts[0] = inner->inputs[0];
    parts[1] = inner->inputs[1];
    parts[2] = outer->inputs[1];
    return true;
  }

  /** Beyond zeros at the end of an axis, where the windows read none of them. */
  Reference withoutEnd(const Spread& spread, uint32_t axis) const {
    const Reference value = spread.from;
    if (value.isState || program_.ops[value.index].kind != PAD) return value;
    const ProgramOp& op = program_.ops[value.index];
    if (op.attributes[0] != (int32_t)axis || op.attributes[1] != 0) return value;
    const int64_t read = spread.stride * (spread.count - 1) + SIZE;
    return read <= shapeOf(op.inputs[0]).dims[axis] ? op.inputs[0] : value;
  }

  bool spreadOf(Reference value, uint32_t axis, Spread& spread) const {
    Reference joined;
    Reference parts[SIZE];
    if (!unjoin(value, axis, SIZE, joined) || !addends(joined, parts)) return false;
    for (int64_t at = 0; at < SIZE; at += 1) {
      const ProgramOp* pad = opOf(parts[at], PAD, {axis + 1, at, SIZE - 1 - at});
      if (pad == nullptr) return false;
      Reference split = pad->inputs[0];
      const ProgramOp* first = opOf(split, SLICE, {axis + 1, 0, 1});
      if (first != nullptr) split = first->inputs[0];
      const int64_t stride = shapeOf(split).dims[axis + 1];
      if (stride < 1 || (first == nullptr && stride != 1)) return false;
      Reference taken;
      if (!unsplit(split, axis, stride, taken)) return false;
      const int64_t count = shapeOf(split).dims[axis];
      const ProgramOp* slice = opOf(taken, SLICE, {axis, at, stride * count});
      if (slice == nullptr) return false;
      const Spread one = {slice->inputs[0], stride, count};
      if (at == 0) spread = one;
      if (!isSame(one, spread)) return false;
    }
    return true;
  }

  static bool isSame(const Spread& one, const Spread& other) {
    return one.from.isState == other.from.isState && one.from.index == other.from.index &&
           one.stride == other.stride && one.count == other.count;
  }

  /** Whether it is the windows of an image, [images · outHeight, 3, outWidth, 3, channels, 1]. */
  bool windowsOf(Reference value, Windows& windows) const {
    const ProgramOp* shown = opOf(value, RESHAPE);
    Spread across;
    Spread down;
    if (shown == nullptr || !spreadOf(shown->inputs[0], 2, across)) return false;
    const Reference rows = withoutEnd(across, 2);
    if (shapeOf(rows).rank != 4 || !spreadOf(rows, 1, down)) return false;
    const Reference image = withoutEnd(down, 1);
    const Shape& shape = shapeOf(image);
    if (shape.rank != 4 || down.stride != across.stride) return false;
    windows = {image,        shape.dims[0], shape.dims[1], shape.dims[2],
               shape.dims[3], down.stride,   down.count,    across.count};
    return fits(windows) && is(shown->shape, {windows.images * windows.outHeight, SIZE,
                                              windows.outWidth, SIZE, windows.channels, 1});
  }

  static bool fits(const Windows& w) {
    return w.stride * (w.outHeight - 1) + SIZE <= w.height &&
           w.stride * (w.outWidth - 1) + SIZE <= w.width;
  }

  /** What is multiplied by ones until each of a window's places has it. */
  bool spreadGradient(Reference value, Reference& dy) const {
    const ProgramOp* across = opOf(value, MUL);
    if (across == nullptr || !isOnes(across->inputs[1])) return false;
    const ProgramOp* down = opOf(across->inputs[0], MUL);
    if (down == nullptr || !isOnes(down->inputs[1])) return false;
    dy = down->inputs[0];
    const Shape& s = shapeOf(dy);
    if (s.rank != 6) return false;
    return is(s, {s.dims[0], 1, s.dims[2], 1, s.dims[4], 1}) &&
           is(down->shape, {s.dims[0], SIZE, s.dims[2], 1, s.dims[4], 1}) &&
           is(across->shape, {s.dims[0], SIZE, s.dims[2], SIZE, s.dims[4], 1});
  }

  bool isOnes(Reference value) const { return opOf(value, CONSTANT, {ONE_BITS}) != nullptr; }

  /** The filter behind [1, 3, 1, 3, channels, 1]. */
  bool filterOf(Reference value, int64_t channels, Reference& w) const {
    const ProgramOp* op = opOf(value, RESHAPE);
    if (op == nullptr || !is(op->shape, {1, SIZE, 1, SIZE, channels, 1})) return false;
    w = op->inputs[0];
    return true;
  }

  /** The value that is summed over `first`, then over `second`. */
  bool summed(uint32_t last, int64_t first, int64_t second, Reference& value) const {
    const ProgramOp* outer = opOf({false, last}, SUM, {second});
    if (outer == nullptr) return false;
    const ProgramOp* inner = opOf(outer->inputs[0], SUM, {first});
    if (inner == nullptr) return false;
    value = inner->inputs[0];
    return true;
  }

  static void take(const Windows& w, DepthwisePart part, DepthwiseOps& ops) {
    ops.part = part;
    ops.images = w.images;
    ops.height = w.height;
    ops.width = w.width;
    ops.channels = w.channels;
    ops.stride = w.stride;
    ops.outHeight = w.outHeight;
    ops.outWidth = w.outWidth;
  }

  bool findForward(DepthwiseOps& ops) const {
    Reference products;
    Windows windows;
    if (!summed(ops.last, 3, 1, products)) return false;
    const ProgramOp* op = opOf(products, MUL);
    if (op == nullptr || !windowsOf(op->inputs[0], windows)) return false;
    if (!filterOf(op->inputs[1], windows.channels, ops.sources[1])) return false;
    ops.sources[0] = windows.image;
    take(windows, DepthwisePart::FORWARD, ops);
    return true;
  }

  bool findFilter(DepthwiseOps& ops) const {
    Reference products;
    Windows windows;
    if (!summed(ops.last, 0, 2, products)) return false;
    const ProgramOp* op = opOf(products, MUL);
    if (op == nullptr || !windowsOf(op->inputs[1], windows)) return false;
    if (!spreadGradient(op->inputs[0], ops.sources[0])) return false;
    if (!(shapeOf(op->inputs[0]) == shapeOf(op->inputs[1]))) return false;
    ops.sources[1] = windows.image;
    take(windows, DepthwisePart::FILTER, ops);
    return true;
  }

  /** What three slices are laid over each other from, last place first, as the gradient adds. */
  bool gatheredOf(Reference value, uint32_t axis, Spread& spread) const {
    Reference parts[SIZE];
    if (!addends(value, parts)) return false;
    for (int64_t part = 0; part < SIZE; part += 1) {
      const int64_t at = SIZE - 1 - part;
      const ProgramOp* pad = opOf(parts[part], PAD, {axis, at, SIZE - 1 - at});
      if (pad == nullptr) return false;
      const ProgramOp* joined = opOf(pad->inputs[0], RESHAPE);
      if (joined == nullptr) return false;
      const int64_t stride = shapeOf(joined->inputs[0]).dims[axis + 1];
      Reference placed;
      if (stride < 1 || !unjoin(pad->inputs[0], axis, stride, placed)) return false;
      const ProgramOp* gaps = stride == 1 ? nullptr : opOf(placed, PAD, {axis + 1, 0, stride - 1});
      if (stride > 1 && gaps == nullptr) return false;
      const ProgramOp* slice = opOf(gaps == nullptr ? placed : gaps->inputs[0], SLICE,
                                    {axis + 1, at, 1});
      Reference before;
      if (slice == nullptr || !unsplit(slice->inputs[0], axis, SIZE, before)) return false;
      const Spread one = {before, stride, shapeOf(slice->inputs[0]).dims[axis]};
      if (part == 0) spread = one;
      if (!isSame(one, spread)) return false;
    }
    return true;
  }

  bool findInput(DepthwiseOps& ops) const {
    Spread down;
    Spread across;
    const Shape& shape = program_.ops[ops.last].shape;
    if (shape.rank != 4 || !gatheredOf({false, ops.last}, 1, down)) return false;
    Reference rows = down.from;
    const ProgramOp* cut = opOf(rows, SLICE, {2, 0, shape.dims[2]});
    if (cut != nullptr) rows = cut->inputs[0];
    if (shapeOf(rows).rank != 4 || !gatheredOf(rows, 2, across)) return false;
    if (down.stride != across.stride) return false;
    const ProgramOp* shown = opOf(across.from, RESHAPE);
    const ProgramOp* op = shown == nullptr ? nullptr : opOf(shown->inputs[0], MUL);
    if (op == nullptr || !spreadGradient(op->inputs[0], ops.sources[0])) return false;
    const Windows windows = {ops.sources[0], shape.dims[0], shape.dims[1], shape.dims[2],
                             shape.dims[3],  down.stride,   down.count,    across.count};
    if (!filterOf(op->inputs[1], windows.channels, ops.sources[1])) return false;
    take(windows, DepthwisePart::INPUT, ops);
    return is(op->shape, {windows.images * windows.outHeight, SIZE, windows.outWidth, SIZE,
                          windows.channels, 1}) &&
           is(shown->shape, {windows.images, SIZE * windows.outHeight, SIZE * windows.outWidth,
                             windows.channels});
  }

  const Program& program_;
};

}  // namespace

std::vector<DepthwiseOps> findDepthwise(const Program& program) {
  const Finder finder(program);
  std::vector<DepthwiseOps> found;
  for (uint32_t op = 0; op < program.ops.size(); op += 1) {
    DepthwiseOps ops;
    if (finder.find(op, ops)) found.push_back(ops);
  }
  return found;
}

}  // namespace vivian
