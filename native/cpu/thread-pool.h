// Decides how a step uses several threads: a fixed set of them, started once, each given one
// contiguous piece of the work. The caller is thread 0.
#pragma once
#include "call.h"
#if !defined(__wasm__)
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>
#endif

namespace vivian {

/** Threads one session may have; above the cores of any machine we know it only costs memory. */
constexpr int32_t THREADS_MAX = 256;

#if defined(__wasm__)
/** A WebAssembly module has the thread that calls it (native/wasm/one-thread.cc). */
class ThreadPool {
 public:
  explicit ThreadPool(int32_t) {}
};
#else
class ThreadPool {
 public:
  /** Throws std::runtime_error where the system starts fewer threads; none is left then. */
  explicit ThreadPool(int32_t threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int32_t threads() const { return threads_; }

  /** Runs pieces 0..pieces−1 of [0, count), piece t on thread t, and waits for all. */
  void run(int64_t count, int32_t pieces, RangeFunction function, void* context);

 private:
  void stop();
  void work(int32_t worker);
  void runPiece(int32_t worker);

  const int32_t threads_;
  std::vector<std::thread> workers_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::atomic<uint64_t> round_{0};
  std::atomic<int32_t> unfinished_{0};
  std::atomic<bool> stopping_{false};
  int64_t count_ = 0;
  int32_t pieces_ = 0;
  RangeFunction function_ = nullptr;
  void* context_ = nullptr;
};
#endif

}  // namespace vivian
