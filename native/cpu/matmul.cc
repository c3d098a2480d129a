// Decides C = A·B: A [M,K], B [K,N], profiles I14, I14K and I8, split over threads by rows, row
// pairs and tiles (product.h).
#include "kernels.h"
#include "product.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

Product plan(const Call& call, Arena& arena) {
  Product p = {};
  p.a = call.inputs[0].data;
  p.b = call.inputs[1].data;
  p.c = call.output;
  p.m = call.inputs[0].dims[0];
  p.k = call.inputs[0].dims[1];
  p.n = call.inputs[1].dims[1];
  planProduct(p, call.attributes[0], call.threads, arena);
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
  prepareProduct(p);
  parallelFor(call, p.m, 1 + 16384 / (p.k + 1), quantiseRows, &p);
  parallelFor(call, p.pairs, 1 + 8192 / (p.n + 1), quantiseColumns, &p);
  parallelFor(call, productTiles(p), 1 + 512 / (p.pairs + 1), multiply, &p);
}

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
