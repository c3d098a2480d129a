// Decides what a kernel of the graphics device is told: plain data, passed by value, the same for
// the compiler of the kernels and for the one of the addon.
#pragma once
#include <stdint.h>

namespace vivian {
namespace cuda {

/** Threads of a block where nothing else is said. */
constexpr int THREADS = 256;
/** Axes of a tensor after those that are walked alike have been joined. */
constexpr int AXES_MAX = 6;
/** Bytes before the batch on the device: the step's number. */
constexpr int STEP_BYTES = 16;
/** Numbers of a quantised line are a multiple of this; the rest are zeros. */
constexpr int LINE_MULTIPLE = 64;
/** Products of bytes that an int32 sum holds: 127² · this and 126² · this are below 2^31. */
constexpr int SPILL_NUMBERS = 131072;
/** Lines and numbers that a block of 32 × 32 threads turns at once. */
constexpr int TURN_LINES = 32;
constexpr int TURN_NUMBERS = 128;

/** An element-wise op of one or two operands; `kind` is an OpKind. */
struct ElementCall {
  const float* a;
  const float* b;
  float* y;
  int64_t count;
  int32_t kind;
  int32_t axes;  // 0: both operands are walked as y is
  int32_t dims[AXES_MAX];
  int64_t strideA[AXES_MAX];
  int64_t strideB[AXES_MAX];
};

/** y's element at an index is x's at the sum of the strides; beyond `begin` and `end` it is +0. */
struct GatherCall {
  const float* x;
  float* y;
  int64_t count;
  int64_t first;  // x's place of y's first element
  int32_t axes;
  int32_t dims[AXES_MAX];
  int64_t strides[AXES_MAX];
  int32_t paddedAxis;  // −1: none
  int32_t begin, end;  // of the padded axis: what x has
};

/** Ops that make numbers from nothing but where they stand: range, constant, schedule, load, … */
struct FillCall {
  float* y;
  int64_t count;
  int64_t inner;  // range: elements until the index grows
  int64_t extent;  // range: extent of the axis; load: values of a sample
  const uint8_t* batch;
  const float* x;
  const int32_t* attributes;  // schedule: on the device
  int32_t bits, encoding, threshold, layer, offset;
  int64_t rows, columns;
};

struct TableCall {
  const float* table;
  const float* tokens;
  const float* dy;
  float* y;
  int64_t positions, rows, width;
};

struct PoolCall {
  const float* x;
  const float* dy;
  float* y;
  int64_t n, h, w, c, oh, ow;
  int32_t size, stride;
};

/** A reduction of [outer, n, inner] over n. */
struct ReduceCall {
  const float* x;
  float* y;
  int64_t outer, n, inner;
  float divisor;  // 0: no division
  int32_t isMax;
  int64_t part;   // numbers of one block
  int32_t parts;
  int32_t* maxima;  // [outer][inner] where parts > 1
  int64_t* sums;
};

/** One side of products: `batch` times `lines` vectors of kOuter × kInner numbers. */
struct SideCall {
  const float* values;
  int64_t batchStride, lineStride, outerStride, innerStride;
  int64_t batch, lines;
  int64_t kOuter, kInner;
  int64_t padded;       // bytes of a line of one plane
  int64_t planeStride;  // bytes of a plane
  int8_t* planes;
  int32_t* exponents;     // [batch][lines]
  const int32_t* shifts;  // [batch][k]; null: none
  int32_t sign;           // 1 for A, −1 for B
  int32_t profile;
};

/** Both sides in one launch: blocks below `blocksA` belong to A. */
struct SidesCall {
  SideCall a, b;
  int64_t blocksA;
};

struct BalanceCall {
  SideCall a, b;
  int32_t* shifts;
};

/** C = A·B over packed sides, `batch` times. */
struct ProductCall {
  const int8_t* a;
  const int8_t* b;
  int64_t planeA, planeB;  // bytes of a plane
  float* c;
  int64_t* sums;  // where parts > 1
  int64_t m, n, padded;
  int64_t batch;
  int64_t part;  // bytes of a line that one block adds up
  int32_t parts;
  const int32_t* exponentsA;
  const int32_t* exponentsB;
  int64_t groupA, periodA;  // exponent of row i: (i / groupA) mod periodA
  int64_t exponentBatchA, exponentBatchB;
};

/** Patches of images as lines: conv2d, and conv2d-gradient-input where `isGradient`. */
struct PatchCall {
  const float* x;  // [n, h, w, c]
  int64_t n, h, w, c;
  int64_t rowsH, rowsW;  // a line a pixel of [n, rowsH, rowsW]
  int64_t kw, taps;
  int32_t stride, pad, isGradient, profile;
  const int32_t* exponents;  // [n]
  int8_t* planes;
  int64_t padded, planeStride;
};

/** Pixels as numbers of a line: both sides of conv2d-gradient-filter. */
struct PixelsCall {
  const float* x;  // [n, h, w, c]
  int64_t n, h, w, c;
  int64_t oh, ow;  // pixels of a sum
  int64_t kw, lines;
  int32_t stride, pad, sign, profile;
  const int32_t* exponents;  // [c]
  const int32_t* balance;    // [n]
  int8_t* planes;
  int64_t padded, planeStride;
};

/** Largest magnitudes: of each image, of each of its channels. */
struct ImagesCall {
  const float* x;
  int64_t n, pixels, c;
  int32_t* channels;  // [n][c]; null: not wanted
  int32_t* images;    // [n]
};

struct BothImagesCall {
  ImagesCall x, dy;
};

struct ImageBalanceCall {
  const int32_t* channelsX;
  const int32_t* channelsDy;
  const int32_t* imagesX;
  const int32_t* imagesDy;
  int64_t n, c, o;
  int32_t profile;
  int32_t* balance;      // [n]
  int32_t* exponentsX;   // [c]
  int32_t* exponentsDy;  // [o]
};

/** Exponents of groups from their largest magnitudes, in place. */
struct ExponentsCall {
  int32_t* values;
  int64_t count;
  int32_t profile;
};

/** A value of a chain: element (row, column) lies at row · rowStep + column · step. */
struct ChainSlot {
  float* data;         // null: temporary `temporary` of the block
  int32_t rowStep;
  int16_t step;
  int16_t temporary;
};

struct ChainInstruction {
  uint8_t op, target, a, b;
  uint8_t waits;     // for the other threads first
  uint8_t isRows;    // one number a row
  uint8_t isInLine;  // each of the three is walked by one step over the whole block
  int32_t attributes[2];
  int32_t period;
};

constexpr int CHAIN_OPS_MAX = 48;
constexpr int CHAIN_SLOTS_MAX = 3 * CHAIN_OPS_MAX;

/** A chain of element-wise ops and reductions of rows (native/cpu/row-call.h). */
struct ChainCall {
  int64_t rows, blocks;
  int64_t tempFloats;  // of one temporary
  float* scratch;      // of temporaries; null: in the block's own memory
  int32_t width, blockRows, instructions, temporaries, slotCount;
  uint32_t inverse;  // ⌈2^32 / width⌉
  ChainInstruction code[CHAIN_OPS_MAX];
  ChainSlot slots[CHAIN_SLOTS_MAX];
};
static_assert(sizeof(ChainCall) <= 4096, "a kernel takes so many bytes");

}  // namespace cuda
}  // namespace vivian
