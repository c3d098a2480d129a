// Decides the launches of reductions over one axis and of chains of ops over rows.
#include "launch.h"

namespace vivian {
namespace cuda {

namespace {

/** Blocks of a chain at most; more tiles are walked in strides. */
constexpr int64_t BLOCKS_MAX = 65536;
/** Vectors up to here are one warp's; longer ones a block's. */
constexpr int64_t WARP_NUMBERS = 1024;
/** Numbers of a vector from which on blocks share it, and how many each takes at least. */
constexpr int64_t SPLIT_LINE_FROM = 32768;
constexpr int64_t SPLIT_COLUMNS_FROM = 4096;
constexpr int64_t PART_LINE = 4096;
constexpr int64_t PART_COLUMNS = 512;
constexpr int64_t PARTS_MAX = 1024;
/** Blocks of a chain that keep a large device busy. */
constexpr int64_t BLOCKS_WANTED = 264;

ReduceCall reduceOf(const Call& call, ScratchPieces& pieces) {
  ReduceCall p = {};
  p.x = call.inputs[0].data;
  p.y = call.output;
  p.outer = p.n = p.inner = 1;
  const uint32_t axis = (uint32_t)call.attributes[0];
  for (uint32_t d = 0; d < call.inputs[0].rank; d += 1) {
    const int64_t extent = call.inputs[0].dims[d];
    if (d < axis) p.outer *= extent;
    if (d == axis) p.n = extent;
    if (d > axis) p.inner *= extent;
  }
  const bool isLine = p.inner == 1;
  const int64_t groups = p.outer * ((p.inner + 31) / 32);
  const bool splits = p.n >= (isLine ? SPLIT_LINE_FROM : SPLIT_COLUMNS_FROM) && groups < 256;
  p.part = splits ? (isLine ? PART_LINE : PART_COLUMNS) : p.n;
  if ((p.n + p.part - 1) / p.part > PARTS_MAX) p.part = (p.n + PARTS_MAX - 1) / PARTS_MAX;
  p.parts = (int32_t)((p.n + p.part - 1) / p.part);
  if (p.parts > 1) {
    p.maxima = pieces.take<int32_t>(p.outer * p.inner);
    p.sums = pieces.take<int64_t>(p.outer * p.inner);
  }
  return p;
}

}  // namespace

size_t reduceScratch(const Call& call) {
  ScratchPieces pieces = {0, 0};
  reduceOf(call, pieces);
  return pieces.used;
}

namespace {

void launchReduce(const ReduceCall& p) {
  const Device& device = launchDevice();
  const int64_t results = p.outer * p.inner;
  const int64_t groups = p.outer * ((p.inner + 31) / 32);
  if (p.inner == 1 && p.n <= WARP_NUMBERS) {
    device.launch(Kernel::reduceLines, (p.outer + THREADS / 32 - 1) / (THREADS / 32), THREADS, 1,
                  0, &p);
    return;
  }
  const int threadsY = p.inner == 1 || p.part > 128 ? 32 : 8;
  if (p.parts == 1) {
    device.launch(Kernel::reduce, groups, 32, threadsY, 0, &p);
    return;
  }
  // No key of a number is as small as this; a magnitude is not below 0.
  device.fillWords(p.maxima, p.isMax != 0 ? 0x80000000u : 0u, results);
  device.launch(Kernel::reduceMaxima, groups * p.parts, 32, threadsY, 0, &p);
  if (p.isMax == 0) {
    device.fillWords(p.sums, 0, 2 * results);
    device.launch(Kernel::reduceSums, groups * p.parts, 32, threadsY, 0, &p);
  }
  device.launch(Kernel::reduceFinish, blocksFor(results), THREADS, 1, 0, &p);
}

template <int KIND>
void reduction(const Call& call) {
  ScratchPieces pieces = {(uintptr_t)call.scratch, 0};
  ReduceCall p = reduceOf(call, pieces);
  p.isMax = KIND == MAX ? 1 : 0;
  p.divisor = KIND == MEAN ? (float)p.n : 0.0f;
  launchReduce(p);
}

bool isReduction(int op) { return op == SUM || op == MEAN || op == MAX; }

/** Whether other threads of the block may have written what the instruction reads. */
bool crosses(const RowCall& call, const RowInstruction& one) {
  if (isReduction(one.op)) return true;
  for (const int32_t slot : {one.a, one.b, one.target}) {
    if (call.slots[slot].rowStep == 1 && call.slots[slot].step == 0) return true;
  }
  return false;
}

/** Rows of a block: fewer where there would be less than BLOCKS_WANTED blocks. */
int64_t rowsOfBlock(const RowCall& call) {
  const int64_t wanted = call.rows / BLOCKS_WANTED;
  const int64_t least = call.width >= THREADS ? 1 : THREADS / call.width;
  const int64_t rows = wanted > least ? wanted : least;
  return rows < call.blockRows ? rows : call.blockRows;
}

/** Whether row after row the three slots of an instruction are one line, or one number. */
bool isInLine(const RowCall& call, const RowInstruction& one) {
  const RowSlot& target = call.slots[one.target];
  if (target.step != 1 || isReduction(one.op) || one.op == CAUSAL_MASK) return false;
  for (const int32_t slot : {one.a, one.b, one.target}) {
    if (call.slots[slot].rowStep != call.width * call.slots[slot].step) return false;
  }
  return true;
}

}  // namespace

void launchSum(const Call& call) { reduction<SUM>(call); }
void launchMean(const Call& call) { reduction<MEAN>(call); }
void launchMax(const Call& call) { reduction<MAX>(call); }

void launchRows(const RowCall& call) {
  ChainCall p = {};
  p.rows = call.rows;
  p.width = (int32_t)call.width;
  p.blockRows = (int32_t)rowsOfBlock(call);
  p.blocks = (p.rows + p.blockRows - 1) / p.blockRows;
  p.tempFloats = p.blockRows * call.width;
  p.temporaries = call.temporaries;
  p.instructions = call.instructionCount;
  p.slotCount = call.slotCount;
  p.inverse = (uint32_t)((((uint64_t)1 << 32) + (uint64_t)call.width - 1) / (uint64_t)call.width);
  for (int32_t i = 0; i < call.slotCount; i += 1) {
    const RowSlot& slot = call.slots[i];
    p.slots[i] = {slot.data, (int32_t)slot.rowStep, (int16_t)slot.step, (int16_t)slot.temporary};
  }
  bool crossed = false;
  for (int32_t i = 0; i < call.instructionCount; i += 1) {
    const RowInstruction& one = call.instructions[i];
    const bool crossing = crosses(call, one);
    p.code[i] = {(uint8_t)one.op,
                 (uint8_t)one.target,
                 (uint8_t)one.a,
                 (uint8_t)one.b,
                 (uint8_t)(crossed || crossing ? 1 : 0),
                 (uint8_t)(call.slots[one.target].step == 0 ? 1 : 0),
                 (uint8_t)(isInLine(call, one) ? 1 : 0),
                 {one.attributes[0], one.attributes[1]},
                 (int32_t)one.period};
    crossed = crossing;
  }
  constexpr int64_t SHARED_BYTES = 45056;  // what is left beside the table of the call
  const int64_t bytes = p.temporaries * p.tempFloats * 4;
  const bool fits = bytes <= SHARED_BYTES;
  if (!fits) p.scratch = (float*)call.call.scratch;
  int64_t blocks = p.blocks < BLOCKS_MAX ? p.blocks : BLOCKS_MAX;
  if (!fits && blocks > call.call.threads) blocks = call.call.threads;
  launchDevice().launch(Kernel::chain, blocks, THREADS, 1, fits ? (int)bytes : 0, &p);
}

}  // namespace cuda
}  // namespace vivian
