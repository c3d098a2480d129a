// Decides nothing beyond case-file.h: reads the fields in their order.
#include "case-file.h"

#include <stdio.h>
#include <string.h>

namespace vivian {

namespace {

constexpr uint32_t MAGIC = 0x31435656;  // "VVC1"

/** Fields in order; after the first failure every read gives nothing and `good` stays false. */
class CaseReader {
 public:
  explicit CaseReader(const std::vector<uint8_t>& bytes) : bytes_(bytes) {}

  bool good() const { return good_; }
  bool atEnd() const { return at_ == bytes_.size(); }

  uint32_t number() {
    uint32_t value = 0;
    copy(&value, 4);
    return value;
  }

  template <typename T>
  std::vector<T> list() {
    const size_t count = number();
    if (count > (bytes_.size() - at_) / sizeof(T)) good_ = false;
    std::vector<T> values(good_ ? count : 0);
    copy(values.data(), values.size() * sizeof(T));
    return values;
  }

 private:
  void copy(void* target, size_t length) {
    if (length > bytes_.size() - at_) good_ = false;
    if (!good_ || length == 0) return;
    memcpy(target, bytes_.data() + at_, length);
    at_ += length;
  }

  const std::vector<uint8_t>& bytes_;
  size_t at_ = 0;
  bool good_ = true;
};

Case readCase(CaseReader& reader) {
  Case one;
  const std::vector<char> name = reader.list<char>();
  one.name.assign(name.begin(), name.end());
  one.program = reader.list<uint8_t>();
  for (uint32_t left = reader.number(); left > 0 && reader.good(); left -= 1) {
    one.states.push_back(reader.list<float>());
  }
  for (uint32_t left = reader.number(); left > 0 && reader.good(); left -= 1) {
    const uint32_t step = reader.number();
    one.steps.push_back({step, reader.list<uint8_t>()});
  }
  for (uint32_t left = reader.number(); left > 0 && reader.good(); left -= 1) {
    const bool isState = reader.number() == 1;
    const uint32_t index = reader.number();
    one.results.push_back({isState, index, reader.list<uint32_t>()});
  }
  return one;
}

}  // namespace

bool readCases(const char* path, std::vector<Case>& cases) {
  FILE* file = fopen(path, "rb");
  if (file == nullptr) return false;
  std::vector<uint8_t> bytes;
  uint8_t piece[65536];
  for (size_t got = 1; got > 0;) {
    got = fread(piece, 1, sizeof piece, file);
    bytes.insert(bytes.end(), piece, piece + got);
  }
  fclose(file);
  CaseReader reader(bytes);
  if (reader.number() != MAGIC) return false;
  const uint32_t count = reader.number();
  for (uint32_t i = 0; i < count && reader.good(); i += 1) cases.push_back(readCase(reader));
  return reader.good() && reader.atEnd();
}

}  // namespace vivian
