// Decides C = A·B: A [M,K], B [K,N], profiles I14, I14K and I8, split over threads by rows, row
// pairs and tiles (product.h).
#include "kernels.h"
#include "product.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

/** A [m, k] and B [k, n], each perhaps stored as its transpose. */
Product plan(const Call& call, Arena& arena) {
  Product p = {};
  p.c = call.output;
  p.m = call.dims[0];
  p.k = call.inputs[0].dims[call.turned[0] ? 0 : 1];
  p.n = call.dims[1];
  p.mayUseBytes = true;
  planProduct(p, call.attributes[0], call.turned, call.threads, arena);
  p.a.values = call.inputs[0].data;
  p.b.values = call.inputs[1].data;
  return p;
}

}  // namespace

size_t matmulScratch(const Call& call) {
  Arena arena = {0, 0};
  plan(call, arena);
  return arena.used;
}

void matmul(const Call& call) {
  Arena arena = {(uintptr_t)call.scratch, 0};
  Product p = plan(call, arena);
  parallelFor(call, p.k, 1 + 16384 / (p.m + p.n), findShifts, &p);
  finishShifts(p);
  parallelFor(call, panelsOf(p), 1 + 2048 / (p.k + 1), quantiseRows, &p);
  parallelFor(call, blocksOf(p), 1 + 1024 / (p.k + 1), quantiseColumns, &p);
  parallelFor(call, productTiles(p), 1 + 512 / (p.words + 1), multiply, &p);
}

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
