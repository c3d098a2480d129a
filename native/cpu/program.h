// Decides what program bytes mean to the addon: the same format and the same rules as
// src-main/engine/program (wire.ts, check.ts), checked again here because a wrong shape would be a
// wrong memory access.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string>
#include <vector>

#include "op-kinds.h"

namespace vivian {

// Limits as in src-main/engine/limits.ts, for the reasons given there.
constexpr uint32_t PROGRAM_RANK_MAX = 6;
constexpr int64_t ELEMENTS_MAX = 268435456;
constexpr uint32_t OPS_MAX = 16384;
constexpr uint32_t STATES_MAX = 4096;
constexpr uint32_t OUTPUTS_MAX = 16;
constexpr uint32_t OP_INPUTS_MAX = 8;
constexpr uint32_t OP_ATTRIBUTES_MAX = 2049;
constexpr uint32_t NAME_BYTES_MAX = 64;
constexpr uint32_t OP_NAME_BYTES_MAX = 32;
constexpr size_t PROGRAM_BYTES_MAX = 4194304;
constexpr int64_t CONTRACTION_MAX = 134217728;
constexpr int64_t SUM_AXIS_MAX = 8388608;
/** Values of one zero-bordered image; byte offsets into it stay inside an int32. */
constexpr int64_t PADDED_IMAGE_MAX = 67108864;

/** Dimensions, outermost first; `count` is their product. */
struct Shape {
  uint32_t rank = 0;
  int64_t dims[PROGRAM_RANK_MAX] = {};
  int64_t count = 0;
  bool operator==(const Shape& other) const;
};

/** A state tensor (before the step) or an earlier op's value. */
struct Reference {
  bool isState;
  uint32_t index;
};

struct ProgramOp {
  OpKind kind;
  std::vector<Reference> inputs;
  std::vector<int32_t> attributes;
  Shape shape;
};

struct ProgramUpdate {
  uint32_t state;
  Reference value;
};

struct Program {
  std::vector<Shape> states;
  std::vector<ProgramOp> ops;
  std::vector<ProgramUpdate> updates;
  std::vector<Reference> outputs;

  const Shape& shapeOf(Reference reference) const;
};

/** Why something was refused: a code of contract/codes/engine.ts and words; null: accepted. */
struct Refusal {
  const char* code = nullptr;
  std::string message;
  explicit operator bool() const { return code != nullptr; }
};

/** Reads and checks program bytes from anywhere. */
Refusal readProgram(const uint8_t* bytes, size_t length, Program& program);

/** Whether op `index` follows its shape rule (shape-rules.cc). */
Refusal checkOpShape(const Program& program, const ProgramOp& op);

/** The name of an op kind in program bytes. */
const char* opName(OpKind kind);

/** Whether f32 bits are a canonical number. */
bool isCanonicalBits(uint32_t bits);

}  // namespace vivian
