// Decides how cases written by the reference engine are read: programs with their start states and
// batches, and the bytes that must come out. Little-endian, every count u32; the file is ours, so a
// wrong one ends the program instead of being explained.
#pragma once
#include <stdint.h>

#include <string>
#include <vector>

namespace vivian {

/** One step of a case. */
struct CaseStep {
  uint32_t step;
  std::vector<uint8_t> batch;
};

/** A tensor that must come out: a state after the last step, or an op's value in it. */
struct CaseResult {
  bool isState;
  uint32_t index;
  std::vector<uint32_t> bits;
};

/** A program to run and what must come of it. */
struct Case {
  std::string name;
  std::vector<uint8_t> program;
  std::vector<std::vector<float>> states;
  std::vector<CaseStep> steps;
  std::vector<CaseResult> results;
};

/** Reads a whole case file; false when it breaks off or is none. */
bool readCases(const char* path, std::vector<Case>& cases);

}  // namespace vivian
