// Decides the launch of every op but products, reductions and chains.
#include <string.h>

#include "launch.h"

namespace vivian {
namespace cuda {

namespace {

thread_local const Device* currentDevice = nullptr;
thread_local const AttributePlaces* currentAttributes = nullptr;

/** Blocks that keep every processor busy; more elements than threads are walked in strides. */
constexpr int64_t BLOCKS_MAX = 65536;

size_t noScratch(const Call&) { return 0; }

void launchElements(Kernel kernel, int64_t count, const void* parameters) {
  launchDevice().launch(kernel, blocksFor(count), THREADS, 1, 0, parameters);
}

/** Joins axes that both operands walk alike; none are left where both are walked as y is. */
void joinAxes(const Call& call, ElementCall& p) {
  const int64_t* a = call.inputs[0].dims;
  const int64_t* b = call.inputs[1].dims;
  int64_t sizeA = 1;
  int64_t sizeB = 1;
  int32_t dims[RANK_MAX];
  int64_t stepsA[RANK_MAX];
  int64_t stepsB[RANK_MAX];
  int axes = 0;
  for (uint32_t d = call.rank; d > 0; d -= 1) {
    const int64_t extent = call.dims[d - 1];
    const int64_t stepA = a[d - 1] == 1 ? 0 : sizeA;
    const int64_t stepB = b[d - 1] == 1 ? 0 : sizeB;
    sizeA *= a[d - 1];
    sizeB *= b[d - 1];
    if (extent == 1) continue;
    const bool joins = axes > 0 && stepA == stepsA[axes - 1] * dims[axes - 1] &&
                       stepB == stepsB[axes - 1] * dims[axes - 1];
    if (joins) {
      dims[axes - 1] *= (int32_t)extent;
      continue;
    }
    dims[axes] = (int32_t)extent;
    stepsA[axes] = stepA;
    stepsB[axes] = stepB;
    axes += 1;
  }
  if (axes == 0 || (axes == 1 && stepsA[0] == 1 && stepsB[0] == 1)) return;
  p.axes = axes;
  for (int i = 0; i < axes; i += 1) {
    p.dims[i] = dims[axes - 1 - i];
    p.strideA[i] = stepsA[axes - 1 - i];
    p.strideB[i] = stepsB[axes - 1 - i];
  }
}

template <int KIND>
void ofTwo(const Call& call) {
  ElementCall p = {};
  p.a = call.inputs[0].data;
  p.b = call.inputs[1].data;
  p.y = call.output;
  p.count = call.count;
  p.kind = KIND;
  joinAxes(call, p);
  launchElements(Kernel::elementwise, p.count, &p);
}

template <int KIND>
void ofOne(const Call& call) {
  ElementCall p = {};
  p.a = call.inputs[0].data;
  p.y = call.output;
  p.count = call.count;
  p.kind = KIND;
  launchElements(Kernel::elementwise, p.count, &p);
}

void bias(const Call& call) {
  ElementCall p = {};
  p.a = call.inputs[0].data;
  p.b = call.inputs[1].data;
  p.y = call.output;
  p.count = call.count;
  p.kind = BIAS;
  p.axes = 2;
  const int64_t channels = call.inputs[1].count;
  p.dims[0] = (int32_t)(call.count / channels);
  p.dims[1] = (int32_t)channels;
  p.strideA[0] = channels;
  p.strideA[1] = 1;
  p.strideB[1] = 1;
  launchElements(Kernel::elementwise, p.count, &p);
}

/** A gather whose axes are those of y and whose strides are those of x. */
GatherCall gatherOf(const Call& call) {
  GatherCall p = {};
  p.x = call.inputs[0].data;
  p.y = call.output;
  p.count = call.count;
  p.axes = (int32_t)call.rank;
  p.paddedAxis = -1;
  int64_t size = 1;
  for (uint32_t d = call.rank; d > 0; d -= 1) {
    p.dims[d - 1] = (int32_t)call.dims[d - 1];
    p.strides[d - 1] = size;
    size *= call.inputs[0].dims[d - 1];
  }
  return p;
}

/** Joins neighbouring axes that are walked as one; a padded axis stays as it is. */
void launchGather(GatherCall& p) {
  int32_t kept = 0;
  for (int32_t d = 1; d < p.axes; d += 1) {
    const bool isOne = p.strides[kept] == p.strides[d] * p.dims[d];
    if (isOne && kept != p.paddedAxis && d != p.paddedAxis) {
      p.dims[kept] *= p.dims[d];
      p.strides[kept] = p.strides[d];
      continue;
    }
    kept += 1;
    if (d == p.paddedAxis) p.paddedAxis = kept;
    p.dims[kept] = p.dims[d];
    p.strides[kept] = p.strides[d];
  }
  p.axes = kept + 1;
  launchElements(Kernel::gather, p.count, &p);
}

void slice(const Call& call) {
  GatherCall p = gatherOf(call);
  p.first = call.attributes[1] * p.strides[call.attributes[0]];
  launchGather(p);
}

void pad(const Call& call) {
  GatherCall p = gatherOf(call);
  p.paddedAxis = call.attributes[0];
  p.begin = call.attributes[1];
  p.end = p.begin + (int32_t)call.inputs[0].dims[p.paddedAxis];
  launchGather(p);
}

void transpose(const Call& call) {
  GatherCall p = gatherOf(call);
  int64_t strides[AXES_MAX];
  memcpy(strides, p.strides, sizeof strides);
  for (int32_t d = 0; d < p.axes; d += 1) p.strides[d] = strides[call.attributes[d]];
  launchGather(p);
}

/** Reshapes are no launches of their own: they share memory (step-plan.h). */
void reshape(const Call&) {}

FillCall fillOf(const Call& call) {
  FillCall p = {};
  p.y = call.output;
  p.count = call.count;
  p.batch = call.batch;
  p.x = call.inputs[0].data;
  return p;
}

void load(const Call& call) {
  FillCall p = fillOf(call);
  p.encoding = call.attributes[0];
  p.extent = call.dims[1];
  launchElements(Kernel::load, p.count, &p);
}

void constant(const Call& call) {
  FillCall p = fillOf(call);
  p.bits = call.attributes[0];
  launchElements(Kernel::constant, p.count, &p);
}

void range(const Call& call) {
  FillCall p = fillOf(call);
  const uint32_t axis = (uint32_t)call.attributes[0];
  p.inner = 1;
  for (uint32_t d = axis + 1; d < call.rank; d += 1) p.inner *= call.dims[d];
  p.extent = call.dims[axis];
  launchElements(Kernel::range, p.count, &p);
}

void schedule(const Call& call) {
  FillCall p = fillOf(call);
  p.attributes = currentAttributes->at(call.attributes);
  launchDevice().launch(Kernel::schedule, 1, 1, 1, 0, &p);
}

void oneHot(const Call& call) {
  FillCall p = fillOf(call);
  p.columns = call.dims[1];
  launchElements(Kernel::oneHot, p.count, &p);
}

void dropoutMask(const Call& call) {
  FillCall p = fillOf(call);
  p.threshold = call.attributes[0];
  p.bits = call.attributes[1];
  p.layer = call.attributes[2];
  launchElements(Kernel::dropoutMask, (p.count + 3) / 4, &p);
}

void causalMask(const Call& call) {
  FillCall p = fillOf(call);
  p.offset = call.attributes[0];
  p.bits = call.attributes[1];
  p.rows = call.dims[call.rank - 2];
  p.columns = call.dims[call.rank - 1];
  launchElements(Kernel::causalMask, p.count, &p);
}

void embedding(const Call& call) {
  const TableCall p = {call.inputs[0].data,  call.inputs[1].data,    nullptr,
                       call.output,          call.inputs[1].count,   call.inputs[0].dims[0],
                       call.inputs[0].dims[1]};
  launchElements(Kernel::embedding, p.positions * p.width, &p);
}

void embeddingGradient(const Call& call) {
  const TableCall p = {nullptr,     call.inputs[0].data,  call.inputs[1].data, call.output,
                       call.inputs[0].count, call.dims[0], call.dims[1]};
  const int64_t blocks = p.rows * ((p.width + THREADS - 1) / THREADS);
  launchDevice().launch(Kernel::embeddingGradient, blocks, THREADS, 1, 0, &p);
}

PoolCall poolOf(const Call& call, const int64_t* x, const int64_t* y) {
  return {call.inputs[0].data, nullptr, call.output, x[0], x[1], x[2], x[3], y[1], y[2],
          call.attributes[0],  call.attributes[1]};
}

void maxPool(const Call& call) {
  const PoolCall p = poolOf(call, call.inputs[0].dims, call.dims);
  launchElements(Kernel::maxPool, call.count, &p);
}

void maxPoolGradient(const Call& call) {
  PoolCall p = poolOf(call, call.inputs[0].dims, call.inputs[1].dims);
  p.dy = call.inputs[1].data;
  launchElements(Kernel::maxPoolGradient, call.count, &p);
}

}  // namespace

LaunchScope::LaunchScope(const Device& device, const AttributePlaces& attributes)
    : deviceBefore_(currentDevice), attributesBefore_(currentAttributes) {
  currentDevice = &device;
  currentAttributes = &attributes;
}

LaunchScope::~LaunchScope() {
  currentDevice = deviceBefore_;
  currentAttributes = attributesBefore_;
}

const Device& launchDevice() { return *currentDevice; }

int64_t blocksFor(int64_t count) {
  const int64_t blocks = (count + THREADS - 1) / THREADS;
  return blocks < 1 ? 1 : blocks < BLOCKS_MAX ? blocks : BLOCKS_MAX;
}

const KernelTable& launchTable() {
  static const KernelTable table = {
      {load,
       slice,
       reshape,
       transpose,
       oneHot,
       constant,
       schedule,
       ofTwo<ADD>,
       ofTwo<SUB>,
       ofTwo<MUL>,
       ofTwo<DIV>,
       ofOne<SQRT>,
       ofOne<EXP>,
       ofOne<LOG>,
       ofOne<RELU>,
       ofTwo<RELU_GRADIENT>,
       bias,
       launchMatmul,
       launchConv2d,
       launchConv2dGradientInput,
       launchConv2dGradientFilter,
       maxPool,
       maxPoolGradient,
       launchSum,
       launchMax,
       launchMean,
       launchBatchMatmul,
       embedding,
       embeddingGradient,
       ofOne<SIGMOID>,
       ofOne<TANH>,
       ofOne<ERF>,
       ofOne<GELU>,
       ofTwo<GELU_GRADIENT>,
       ofOne<SIN>,
       ofOne<COS>,
       causalMask,
       range,
       pad,
       dropoutMask},
      {},
      launchRows,
      nullptr,
      nullptr,
  };
  static const KernelTable complete = [] {
    KernelTable all = table;
    for (ScratchFunction& one : all.scratch) one = noScratch;
    for (const int kind : {SUM, MEAN, MAX}) all.scratch[kind] = reduceScratch;
    all.scratch[MATMUL] = matmulScratch;
    all.scratch[BATCH_MATMUL] = batchMatmulScratch;
    all.scratch[CONV2D] = conv2dScratch;
    all.scratch[CONV2D_GRADIENT_INPUT] = conv2dGradientInputScratch;
    all.scratch[CONV2D_GRADIENT_FILTER] = conv2dGradientFilterScratch;
    return all;
  }();
  return complete;
}

}  // namespace cuda
}  // namespace vivian
