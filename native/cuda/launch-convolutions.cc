// Decides the launches of a convolution and its gradients: images become lines of bytes, which are
// then multiplied as matrices are.
#include "launch-products.h"

namespace vivian {
namespace cuda {

namespace {

/** Bytes of packed patches at a time; a convolution of more is done by groups of images. */
constexpr int64_t PATCH_BYTES_MAX = 268435456;

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
  const ExponentsCall found = {exponents, plan.images, plan.patches.profile};
  device.launch(Kernel::exponents, blocksFor(plan.images), THREADS, 1, 0, &found);
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

void launchConv2d(const Call& call) { launchPatches(call, false); }

void launchConv2dGradientInput(const Call& call) { launchPatches(call, true); }

void launchConv2dGradientFilter(const Call& call) {
  ScratchPieces pieces = {(uintptr_t)call.scratch, 0};
  const FilterPlan plan = planFilter(call, pieces);
  const Device& device = launchDevice();
  device.launch(Kernel::imageMaxima, 2 * plan.count, 32, 32, 0, &plan.images);
  const int64_t warps = 32 * (plan.balance.c + plan.balance.o);
  const int64_t most = plan.balance.n > warps ? plan.balance.n : warps;
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
