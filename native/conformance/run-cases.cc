// Decides whether the kernels of every level of this machine give the reference's bytes: a plain
// program without Node, so that another processor's kernels can be run under an emulator.
//
//   run-cases FILE THREADS [LEVEL]
//
// prints a line a difference, then "CASES cases, LEVELS, THREADS threads: N differ"; exit code 1
// where one differs, 2 where the file or the arguments are no good.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <atomic>
#include <memory>

#include "../cpu/session.h"
#include "../cpu/simd-levels.h"
#include "case-file.h"

/** Counted, because steps allocate nothing. */
static std::atomic<long> allocations{0};

void* operator new(size_t bytes) {
  allocations.fetch_add(1);
  void* memory = malloc(bytes == 0 ? 1 : bytes);
  if (memory == nullptr) abort();
  return memory;
}
void operator delete(void* memory) noexcept { free(memory); }
void operator delete(void* memory, size_t) noexcept { free(memory); }

namespace vivian {

namespace {

constexpr uint64_t SESSION_BYTES_MAX = (uint64_t)1 << 30;

/** The first element whose bits differ, or the count where none does. */
size_t firstDifference(const float* given, const std::vector<uint32_t>& expected) {
  size_t at = 0;
  for (; at < expected.size(); at += 1) {
    uint32_t bits;
    memcpy(&bits, given + at, 4);
    if (bits != expected[at]) break;
  }
  return at;
}

/** Says on a line what differs in one result. */
bool isEqual(const float* given, const Case& one, const CaseResult& result,
             const std::string& level) {
  const size_t at = firstDifference(given, result.bits);
  if (at == result.bits.size()) return true;
  uint32_t bits;
  memcpy(&bits, given + at, 4);
  printf("%s: %s, %s %" PRIu32 ": element %zu of %zu is %08" PRIx32 ", reference %08" PRIx32 "\n",
         level.c_str(), one.name.c_str(), result.isState ? "state" : "op", result.index, at,
         result.bits.size(), bits, result.bits[at]);
  return false;
}

bool isExact(const Case& one, const SessionOptions& options) {
  Refusal refusal;
  const std::unique_ptr<Session> session =
      Session::open(one.program.data(), one.program.size(), options, refusal);
  if (session == nullptr) {
    printf("%s: %s was refused: %s\n", options.level.c_str(), one.name.c_str(),
           refusal.message.c_str());
    return false;
  }
  for (size_t i = 0; i < one.states.size(); i += 1) {
    memcpy(session->stateToSet((uint32_t)i), one.states[i].data(), one.states[i].size() * 4);
  }
  bool exact = true;
  for (const CaseStep& step : one.steps) {
    const long before = allocations.load();
    session->run(step.step, step.batch.data(), false);
    if (allocations.load() == before) continue;
    printf("%s: %s, a step allocates memory\n", options.level.c_str(), one.name.c_str());
    exact = false;
  }
  // All values in one repeated step.
  std::vector<uint32_t> ops;
  std::vector<std::vector<float>> values;
  std::vector<float*> into;
  for (const CaseResult& result : one.results) {
    if (result.isState) continue;
    ops.push_back(result.index);
    values.emplace_back(result.bits.size());
    into.push_back(values.back().data());
  }
  if (!ops.empty() && !session->repeat(ops, into)) {
    printf("%s: %s, the last step repeated ends otherwise\n", options.level.c_str(),
           one.name.c_str());
    exact = false;
  }
  size_t next = 0;
  for (const CaseResult& result : one.results) {
    const float* given = result.isState ? session->state(result.index) : into[next];
    next += result.isState ? 0 : 1;
    exact = isEqual(given, one, result, options.level) && exact;
  }
  return exact;
}

int runAll(const char* path, int32_t threads, const char* only) {
  std::vector<Case> cases;
  if (threads < 1 || threads > THREADS_MAX || !readCases(path, cases) || cases.empty()) return 2;
  int different = 0;
  std::string names;
  for (const std::string& level : simdLevels()) {
    if (only != nullptr && level != only) continue;
    names += (names.empty() ? "" : " and ") + level;
    for (const Case& one : cases) {
      if (!isExact(one, {level, threads, SESSION_BYTES_MAX})) different += 1;
    }
  }
  printf("%zu cases, %s, %" PRId32 " threads: %d differ\n", cases.size(), names.c_str(), threads,
         different);
  return names.empty() ? 2 : different == 0 ? 0 : 1;
}

}  // namespace

}  // namespace vivian

int main(int count, char** words) {
  if (count < 3) return 2;
  return vivian::runAll(words[1], (int32_t)atoi(words[2]), count > 3 ? words[3] : nullptr);
}
