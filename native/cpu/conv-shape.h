// Decides the dimensions of a convolution and its gradients: NHWC, filter kh, kw, C, O.
#pragma once
#include "pack.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {
namespace {

struct ConvShape {
  int64_t n, h, w, c;    // x
  int64_t kh, kw, o;     // filter [kh, kw, c, o]
  int64_t oh, ow;        // y [n, oh, ow, o]
  int64_t stride, pad;
};

VIVIAN_INLINE ConvShape convShape(const int64_t* x, const int64_t* filter, const int64_t* y,
                                  const int32_t* attributes) {
  return {x[0], x[1], x[2], x[3], filter[0], filter[1], filter[3], y[1], y[2], attributes[1],
          attributes[2]};
}

/** Even count of channels, so that two neighbours make a pair. */
VIVIAN_INLINE int64_t evenChannels(int64_t channels) { return channels + (channels & 1); }

/**
 * Quantises one image [height, width, channels] into the inside of a padded int16 image whose rows
 * hold `paddedWidth` pixels of `padded` channels; the border and odd channel stay zero.
 */
VIVIAN_INLINE void quantiseImage(const float* image, int64_t height, int64_t width,
                                 int64_t channels, float scale, int16_t* target,
                                 int64_t paddedWidth, int64_t padded) {
  for (int64_t row = 0; row < height; row += 1) {
    const float* from = image + row * width * channels;
    int16_t* to = target + row * paddedWidth * padded;
    if (channels == padded) {
      quantiseVector(from, width * channels, scale, to);
    } else if (channels == 1) {
      for (int64_t x = 0; x < width; x += 1) to[2 * x] = (int16_t)quantiseScaled(from[x], scale);
    } else {
      for (int64_t x = 0; x < width; x += 1) {
        quantiseVector(from + x * channels, channels, scale, to + x * padded);
      }
    }
  }
}

/** Splits `count` rows into the fewest tiles of near-equal height ≤ TILE_ROWS. */
VIVIAN_INLINE int64_t evenTileRows(int64_t count) {
  const int64_t tiles = (count + TILE_ROWS - 1) / TILE_ROWS;
  return tiles == 0 ? 1 : (count + tiles - 1) / tiles;
}

}  // namespace
}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
