// Decides load, encoding 0: a sample is F bytes of u8 features, then one u8 label; a feature
// becomes canon(div(byte, 255)), the label stays a number.
#include "kernels.h"
#include "numbers.h"

namespace vivian {
namespace VIVIAN_LEVEL_NAME {

size_t loadScratch(const Call&) { return 0; }

void load(const Call& call) {
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

}  // namespace VIVIAN_LEVEL_NAME
}  // namespace vivian
