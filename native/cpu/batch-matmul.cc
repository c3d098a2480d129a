// Decides C = A·B for each batch element, each its own product (ARCHITECTURE.md section 4, "Batched
// matmul"). A batch element belongs to one thread.
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

Batch batchOf(const Call& call) {
  const Operand& a = call.inputs[0];
  const bool isTransposed = call.attributes[1] == 1;
  return {&call, call.dims[call.rank - 2], a.dims[isTransposed ? a.rank - 2 : a.rank - 1],
          call.dims[call.rank - 1], 0};
}

Product productOf(const Batch& batch, Arena& arena) {
  const int32_t* attributes = batch.call->attributes;
  Product p = {};
  p.m = batch.m;
  p.k = batch.k;
  p.n = batch.n;
  const bool turned[2] = {attributes[1] == 1, attributes[2] == 1};
  p.mayUseBytes = true;
  planProduct(p, attributes[0], turned, 1, arena);
  return p;
}

size_t pieceBytes(const Batch& batch) {
  Arena arena = {0, 0};
  productOf(batch, arena);
  // The kernels read a vector beyond the last value.
  return (arena.used + 255) & ~(size_t)63;
}

void multiplyElements(void* context, int64_t begin, int64_t end, int32_t worker) {
  const Batch& batch = *(const Batch*)context;
  const Call& call = *batch.call;
  Arena arena = {(uintptr_t)call.scratch + batch.pieceBytes * (size_t)worker, 0};
  Product p = productOf(batch, arena);
  for (int64_t element = begin; element < end; element += 1) {
    p.a.values = call.inputs[0].data + element * p.m * p.k;
    p.b.values = call.inputs[1].data + element * p.k * p.n;
    p.c = call.output + element * p.m * p.n;
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
