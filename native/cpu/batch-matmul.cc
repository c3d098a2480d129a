// Decides C = A·B for each batch element, each its own product (ARCHITECTURE.md section 4, "Batched
// matmul"). A batch element belongs to one thread; a transposed operand is first copied rows first.
#include "kernels.h"
#include "product.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

struct Batch {
  const Call* call;
  int64_t m, k, n;
  size_t pieceBytes;  // scratch of one thread
};

/** One thread's product and the copies of its transposed operands. */
struct Piece {
  Product product;
  float* a;
  float* b;
};

Batch batchOf(const Call& call) {
  const Operand& a = call.inputs[0];
  const bool isTransposed = call.attributes[1] == 1;
  return {&call, call.dims[call.rank - 2], a.dims[isTransposed ? a.rank - 2 : a.rank - 1],
          call.dims[call.rank - 1], 0};
}

Piece pieceOf(const Batch& batch, Arena& arena) {
  const int32_t* attributes = batch.call->attributes;
  Piece piece = {};
  piece.product.m = batch.m;
  piece.product.k = batch.k;
  piece.product.n = batch.n;
  piece.a = arena.take<float>(attributes[1] == 1 ? batch.m * batch.k : 0);
  piece.b = arena.take<float>(attributes[2] == 1 ? batch.k * batch.n : 0);
  planProduct(piece.product, attributes[0], 1, arena);
  return piece;
}

size_t pieceBytes(const Batch& batch) {
  Arena arena = {0, 0};
  pieceOf(batch, arena);
  // The kernels read a vector beyond the last value.
  return (arena.used + 255) & ~(size_t)63;
}

/** [rows, columns] from its transpose, in squares that stay in the first cache. */
void transposed(const float* VIVIAN_RESTRICT from, int64_t rows, int64_t columns,
                float* VIVIAN_RESTRICT to) {
  constexpr int64_t SIDE = 16;
  for (int64_t i = 0; i < rows; i += SIDE) {
    const int64_t iEnd = smaller(i + SIDE, rows);
    for (int64_t j = 0; j < columns; j += SIDE) {
      const int64_t jEnd = smaller(j + SIDE, columns);
      for (int64_t row = i; row < iEnd; row += 1) {
        for (int64_t c = j; c < jEnd; c += 1) to[row * columns + c] = from[c * rows + row];
      }
    }
  }
}

void multiplyElements(void* context, int64_t begin, int64_t end, int32_t worker) {
  const Batch& batch = *(const Batch*)context;
  const Call& call = *batch.call;
  Arena arena = {(uintptr_t)call.scratch + batch.pieceBytes * (size_t)worker, 0};
  Piece piece = pieceOf(batch, arena);
  Product& p = piece.product;
  for (int64_t element = begin; element < end; element += 1) {
    p.a = call.inputs[0].data + element * p.m * p.k;
    p.b = call.inputs[1].data + element * p.k * p.n;
    p.c = call.output + element * p.m * p.n;
    if (call.attributes[1] == 1) {
      transposed(p.a, p.m, p.k, piece.a);
      p.a = piece.a;
    }
    if (call.attributes[2] == 1) {
      transposed(p.b, p.k, p.n, piece.b);
      p.b = piece.b;
    }
    runProduct(p);
  }
}

}  // namespace

size_t batchMatmulScratch(const Call& call) {
  return pieceBytes(batchOf(call)) * (size_t)call.threads;
}

void batchMatmul(const Call& call) {
  Batch batch = batchOf(call);
  batch.pieceBytes = pieceBytes(batch);
  const int64_t work = batch.m * batch.k * batch.n;
  parallelFor(call, call.count / (batch.m * batch.n), 1 + 65536 / work, multiplyElements, &batch);
}

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
