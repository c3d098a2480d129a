// Decides waiting: threads spin briefly between the ops of a step, because waking a sleeping thread
// costs as much as a small op, and sleep when no work follows.
#include "thread-pool.h"

#include <stdexcept>
#include <system_error>

#include "float-state.h"

#if defined(__x86_64__) || defined(_M_X64)
#include <immintrin.h>
#endif

namespace vivian {

namespace {

/** About 50 µs of pauses; longer than the gap between two ops, far shorter than a step. */
constexpr int SPINS = 2000;

void pauseBriefly() {
#if defined(__x86_64__) || defined(_M_X64)
  _mm_pause();
#else
  std::this_thread::yield();
#endif
}

}  // namespace

ThreadPool::ThreadPool(int32_t threads) : threads_(threads) {
  workers_.reserve((size_t)threads);
  try {
    for (int32_t worker = 1; worker < threads; worker += 1) {
      workers_.emplace_back([this, worker] { work(worker); });
    }
  } catch (const std::system_error&) {
    // Threads left behind would keep this from ever being destroyed.
    stop();
    throw std::runtime_error("the system starts fewer threads than a session is to have");
  }
}

ThreadPool::~ThreadPool() { stop(); }

void ThreadPool::stop() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    stopping_.store(true);
    round_.fetch_add(1);
  }
  wake_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void ThreadPool::runPiece(int32_t worker) {
  if (worker >= pieces_) return;
  const int64_t begin = count_ * worker / pieces_;
  const int64_t end = count_ * (worker + 1) / pieces_;
  if (begin < end) function_(context_, begin, end, worker);
}

void ThreadPool::run(int64_t count, int32_t pieces, RangeFunction function, void* context) {
  count_ = count;
  pieces_ = pieces;
  function_ = function;
  context_ = context;
  unfinished_.store(threads_ - 1);
  {
    // Taken so that a thread about to sleep cannot miss the new round.
    std::lock_guard<std::mutex> lock(mutex_);
    round_.fetch_add(1);
  }
  wake_.notify_all();
  runPiece(0);
  for (int spins = 0; unfinished_.load() != 0; spins += 1) {
    if (spins < SPINS) {
      pauseBriefly();
    } else {
      std::this_thread::yield();
    }
  }
}

void ThreadPool::work(int32_t worker) {
  const FloatState floats;
  uint64_t seen = 0;
  while (true) {
    for (int spins = 0; spins < SPINS && round_.load() == seen; spins += 1) pauseBriefly();
    if (round_.load() == seen) {
      std::unique_lock<std::mutex> lock(mutex_);
      wake_.wait(lock, [&] { return round_.load() != seen; });
    }
    seen = round_.load();
    if (stopping_.load()) return;
    runPiece(worker);
    unfinished_.fetch_sub(1);
  }
}

void parallelFor(const Call& call, int64_t count, int64_t grain, RangeFunction function,
                 void* context) {
  if (count <= 0) return;
  const int64_t most = (count + grain - 1) / grain;
  const int32_t pieces = most < call.threads ? (int32_t)most : call.threads;
  if (pieces <= 1 || call.pool == nullptr) {
    function(context, 0, count, 0);
    return;
  }
  call.pool->run(count, pieces, function, context);
}

}  // namespace vivian
