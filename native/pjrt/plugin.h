// Decides how a plugin is opened, asked and closed. Every refusal is a Failure that names the stage
// it came at.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "face.h"

namespace vivian::pjrt {

struct Failure : std::runtime_error {
  Failure(std::string at, const std::string& message) : std::runtime_error(message), stage(at) {}
  std::string stage;
};

struct DeviceAbout {
  Device* device;
  int32_t id;
  std::string kind;
  int64_t memory_bytes;  // -1: not said
};

// A setting of the client, such as preallocate=false.
struct Setting {
  std::string name;
  std::string value;
};

class Plugin {
 public:
  // Loads the library, checks its version and its table, and starts a client.
  Plugin(const std::string& file, const std::vector<Setting>& settings);
  ~Plugin();
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;

  int32_t minor() const { return api_->version.minor; }
  std::string text(Place place);
  std::vector<DeviceAbout> devices();
  LoadedExecutable* compile(const std::string& program);
  Buffer* upload(const std::vector<int8_t>& data, int64_t rows, int64_t columns, Device* device);
  // Runs a program of two arguments and one result; the arguments stay the caller's.
  Buffer* run(LoadedExecutable* executable, Buffer* left, Buffer* right);
  void download(Buffer* buffer, void* target, size_t length);
  void destroy(Buffer* buffer);
  void destroy(LoadedExecutable* executable);

 private:
  template <typename T>
  Error* ask(Place place, Padded<T>& given) {
    return reinterpret_cast<Error* (*)(T*)>(api_->functions[place])(given.get());
  }
  template <typename T>
  void call(const char* stage, Place place, Padded<T>& given) {
    if (Error* error = ask(place, given)) fail(stage, error);
  }
  [[noreturn]] void fail(const char* stage, Error* error);
  std::string take_message(Error* error);
  void wait(const char* stage, Event* event);
  void start(const std::vector<Setting>& settings);

  const Api* api_ = nullptr;
  Client* client_ = nullptr;
};

}  // namespace vivian::pjrt
