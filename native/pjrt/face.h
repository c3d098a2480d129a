// Decides how a PJRT plugin is spoken to: the part of its C interface that is needed here, declared
// from the public layout of version 0.x (openxla/xla, xla/pjrt/c/pjrt_c_api.h). Within one major
// version fields are only ever appended, so that places in the table and in arguments hold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace vivian::pjrt {

constexpr int kMajor = 0;

struct Error;
struct Event;
struct Client;
struct Device;
struct DeviceDescription;
struct LoadedExecutable;
struct Buffer;

// Every argument begins with its own size and a list of extensions, which stays empty.
struct Head {
  size_t size;
  void* extensions;
};

// A later version may know more fields than are declared here, and refuses a shorter argument. They
// stand in this tail as zeroes, which is how each of them is left out.
constexpr size_t kTail = 256;

template <typename T>
struct Padded {
  T fields;
  unsigned char tail[kTail];

  Padded() {
    std::memset(static_cast<void*>(this), 0, sizeof *this);
    fields.head.size = sizeof *this;
  }
  T* operator->() { return &fields; }
  T* get() { return &fields; }
};

struct ErrorDestroy {
  Head head;
  Error* error;
};

struct ErrorMessage {
  Head head;
  const Error* error;
  const char* text;
  size_t length;
};

struct PluginInitialize {
  Head head;
};

// EventDestroy and EventAwait.
struct OfEvent {
  Head head;
  Event* event;
};

struct NamedValue {
  Head head;
  const char* name;
  size_t name_length;
  int32_t type;  // 0 text, 1 integer, 2 integers, 3 float, 4 truth
  union {
    const char* text;
    int64_t integer;
    float number;
    bool truth;
  };
  size_t length;  // of a text; 1 for all others
};

struct ClientCreate {
  Head head;
  NamedValue* options;
  size_t option_count;
  void* callbacks[4];  // of clients that span machines
  Client* client;
};

struct ClientDestroy {
  Head head;
  Client* client;
};

// PlatformName and PlatformVersion.
struct ClientText {
  Head head;
  Client* client;
  const char* text;
  size_t length;
};

// Devices and AddressableDevices.
struct ClientDevices {
  Head head;
  Client* client;
  Device** devices;
  size_t count;
};

struct Program {
  Head head;
  char* code;
  size_t code_length;
  const char* format;
  size_t format_length;
};

struct ClientCompile {
  Head head;
  Client* client;
  Program* program;
  const char* options;
  size_t options_length;
  LoadedExecutable* executable;
};

constexpr int32_t kSigned8 = 2;
constexpr int32_t kOnlyDuringCall = 0;

struct BufferFromHost {
  Head head;
  Client* client;
  const void* data;
  int32_t type;
  const int64_t* dimensions;
  size_t dimension_count;
  const int64_t* strides;
  size_t stride_count;
  int32_t semantics;
  Device* device;
  void* memory;
  void* layout;
  Event* done;
  Buffer* buffer;
};

struct DescriptionId {
  Head head;
  DeviceDescription* description;
  int32_t id;
};

struct DescriptionText {
  Head head;
  DeviceDescription* description;
  const char* text;
  size_t length;
};

struct DeviceGetDescription {
  Head head;
  Device* device;
  DeviceDescription* description;
};

struct DeviceMemoryStats {
  Head head;
  Device* device;
  int64_t in_use;
  struct {
    int64_t value;
    bool is_set;
  } peak, allocations, largest, limit, reserved, peak_reserved, reservable, largest_free, pool,
      peak_pool;
};

struct ExecuteOptions {
  Head head;
  void* send_callbacks;
  void* receive_callbacks;
  size_t send_count;
  size_t receive_count;
  int32_t launch;
};

struct Execute {
  Head head;
  LoadedExecutable* executable;
  ExecuteOptions* options;
  Buffer*** arguments;
  size_t device_count;
  size_t argument_count;
  Buffer*** outputs;
  Event** done;
  Device* device;
};

struct ExecutableDestroy {
  Head head;
  LoadedExecutable* executable;
};

struct BufferDestroy {
  Head head;
  Buffer* buffer;
};

struct BufferToHost {
  Head head;
  Buffer* source;
  void* layout;
  void* target;
  size_t length;
  Event* done;
};

// Places in the table of functions that are called here.
enum Place : size_t {
  kErrorDestroy = 0,
  kErrorMessage = 1,
  kPluginInitialize = 3,
  kEventDestroy = 5,
  kEventAwait = 8,
  kClientCreate = 10,
  kClientDestroy = 11,
  kClientPlatformName = 12,
  kClientPlatformVersion = 14,
  kClientAddressableDevices = 16,
  kClientCompile = 20,
  kClientBufferFromHost = 22,
  kDescriptionId = 23,
  kDescriptionKind = 26,
  kDeviceGetDescription = 29,
  kDeviceMemoryStats = 34,
  kExecutableDestroy = 50,
  kExecute = 55,
  kBufferDestroy = 58,
  kBufferToHost = 70,
  kPlaces = 71,
};

struct Version {
  Head head;
  int32_t major;
  int32_t minor;
};

struct Api {
  size_t size;
  void* extensions;
  Version version;
  void* functions[kPlaces];
};

}  // namespace vivian::pjrt
