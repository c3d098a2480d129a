// Decides load: sample bytes become features and a label that stays a number. Encoding 0: a feature
// is one byte and becomes canon(div(byte, 255)). Encoding 1: a feature is a little-endian f32 and
// becomes canon of it; the session has refused NaN and infinities before. Encodings 2 and 3: every
// byte, or every little-endian u16, is a token and stays a number.
#include <bit>

#include "kernels.h"
#include "numbers.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {

static_assert(std::endian::native == std::endian::little, "a sample's f32 is read as it stands");

size_t loadScratch(const Call&) { return 0; }

namespace {

void loadBytes(const Call& call) {
  float features[256];
  for (int i = 0; i < 256; i += 1) features[i] = divCanonical((float)i, 255.0f);
  const int64_t width = call.dims[1];
  for (int64_t sample = 0; sample < call.dims[0]; sample += 1) {
    const uint8_t* bytes = call.batch + sample * width;
    float* row = call.output + sample * width;
    for (int64_t i = 0; i + 1 < width; i += 1) row[i] = features[bytes[i]];
    row[width - 1] = (float)bytes[width - 1];
  }
}

void loadFloats(const Call& call) {
  const int64_t features = call.dims[1] - 1;
  for (int64_t sample = 0; sample < call.dims[0]; sample += 1) {
    const uint8_t* bytes = call.batch + sample * (4 * features + 1);
    float* row = call.output + sample * (features + 1);
    memcpy(row, bytes, (size_t)features * 4);
    for (int64_t i = 0; i < features; i += 1) row[i] = canon(row[i]);
    row[features] = (float)bytes[4 * features];
  }
}

void loadTokens(const Call& call) {
  for (int64_t i = 0; i < call.count; i += 1) call.output[i] = (float)call.batch[i];
}

void loadWords(const Call& call) {
  for (int64_t i = 0; i < call.count; i += 1) {
    call.output[i] = (float)(call.batch[2 * i] + 256 * call.batch[2 * i + 1]);
  }
}

}  // namespace

void load(const Call& call) {
  switch (call.attributes[0]) {
    case 0: return loadBytes(call);
    case 1: return loadFloats(call);
    case 2: return loadTokens(call);
    default: return loadWords(call);
  }
}

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
