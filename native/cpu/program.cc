// Decides how program bytes are read: fixed field order, little-endian, every count below its named
// maximum, no trailing bytes (ARCHITECTURE.md section 12, "Program bytes").
#include "program.h"

#include <string.h>

#include <set>

namespace vivian {

namespace {

const char* const OP_NAMES[] = {
#define VIVIAN_OP(kind, name, function) name,
    VIVIAN_OPS(VIVIAN_OP)
#undef VIVIAN_OP
};

constexpr uint32_t STATE_FLAG = 0x80000000u;

/** Whether bytes are well-formed UTF-8: shortest forms only, no surrogates (RFC 3629). */
bool isUtf8(const uint8_t* bytes, size_t length) {
  size_t at = 0;
  while (at < length) {
    const uint8_t lead = bytes[at];
    const size_t more = lead < 0x80 ? 0 : lead < 0xc2 ? 4 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    if (more == 4 || lead > 0xf4 || length - at <= more) return false;
    for (size_t i = 1; i <= more; i += 1) {
      if ((bytes[at + i] & 0xc0) != 0x80) return false;
    }
    const uint8_t second = more > 0 ? bytes[at + 1] : 0;
    if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f)) return false;
    if ((lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f)) return false;
    at += more + 1;
  }
  return true;
}

/** Reads fields in order; after the first failure every read gives 0 and `failed` stays set. */
class Reader {
 public:
  Reader(const uint8_t* bytes, size_t length) : bytes_(bytes), left_(length) {}

  bool failed() const { return failed_; }
  bool atEnd() const { return left_ == 0; }

  uint8_t u8() {
    if (!has(1)) return 0;
    const uint8_t value = bytes_[0];
    skip(1);
    return value;
  }

  uint32_t u32() {
    if (!has(4)) return 0;
    const uint32_t value = (uint32_t)bytes_[0] | (uint32_t)bytes_[1] << 8 |
                           (uint32_t)bytes_[2] << 16 | (uint32_t)bytes_[3] << 24;
    skip(4);
    return value;
  }

  /** A count not above `most`. */
  uint32_t count(uint32_t most) {
    const uint32_t value = u32();
    if (value <= most) return value;
    failed_ = true;
    return 0;
  }

  std::string text(uint32_t most) {
    const uint32_t length = count(most);
    if (!has(length)) return std::string();
    if (!isUtf8(bytes_, length)) {
      failed_ = true;
      return std::string();
    }
    std::string value((const char*)bytes_, length);
    skip(length);
    return value;
  }

 private:
  bool has(size_t length) {
    if (!failed_ && left_ >= length) return true;
    failed_ = true;
    return false;
  }
  void skip(size_t length) {
    bytes_ += length;
    left_ -= length;
  }

  const uint8_t* bytes_;
  size_t left_;
  bool failed_ = false;
};

Refusal refuse(const char* code, std::string message) { return {code, std::move(message)}; }

Refusal brokenForm() {
  return refuse("ENGINE_PROGRAM", "the program bytes break off or exceed a maximum");
}

Refusal readShape(Reader& reader, Shape& shape) {
  shape.rank = reader.count(PROGRAM_RANK_MAX);
  shape.count = 1;
  for (uint32_t d = 0; d < shape.rank; d += 1) {
    shape.dims[d] = reader.u32();
    if (reader.failed()) return brokenForm();
    if (shape.dims[d] < 1) return refuse("ENGINE_SHAPE", "a dimension is at least 1");
    // Both factors are below 2^32 and the product so far at most 2^28, so nothing overflows.
    shape.count *= shape.dims[d];
    if (shape.count > ELEMENTS_MAX) return refuse("ENGINE_LIMIT", "a tensor has too many elements");
  }
  if (reader.failed()) return brokenForm();
  if (shape.rank < 1) return refuse("ENGINE_SHAPE", "a tensor has at least one dimension");
  return {};
}

Refusal readStates(Reader& reader, Program& program) {
  const uint32_t count = reader.count(STATES_MAX);
  std::set<std::string> names;
  for (uint32_t i = 0; i < count; i += 1) {
    const std::string name = reader.text(NAME_BYTES_MAX);
    if (reader.failed()) return brokenForm();
    if (name.empty() || !names.insert(name).second) {
      return refuse("ENGINE_PROGRAM", "state tensors have different names");
    }
    Shape shape;
    const Refusal refused = readShape(reader, shape);
    if (refused) return refused;
    const uint8_t initialiser = reader.u8();
    const uint32_t bits = reader.u32();
    if (reader.failed() || initialiser > 2 || (initialiser == 0 && bits != 0)) return brokenForm();
    if (!isCanonicalBits(bits)) {
      return refuse("ENGINE_NUMBER", "an initialiser's bits are a canonical number");
    }
    if (initialiser == 2 && (bits == 0 || (bits >> 31) != 0)) {
      return refuse("ENGINE_PROGRAM", "a uniform bound is above zero");
    }
    program.states.push_back(shape);
  }
  return reader.failed() ? brokenForm() : Refusal{};
}

