// Decides embedding-gradient: for each row and column of the table the exact sum over the positions
// that hold that token. Positions are first sorted by token, so every row belongs to one thread.
#include "kernels.h"
#include "reduction.h"
#include "token-row.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

struct Scatter {
  const float* tokens;
  const float* dy;
  float* output;
  int64_t positions, rows, width;
  int64_t* first;   // [rows + 1]: where a row's positions begin in `order`
  int64_t* order;   // [positions]
  int32_t* maxima;  // [threads][width]
  float* scales;    // [threads][width]
  int64_t* sums;    // [threads][width]
};

Scatter plan(const Call& call, Arena& arena) {
  Scatter p = {call.inputs[0].data, call.inputs[1].data, call.output, call.inputs[0].count,
               call.dims[0],        call.dims[1],        nullptr,     nullptr,
               nullptr,             nullptr,             nullptr};
  p.first = arena.take<int64_t>(p.rows + 2);
  p.order = arena.take<int64_t>(p.positions);
  p.maxima = arena.take<int32_t>(p.width * call.threads);
  p.scales = arena.take<float>(p.width * call.threads);
  p.sums = arena.take<int64_t>(p.width * call.threads);
  return p;
}

/** Counting sort of the positions by row; within a row they ascend. */
void sortPositions(Scatter& p) {
  memset(p.first, 0, (size_t)(p.rows + 2) * 8);
  for (int64_t at = 0; at < p.positions; at += 1) {
    const int64_t row = tokenRow(p.tokens[at], p.rows);
    if (row >= 0) p.first[row + 2] += 1;
  }
  for (int64_t row = 1; row < p.rows + 2; row += 1) p.first[row] += p.first[row - 1];
  // first[row + 1] counts up to the end of its row, which is where the next one begins.
  for (int64_t at = 0; at < p.positions; at += 1) {
    const int64_t row = tokenRow(p.tokens[at], p.rows);
    if (row < 0) continue;
    p.order[p.first[row + 1]] = at;
    p.first[row + 1] += 1;
  }
}

void sumRows(void* context, int64_t begin, int64_t end, int32_t worker) {
  const Scatter& p = *(const Scatter*)context;
  const int64_t width = p.width;
  int32_t* VIVIAN_RESTRICT maxima = p.maxima + width * worker;
  float* VIVIAN_RESTRICT scales = p.scales + width * worker;
  int64_t* VIVIAN_RESTRICT sums = p.sums + width * worker;
  for (int64_t row = begin; row < end; row += 1) {
    memset(maxima, 0, (size_t)width * 4);
    memset(sums, 0, (size_t)width * 8);
    for (int64_t i = p.first[row]; i < p.first[row + 1]; i += 1) {
      maxOfColumns(p.dy + p.order[i] * width, 0, 1, width, maxima);
    }
    for (int64_t c = 0; c < width; c += 1) scales[c] = sumScale(maxima[c]);
    for (int64_t i = p.first[row]; i < p.first[row + 1]; i += 1) {
      const float* VIVIAN_RESTRICT values = p.dy + p.order[i] * width;
      for (int64_t c = 0; c < width; c += 1) sums[c] += roundWide(values[c] * scales[c]);
    }
    for (int64_t c = 0; c < width; c += 1) {
      const float sum = maxima[c] == 0 ? 0.0f : roundSum(sums[c], sumExponent(maxima[c]) - 30);
      p.output[row * width + c] = sum;
    }
  }
}

}  // namespace

size_t embeddingGradientScratch(const Call& call) {
  Arena arena = {0, 0};
  plan(call, arena);
  return arena.used;
}

void embeddingGradient(const Call& call) {
  Arena arena = {(uintptr_t)call.scratch, 0};
  Scatter p = plan(call, arena);
  sortPositions(p);
  parallelFor(call, p.rows, 1 + 16384 / p.width, sumRows, &p);
}

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
