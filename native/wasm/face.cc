// Decides what JavaScript may ask of the WebAssembly module. One instance of the module holds one
// session, so closing it is letting the instance go. Indices and lengths are checked by the caller
// (src-main/adapters/wasm-engine); a wrong one could harm this instance's own memory and no more.
#include <stdlib.h>

#include "../cpu/session.h"
#include "../cpu/thread-pool.h"

#define VIVIAN_EXPORT(name) extern "C" __attribute__((export_name(#name)))

namespace vivian {

namespace {

/** What the instance holds; `refusal` says why there is no session. */
std::unique_ptr<Session> session;
Refusal refusal;

}  // namespace

/** Memory for bytes from outside; null when there is none. */
VIVIAN_EXPORT(allocate) void* allocate(size_t bytes) { return malloc(bytes); }
VIVIAN_EXPORT(release) void release(void* memory) { free(memory); }

/** Whether the program was accepted and has got its memory. */
VIVIAN_EXPORT(open) bool open(const uint8_t* program, size_t length, double memoryBytesMax) {
  session = Session::open(program, length, {"wasm", 1, (uint64_t)memoryBytesMax}, refusal);
  return session != nullptr;
}

VIVIAN_EXPORT(refusalCode) const char* refusalCode() { return refusal.code; }
VIVIAN_EXPORT(refusalMessage) const char* refusalMessage() { return refusal.message.c_str(); }

VIVIAN_EXPORT(memoryBytes) double memoryBytes() { return (double)session->memoryBytes(); }
VIVIAN_EXPORT(batchBytes) size_t batchBytes() { return session->batchBytes(); }
VIVIAN_EXPORT(isFinite) bool isFinite(const uint8_t* batch) { return session->isFinite(batch); }
VIVIAN_EXPORT(state) const float* state(uint32_t index) { return session->state(index); }
/** Where a state's new numbers are written. */
VIVIAN_EXPORT(stateToSet) float* stateToSet(uint32_t index) { return session->stateToSet(index); }
/** Null where the last step cannot be repeated, or ends otherwise. */
VIVIAN_EXPORT(value) const float* value(uint32_t op) { return session->value(op); }

VIVIAN_EXPORT(output) const float* output(uint32_t index) { return session->output(index); }

VIVIAN_EXPORT(run) void run(double step, const uint8_t* batch) {
  session->run((int64_t)step, batch, false);
}

}  // namespace vivian
