// Decides the launches of a product: shifts where it is balanced, both sides into bytes, the tensor
// cores, and where too few blocks would be busy or an int32 could overflow, parts that are added up
// in int64.
#include "launch-products.h"

namespace vivian {
namespace cuda {

namespace {

/** Bytes of a line from which on a product with few blocks is split, and of one part at least. */
constexpr int64_t SPLIT_FROM = 1024;
constexpr int64_t PART_LEAST = 256;
/** Blocks that are enough for any device. */
constexpr int64_t BLOCKS_ENOUGH = 200;
/** Products with so many large blocks use them. */
constexpr int64_t LARGE_BLOCKS = 120;
/** Devices below this have 64 KiB of own memory a block, and no copies beside the work. */
constexpr int LARGE_CAPABILITY = 80;

struct BlockSize {
  Kernel kernel;
  int64_t m, n;
  int threads, sharedBytes;
};

/** As product.cuh has them; devices that copy beside the work have a stage more. */
BlockSize blockSizeOf(int32_t profile, bool isLarge, int capability) {
  const int stages = capability >= LARGE_CAPABILITY ? 3 : 2;  // of small blocks
  if (profile == 2) {
    return isLarge ? BlockSize{Kernel::productI8Large, 128, 128, 256, 3 * 256 * 64}
                   : BlockSize{Kernel::productI8Small, 64, 64, 128, 4 * 128 * 64};
  }
  return isLarge ? BlockSize{Kernel::productI14Large, 128, 64, 256, 2 * 3 * 192 * 64}
                 : BlockSize{Kernel::productI14Small, 64, 64, 128, stages * 3 * 128 * 64};
}

}  // namespace

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
  BlockSize size = blockSizeOf(profile, true, device.capability());
  const int64_t large = ceilDivide(p.m, size.m) * ceilDivide(p.n, size.n) * p.batch * p.parts;
  if (large < LARGE_BLOCKS || device.capability() < LARGE_CAPABILITY) {
    size = blockSizeOf(profile, false, device.capability());
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

void multiplyAll(const ProductCall& p, int32_t profile) {
  if (p.parts > 1) zeroSums(p);
  multiply(p, profile);
  if (p.parts > 1) finish(p);
}

void planSide(SideCall& side, ScratchPieces& pieces) {
  side.padded = paddedLine(side.kOuter * side.kInner);
  side.planeStride = side.batch * side.lines * side.padded;
  side.planes = pieces.take<int8_t>(side.planeStride * planesOf(side.profile));
  side.exponents = pieces.take<int32_t>(side.batch * side.lines);
}

namespace {

int64_t sideBlocks(const SideCall& side) {
  if (side.innerStride == 1) return ceilDivide(side.batch * side.lines, 32);
  return side.batch * ceilDivide(side.lines, 32);
}

void quantise(const SideCall& a, const SideCall& b) {
  const SidesCall sides = {a, b, sideBlocks(a)};
  launchDevice().launch(Kernel::quantiseSides, sides.blocksA + sideBlocks(b), 32, 32, 0, &sides);
}

}  // namespace

void quantise(const SideCall& side) {
  const SidesCall sides = {side, side, sideBlocks(side)};
  launchDevice().launch(Kernel::quantiseSides, sides.blocksA, 32, 32, 0, &sides);
}

namespace {

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

}  // namespace

void launchMatmul(const Call& call) {
  ScratchPieces pieces = {(uintptr_t)call.scratch, 0};
  launchMatrix(planMatmul(call, pieces), call.attributes[0]);
}

void launchBatchMatmul(const Call& call) {
  ScratchPieces pieces = {(uintptr_t)call.scratch, 0};
  launchMatrix(planBatchMatmul(call, pieces), call.attributes[0]);
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

}  // namespace cuda
}  // namespace vivian
