// Decides the launches of a product: shifts where it is balanced, both sides into bytes, the tensor
// cores, and where too few blocks would be busy or an int32 could overflow, parts that are added up
// in int64.
#include "launch.h"

namespace vivian {
namespace cuda {

namespace {

/** Bytes of packed patches at a time; a convolution of more is done by groups of images. */
constexpr int64_t PATCH_BYTES_MAX = 268435456;
/** Bytes of a line from which on a product with few blocks is split, and of one part at least. */
constexpr int64_t SPLIT_FROM = 1024;
constexpr int64_t PART_LEAST = 256;
/** Blocks that are enough for any device. */
constexpr int64_t BLOCKS_ENOUGH = 200;
/** Products with so many large blocks use them. */
constexpr int64_t LARGE_BLOCKS = 120;
/** Devices below this have 64 KiB of own memory a block, and no copies beside the work. */
constexpr int LARGE_CAPABILITY = 80;

int64_t ceilDivide(int64_t a, int64_t b) { return (a + b - 1) / b; }

int64_t paddedLine(int64_t numbers) {
  return ceilDivide(numbers, LINE_MULTIPLE) * LINE_MULTIPLE;
}

int planesOf(int32_t profile) { return profile == 2 ? 1 : 3; }

struct BlockSize {
  Kernel kernel;
  int64_t m, n;
  int threads, sharedBytes;
};

BlockSize blockSizeOf(int32_t profile, bool isLarge) {
  if (profile == 2) {
    return isLarge ? BlockSize{Kernel::productI8Large, 128, 128, 256, 3 * 256 * 64}
                   : BlockSize{Kernel::productI8Small, 64, 64, 128, 4 * 128 * 64};
  }
  return isLarge ? BlockSize{Kernel::productI14Large, 128, 64, 256, 2 * 3 * 192 * 64}
                 : BlockSize{Kernel::productI14Small, 64, 64, 128, 2 * 3 * 128 * 64};
}

/** Bytes of a part, and how many there are. Does not depend on the device: nor must scratch. */
void planParts(ProductCall& p, int64_t total) {
  const int64_t blocks = ceilDivide(p.m, 64) * ceilDivide(p.n, 64) * p.batch;
  int64_t parts = 1;
  if (total >= SPLIT_FROM && blocks < BLOCKS_ENOUGH) {
    parts = BLOCKS_ENOUGH / blocks;
    if (parts > total / PART_LEAST) parts = total / PART_LEAST;
  }
  if (parts < 1) parts = 1;
  p.part = ceilDivide(ceilDivide(total, parts), LINE_MULTIPLE) * LINE_MULTIPLE;
  if (p.part > SPILL_NUMBERS) p.part = SPILL_NUMBERS;
  p.parts = (int32_t)ceilDivide(total, p.part);
}

void multiply(const ProductCall& p, int32_t profile) {
  const Device& device = launchDevice();
  BlockSize size = blockSizeOf(profile, true);
  const int64_t large = ceilDivide(p.m, size.m) * ceilDivide(p.n, size.n) * p.batch * p.parts;
  if (large < LARGE_BLOCKS || device.capability() < LARGE_CAPABILITY) {
    size = blockSizeOf(profile, false);
  }
  const int64_t blocks = ceilDivide(p.m, size.m) * ceilDivide(p.n, size.n) * p.batch * p.parts;
  device.launch(size.kernel, blocks, size.threads, 1, size.sharedBytes, &p);
}

void zeroSums(const ProductCall& p) {
  launchDevice().fillWords(p.sums, 0, 2 * p.batch * p.m * p.n);
}

void finish(const ProductCall& p) {
  launchDevice().launch(Kernel::finishProduct, blocksFor(p.batch * p.m * p.n), THREADS, 1, 0, &p);
}

/** A whole product over packed sides. */
void multiplyAll(const ProductCall& p, int32_t profile) {
  if (p.parts > 1) zeroSums(p);
  multiply(p, profile);
  if (p.parts > 1) finish(p);
}

/** Takes the packed bytes and exponents of a side. */
void planSide(SideCall& side, ScratchPieces& pieces) {
  side.padded = paddedLine(side.kOuter * side.kInner);
  side.planeStride = side.batch * side.lines * side.padded;
  side.planes = pieces.take<int8_t>(side.planeStride * planesOf(side.profile));
  side.exponents = pieces.take<int32_t>(side.batch * side.lines);
}

int64_t sideBlocks(const SideCall& side) {
  if (side.innerStride == 1) return ceilDivide(side.batch * side.lines, 32);
  return side.batch * ceilDivide(side.lines, 32);
}

void quantise(const SideCall& a, const SideCall& b) {
  const SidesCall sides = {a, b, sideBlocks(a)};
  launchDevice().launch(Kernel::quantiseSides, sides.blocksA + sideBlocks(b), 32, 32, 0, &sides);
}

/** One side alone. */
void quantise(const SideCall& side) {
  const SidesCall sides = {side, side, sideBlocks(side)};
  launchDevice().launch(Kernel::quantiseSides, sides.blocksA, 32, 32, 0, &sides);
}

/** A side of `lines` lines of `k` numbers, stored [lines, k], or [k, lines] where it is across. */
SideCall sideOf(const float* values, int64_t batch, int64_t lines, int64_t k, bool isAcross,
                int32_t sign, int32_t profile) {
  SideCall side = {};
  side.values = values;
  side.batch = batch;
  side.batchStride = lines * k;
  side.lines = lines;
  side.lineStride = isAcross ? 1 : k;
  side.kOuter = 1;
  side.kInner = k;
  // One line, or lines of one number, lie along either way.
  side.innerStride = isAcross ? lines : 1;
  side.sign = sign;
  side.profile = profile;
  return side;
}

struct MatrixPlan {
  SideCall a, b;
  BalanceCall balance;
  ProductCall product;
};

MatrixPlan planMatrix(const Call& call, int64_t batch, int64_t m, int64_t k, int64_t n,
                      const bool* turned, ScratchPieces& pieces) {
  MatrixPlan plan = {};
  const int32_t profile = call.attributes[0];
  plan.a = sideOf(call.inputs[0].data, batch, m, k, turned[0], 1, profile);
  plan.b = sideOf(call.inputs[1].data, batch, n, k, !turned[1], -1, profile);
  planSide(plan.a, pieces);
  planSide(plan.b, pieces);
  if (profile == 1) {
    plan.balance.shifts = pieces.take<int32_t>(batch * k);
    plan.a.shifts = plan.b.shifts = plan.balance.shifts;
    plan.balance.a = plan.a;
    plan.balance.b = plan.b;
  }
  ProductCall& p = plan.product;
  p.a = plan.a.planes;
  p.b = plan.b.planes;
  p.planeA = plan.a.planeStride;
  p.planeB = plan.b.planeStride;
  p.c = call.output;
  p.m = m;
  p.n = n;
  p.batch = batch;
  p.padded = plan.a.padded;
  p.exponentsA = plan.a.exponents;
  p.exponentsB = plan.b.exponents;
  p.groupA = 1;
  p.periodA = m;
  p.exponentBatchA = m;
  p.exponentBatchB = n;
  planParts(p, p.padded);
  if (p.parts > 1) p.sums = pieces.take<int64_t>(batch * m * n);
  return plan;
}

void launchMatrix(const MatrixPlan& plan, int32_t profile) {
  if (profile == 1) {
    const int64_t blocks = plan.a.batch * ceilDivide(plan.a.kInner, 32);
    launchDevice().launch(Kernel::balanceNumbers, blocks, 32, 32, 0, &plan.balance);
  }
  quantise(plan.a, plan.b);
  multiplyAll(plan.product, profile);
}

MatrixPlan planMatmul(const Call& call, ScratchPieces& pieces) {
  const int64_t k = call.inputs[0].dims[call.turned[0] ? 0 : 1];
  return planMatrix(call, 1, call.dims[0], k, call.dims[1], call.turned, pieces);
}

MatrixPlan planBatchMatmul(const Call& call, ScratchPieces& pieces) {
  const Operand& a = call.inputs[0];
  const bool turned[2] = {call.attributes[1] == 1, call.attributes[2] == 1};
  const int64_t m = call.dims[call.rank - 2];
  const int64_t n = call.dims[call.rank - 1];
  const int64_t k = a.dims[turned[0] ? a.rank - 2 : a.rank - 1];
  return planMatrix(call, call.count / (m * n), m, k, n, turned, pieces);
}

/** The sizes of a convolution, whichever of its three ops. */
struct ConvSizes {
  int64_t n, h, w, c, kh, kw, o, oh, ow;
  int32_t stride, pad, profile;
};

ConvSizes convSizes(const int64_t* x, const int64_t* filter, const int64_t* y,
                    const int32_t* attributes) {
  return {x[0], x[1],          x[2],          x[3],         filter[0], filter[1], filter[3], y[1],
          y[2], attributes[1], attributes[2], attributes[0]};
}

/** conv2d and conv2d-gradient-input: patches of images times the filter. */
struct PatchPlan {
  PatchCall patches;
  SideCall filter;
  ProductCall product;
  int64_t images;  // in all
  int64_t group;   // images at a time
  int64_t pixels;  // lines of an image
  int64_t imageNumbers;
};

PatchPlan planPatches(const Call& call, bool isGradient, ScratchPieces& pieces) {
  const Operand& image = call.inputs[0];
  const ConvSizes s = isGradient
                          ? convSizes(call.dims, call.inputs[1].dims, image.dims, call.attributes)
                          : convSizes(image.dims, call.inputs[1].dims, call.dims, call.attributes);
  const int64_t taps = s.kh * s.kw;
  PatchPlan plan = {};
  plan.images = s.n;
  plan.pixels = isGradient ? s.h * s.w : s.oh * s.ow;
  SideCall& side = plan.filter;
  side.values = call.inputs[1].data;
  side.batch = 1;
  side.sign = -1;
  side.profile = s.profile;
  side.lines = isGradient ? s.c : s.o;
  side.lineStride = isGradient ? s.o : 1;
  side.kOuter = isGradient ? taps : 1;
  side.kInner = isGradient ? s.o : taps * s.c;
  side.outerStride = s.c * s.o;
  side.innerStride = isGradient ? 1 : s.o;
  planSide(side, pieces);
  PatchCall& p = plan.patches;
  p.x = image.data;
  p.h = isGradient ? s.oh : s.h;
  p.w = isGradient ? s.ow : s.w;
  p.c = isGradient ? s.o : s.c;
  plan.imageNumbers = p.h * p.w * p.c;
  p.rowsH = isGradient ? s.h : s.oh;
  p.rowsW = isGradient ? s.w : s.ow;
  p.kw = s.kw;
  p.taps = taps;
  p.stride = s.stride;
  p.pad = s.pad;
  p.isGradient = isGradient ? 1 : 0;
  p.profile = s.profile;
  p.padded = side.padded;
  const int64_t imageBytes = plan.pixels * side.padded * planesOf(s.profile);
  plan.group = PATCH_BYTES_MAX / imageBytes;
  if (plan.group < 1) plan.group = 1;
  if (plan.group > s.n) plan.group = s.n;
  p.planeStride = plan.group * plan.pixels * side.padded;
  p.planes = pieces.take<int8_t>(p.planeStride * planesOf(s.profile));
  int32_t* exponents = pieces.take<int32_t>(s.n);
  p.exponents = exponents;
  ProductCall& c = plan.product;
  c.a = p.planes;
  c.b = side.planes;
  c.planeA = p.planeStride;
  c.planeB = side.planeStride;
  c.c = call.output;
  c.m = plan.group * plan.pixels;
  c.n = side.lines;
  c.batch = 1;
  c.padded = side.padded;
  c.exponentsA = exponents;
  c.exponentsB = side.exponents;
  c.groupA = plan.pixels;
  c.periodA = plan.group;
  planParts(c, c.padded);
  if (c.parts > 1) c.sums = pieces.take<int64_t>(c.m * c.n);
  return plan;
}

void launchPatches(const Call& call, bool isGradient) {
  ScratchPieces pieces = {(uintptr_t)call.scratch, 0};
  PatchPlan plan = planPatches(call, isGradient, pieces);
  const Device& device = launchDevice();
  int32_t* exponents = (int32_t*)plan.patches.exponents;
  BothImagesCall images = {};
  images.x = {plan.patches.x, plan.images, plan.imageNumbers, 1, nullptr, exponents};
  device.launch(Kernel::imageMaxima, plan.images, 32, 32, 0, &images);
  const ExponentsCall call2 = {exponents, plan.images, plan.patches.profile};
  device.launch(Kernel::exponents, blocksFor(plan.images), THREADS, 1, 0, &call2);
  quantise(plan.filter);
  for (int64_t first = 0; first < plan.images; first += plan.group) {
    PatchCall p = plan.patches;
    p.n = plan.group < plan.images - first ? plan.group : plan.images - first;
    p.x += first * plan.imageNumbers;
    p.exponents += first;
    device.launch(Kernel::packPatches, blocksFor(p.n * plan.pixels * (p.padded / 4)), THREADS, 1,
                  0, &p);
    ProductCall c = plan.product;
    c.m = p.n * plan.pixels;
    c.exponentsA = p.exponents;
    c.c += first * plan.pixels * c.n;
    multiplyAll(c, p.profile);
  }
}

/** conv2d-gradient-filter: pixels of all images are the numbers of its lines. */
struct FilterPlan {
  BothImagesCall images;
  ImageBalanceCall balance;
  PixelsCall a, b;
  ProductCall product;
  int64_t count;  // images in all
  int64_t group;  // images at a time
};

FilterPlan planFilter(const Call& call, ScratchPieces& pieces) {
  const ConvSizes s =
      convSizes(call.inputs[0].dims, call.dims, call.inputs[1].dims, call.attributes);
  const float* x = call.inputs[0].data;
  const float* dy = call.inputs[1].data;
  FilterPlan plan = {};
  plan.count = s.n;
  plan.images.x = {x, s.n, s.h * s.w, s.c, pieces.take<int32_t>(s.n * s.c),
                   pieces.take<int32_t>(s.n)};
  plan.images.dy = {dy, s.n, s.oh * s.ow, s.o, pieces.take<int32_t>(s.n * s.o),
                    pieces.take<int32_t>(s.n)};
  ImageBalanceCall& balance = plan.balance;
  balance = {plan.images.x.channels, plan.images.dy.channels, plan.images.x.images,
             plan.images.dy.images,  s.n, s.c, s.o, s.profile,
             pieces.take<int32_t>(s.n), pieces.take<int32_t>(s.c), pieces.take<int32_t>(s.o)};
  const int64_t lines = s.kh * s.kw * s.c;
  const int64_t pixels = s.oh * s.ow;
  const int64_t imageBytes = (lines + s.o) * pixels * planesOf(s.profile);
  plan.group = PATCH_BYTES_MAX / (imageBytes + 1);
  if (plan.group < 1) plan.group = 1;
  if (plan.group > s.n) plan.group = s.n;
  const int64_t padded = paddedLine(plan.group * pixels);
  PixelsCall& a = plan.a;
  a = {x, plan.group, s.h, s.w, s.c, s.oh, s.ow, s.kw, lines, s.stride, s.pad, 1, s.profile,
       balance.exponentsX, balance.balance, nullptr, padded, lines * padded};
  a.planes = pieces.take<int8_t>(a.planeStride * planesOf(s.profile));
  PixelsCall& b = plan.b;
  b = {dy, plan.group, s.oh, s.ow, s.o, s.oh, s.ow, 1, s.o, 1, 0, -1, s.profile,
       balance.exponentsDy, balance.balance, nullptr, padded, s.o * padded};
  b.planes = pieces.take<int8_t>(b.planeStride * planesOf(s.profile));
  ProductCall& c = plan.product;
  c.a = a.planes;
  c.b = b.planes;
  c.planeA = a.planeStride;
  c.planeB = b.planeStride;
  c.c = call.output;
  c.m = lines;
  c.n = s.o;
  c.batch = 1;
  c.padded = padded;
  c.exponentsA = balance.exponentsX;
  c.exponentsB = balance.exponentsDy;
  c.groupA = 1;
  c.periodA = s.c;
  planParts(c, padded);
  // Several groups are added up as parts are.
  if (plan.group < s.n && c.parts < 2) c.parts = 2;
  if (c.parts > 1) c.sums = pieces.take<int64_t>(c.m * c.n);
  return plan;
}

int64_t pixelBlocks(const PixelsCall& p) {
  return ceilDivide(p.lines, TURN_LINES) * ceilDivide(p.padded, TURN_NUMBERS);
}

}  // namespace

void launchMatmul(const Call& call) {
  ScratchPieces pieces = {(uintptr_t)call.scratch, 0};
  launchMatrix(planMatmul(call, pieces), call.attributes[0]);
}

void launchBatchMatmul(const Call& call) {
  ScratchPieces pieces = {(uintptr_t)call.scratch, 0};
  launchMatrix(planBatchMatmul(call, pieces), call.attributes[0]);
}

void launchConv2d(const Call& call) { launchPatches(call, false); }

void launchConv2dGradientInput(const Call& call) { launchPatches(call, true); }

void launchConv2dGradientFilter(const Call& call) {
  ScratchPieces pieces = {(uintptr_t)call.scratch, 0};
  const FilterPlan plan = planFilter(call, pieces);
  const Device& device = launchDevice();
  device.launch(Kernel::imageMaxima, 2 * plan.count, 32, 32, 0, &plan.images);
  const int64_t most = plan.balance.n > plan.balance.c + plan.balance.o
                           ? plan.balance.n
                           : plan.balance.c + plan.balance.o;
  device.launch(Kernel::imageBalance, blocksFor(most), THREADS, 1, 0, &plan.balance);
  if (plan.product.parts > 1) zeroSums(plan.product);
  for (int64_t first = 0; first < plan.count; first += plan.group) {
    PixelsCall a = plan.a;
    PixelsCall b = plan.b;
    a.n = b.n = plan.group < plan.count - first ? plan.group : plan.count - first;
    a.x += first * a.h * a.w * a.c;
    b.x += first * b.h * b.w * b.c;
    a.balance += first;
    b.balance += first;
    device.launch(Kernel::packPixels, pixelBlocks(a), 32, 32, 0, &a);
    device.launch(Kernel::packPixels, pixelBlocks(b), 32, 32, 0, &b);
    multiply(plan.product, a.profile);
  }
  if (plan.product.parts > 1) finish(plan.product);
}

size_t matmulScratch(const Call& call) {
  ScratchPieces pieces = {0, 0};
  planMatmul(call, pieces);
  return pieces.used;
}

size_t batchMatmulScratch(const Call& call) {
  ScratchPieces pieces = {0, 0};
  planBatchMatmul(call, pieces);
  return pieces.used;
}

size_t conv2dScratch(const Call& call) {
  ScratchPieces pieces = {0, 0};
  planPatches(call, false, pieces);
  return pieces.used;
}

size_t conv2dGradientInputScratch(const Call& call) {
  ScratchPieces pieces = {0, 0};
  planPatches(call, true, pieces);
  return pieces.used;
}

size_t conv2dGradientFilterScratch(const Call& call) {
  ScratchPieces pieces = {0, 0};
  planFilter(call, pieces);
  return pieces.used;
}

}  // namespace cuda
}  // namespace vivian
