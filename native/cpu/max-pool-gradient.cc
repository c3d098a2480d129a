// Decides the gradient of max-pool: dy goes to the lowest index of the window's maximum, every
// other element of dx is +0. Windows do not overlap (stride ≥ size), so each is written once.
#include "kernels.h"
#include "numbers.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

struct Window {
  const float* x;
  float* dx;
  int64_t size, line, channels;  // line: floats from one pixel row to the next
};

/** Routes dy of `width` channels from `first` on; `best` and `taken` live in registers or cache. */
VIVIAN_INLINE void routeWindow(const Window& w, int64_t first, int64_t width,
                               const float* VIVIAN_RESTRICT dy) {
  float best[16];
  int32_t taken[16];
  for (int64_t c = 0; c < width; c += 1) {
    best[c] = w.x[first + c];
    taken[c] = 0;
  }
  for (int64_t i = 0; i < w.size; i += 1) {
    for (int64_t j = 0; j < w.size; j += 1) {
      const float* VIVIAN_RESTRICT x = w.x + i * w.line + j * w.channels + first;
      for (int64_t c = 0; c < width; c += 1) best[c] = x[c] > best[c] ? x[c] : best[c];
    }
  }
  for (int64_t i = 0; i < w.size; i += 1) {
    for (int64_t j = 0; j < w.size; j += 1) {
      const int64_t at = i * w.line + j * w.channels + first;
      const float* VIVIAN_RESTRICT x = w.x + at;
      float* VIVIAN_RESTRICT dx = w.dx + at;
      for (int64_t c = 0; c < width; c += 1) {
        const int32_t hit = (x[c] == best[c] ? -1 : 0) & ~taken[c];
        dx[c] = floatOf(bitsOf(dy[first + c]) & hit);
        taken[c] |= hit;
      }
    }
  }
}

/** Output rows: each owns the pixel rows from its window to the next, which it clears first. */
void routeRows(void* context, int64_t begin, int64_t end, int32_t) {
  const Call& call = *(const Call*)context;
  const int64_t* in = call.inputs[0].dims;
  const int64_t* out = call.inputs[1].dims;
  const int64_t size = call.attributes[0];
  const int64_t stride = call.attributes[1];
  const int64_t channels = in[3];
  const int64_t line = in[2] * channels;
  for (int64_t row = begin; row < end; row += 1) {
    const int64_t n = row / out[1];
    const int64_t oh = row % out[1];
    const int64_t top = oh * stride;
    const int64_t bottom = oh + 1 == out[1] ? in[1] : top + stride;
    const int64_t start = (n * in[1] + top) * line;
    const bool covered = bottom - top == size && size == stride && out[2] * stride == in[2];
    if (!covered) memset(call.output + start, 0, (size_t)((bottom - top) * line) * 4);
    for (int64_t ow = 0; ow < out[2]; ow += 1) {
      const int64_t at = start + ow * stride * channels;
      const Window window = {call.inputs[0].data + at, call.output + at, size, line, channels};
      const float* dy = call.inputs[1].data + (row * out[2] + ow) * channels;
      int64_t first = 0;
      for (; first + 16 <= channels; first += 16) routeWindow(window, first, 16, dy);
      if (first < channels) routeWindow(window, first, channels - first, dy);
    }
  }
}

}  // namespace

size_t maxPoolGradientScratch(const Call&) { return 0; }

void maxPoolGradient(const Call& call) {
  const int64_t* out = call.inputs[1].dims;
  const int64_t perRow = call.inputs[0].dims[2] * call.inputs[0].dims[3] * call.attributes[0];
  parallelFor(call, out[0] * out[1], 1 + 16384 / (perRow + 1), routeRows, (void*)&call);
}

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
