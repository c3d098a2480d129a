// Decides embedding: each token becomes its row of a table; zeros where it names none.
#include "kernels.h"
#include "token-row.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

void copyRows(void* context, int64_t begin, int64_t end, int32_t) {
  const Call& call = *(const Call*)context;
  const int64_t rows = call.inputs[0].dims[0];
  const int64_t width = call.inputs[0].dims[1];
  for (int64_t at = begin; at < end; at += 1) {
    const int64_t row = tokenRow(call.inputs[1].data[at], rows);
    float* to = call.output + at * width;
    if (row < 0) {
      memset(to, 0, (size_t)width * 4);
    } else {
      memcpy(to, call.inputs[0].data + row * width, (size_t)width * 4);
    }
  }
}

}  // namespace

size_t embeddingScratch(const Call&) { return 0; }

void embedding(const Call& call) {
  const int64_t width = call.inputs[0].dims[1];
  parallelFor(call, call.inputs[1].count, 1 + 65536 / width, copyRows, (void*)&call);
}

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