Refusal readReference(Reader& reader, const Program& program, size_t before, Reference& reference) {
  const uint32_t wire = reader.u32();
  if (reader.failed()) return brokenForm();
  reference = {(wire & STATE_FLAG) != 0, wire & ~STATE_FLAG};
  const size_t known = reference.isState ? program.states.size() : before;
  if (reference.index >= known) return refuse("ENGINE_REFERENCE", "a reference names no value");
  return {};
}

Refusal readOp(Reader& reader, Program& program) {
  const std::string name = reader.text(OP_NAME_BYTES_MAX);
  if (reader.failed()) return brokenForm();
  int kind = 0;
  while (kind < OP_KINDS && name != OP_NAMES[kind]) kind += 1;
  if (kind == OP_KINDS) return refuse("ENGINE_UNKNOWN_OP", "an op is not known");
  const size_t index = program.ops.size();
  if ((kind == LOAD) != (index == 0)) {
    return refuse("ENGINE_PROGRAM", "op 0 is load, and only op 0");
  }
  ProgramOp op;
  op.kind = (OpKind)kind;
  const uint32_t inputs = reader.count(OP_INPUTS_MAX);
  for (uint32_t i = 0; i < inputs; i += 1) {
    Reference reference;
    const Refusal refused = readReference(reader, program, index, reference);
    if (refused) return refused;
    op.inputs.push_back(reference);
  }
  const uint32_t attributes = reader.count(OP_ATTRIBUTES_MAX);
  for (uint32_t i = 0; i < attributes && !reader.failed(); i += 1) {
    op.attributes.push_back((int32_t)reader.u32());
  }
  Refusal refused = readShape(reader, op.shape);
  if (refused) return refused;
  refused = checkOpShape(program, op);
  if (refused) {
    refused.message = "op " + std::to_string(index) + " " + name + ": " + refused.message;
    return refused;
  }
  program.ops.push_back(std::move(op));
  return {};
}

Refusal readUpdates(Reader& reader, Program& program) {
  const uint32_t count = reader.count(STATES_MAX);
  int64_t previous = -1;
  for (uint32_t i = 0; i < count; i += 1) {
    ProgramUpdate update;
    update.state = reader.u32();
    const Refusal refused = readReference(reader, program, program.ops.size(), update.value);
    if (refused) return refused;
    if (update.state >= program.states.size() || (int64_t)update.state <= previous) {
      return refuse("ENGINE_REFERENCE", "updates ascend by state, each once");
    }
    if (!(program.shapeOf(update.value) == program.states[update.state])) {
      return refuse("ENGINE_SHAPE", "an update has the state's shape");
    }
    previous = update.state;
    program.updates.push_back(update);
  }
  return reader.failed() ? brokenForm() : Refusal{};
}

Refusal readOutputs(Reader& reader, Program& program) {
  const uint32_t count = reader.count(OUTPUTS_MAX);
  std::set<std::string> names;
  for (uint32_t i = 0; i < count; i += 1) {
    const std::string name = reader.text(NAME_BYTES_MAX);
    Reference reference;
    const Refusal refused = readReference(reader, program, program.ops.size(), reference);
    if (refused) return refused;
    if (name.empty() || !names.insert(name).second) {
      return refuse("ENGINE_PROGRAM", "outputs have different names");
    }
    if (reference.isState) return refuse("ENGINE_REFERENCE", "an output is the value of an op");
    program.outputs.push_back(reference);
  }
  return reader.failed() ? brokenForm() : Refusal{};
}

}  // namespace

bool Shape::operator==(const Shape& other) const {
  return rank == other.rank && memcmp(dims, other.dims, rank * sizeof(int64_t)) == 0;
}

const Shape& Program::shapeOf(Reference reference) const {
  return reference.isState ? states[reference.index] : ops[reference.index].shape;
}

const char* opName(OpKind kind) { return OP_NAMES[kind]; }

bool isCanonicalBits(uint32_t bits) {
  const uint32_t magnitude = bits & 0x7fffffffu;
  return bits == 0 || (magnitude >= 0x0f800000u && magnitude <= 0x5d800000u);
}

Refusal readProgram(const uint8_t* bytes, size_t length, Program& program) {
  if (length > PROGRAM_BYTES_MAX) return refuse("ENGINE_LIMIT", "the program is too long");
  Reader reader(bytes, length);
  if (reader.u32() != 1) return refuse("ENGINE_PROGRAM", "the program version is 1");
  Refusal refused = readStates(reader, program);
  if (refused) return refused;
  const uint32_t ops = reader.count(OPS_MAX);
  if (reader.failed()) return brokenForm();
  if (ops == 0) return refuse("ENGINE_PROGRAM", "op 0 is load");
  for (uint32_t i = 0; i < ops; i += 1) {
    refused = readOp(reader, program);
    if (refused) return refused;
  }
  refused = readUpdates(reader, program);
  if (refused) return refused;
  refused = readOutputs(reader, program);
  if (refused) return refused;
  if (!reader.atEnd()) return refuse("ENGINE_PROGRAM", "nothing follows the program");
  return {};
}

}  // namespace vivian
