#include "plugin.h"

#include <dlfcn.h>

namespace vivian::pjrt {

namespace {

// Serialised compile options: of the build options (field 3) the device (1) left open as -1, one
// replica (4) and one partition (5).
constexpr unsigned char kCompileOptions[] = {0x1a, 0x0f, 0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                             0xff, 0xff, 0xff, 0x01, 0x20, 0x01, 0x28, 0x01};

constexpr char kFormat[] = "mlir";

NamedValue named(const Setting& setting) {
  NamedValue value{};
  value.head.size = sizeof value;
  value.name = setting.name.c_str();
  value.name_length = setting.name.size();
  value.length = 1;
  if (setting.value == "true" || setting.value == "false") {
    value.type = 4;
    value.truth = setting.value == "true";
  } else if (setting.value.find_first_not_of("0123456789") == std::string::npos &&
             !setting.value.empty() && setting.value.size() < 18) {
    value.type = 1;
    value.integer = std::stoll(setting.value);
  } else {
    value.type = 0;
    value.text = setting.value.c_str();
    value.length = setting.value.size();
  }
  return value;
}

const Api* load(const std::string& file) {
  void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* why = dlerror();
    throw Failure("load", why == nullptr ? "the library could not be loaded" : why);
  }
  auto get = reinterpret_cast<const Api* (*)()>(dlsym(library, "GetPjrtApi"));
  if (get == nullptr) throw Failure("load", "it has no function GetPjrtApi: no PJRT plugin");
  const Api* api = get();
  if (api == nullptr) throw Failure("load", "GetPjrtApi gave nothing");
  if (api->size < offsetof(Api, functions)) throw Failure("version", "its table has no version");
  const Version& version = api->version;
  if (version.major != kMajor) {
    throw Failure("version", "it speaks PJRT " + std::to_string(version.major) + "." +
                                 std::to_string(version.minor) + "; this program speaks 0.x");
  }
  if (api->size < sizeof(Api)) {
    throw Failure("version", "its table of functions ends too early: " +
                                 std::to_string(api->size) + " of " +
                                 std::to_string(sizeof(Api)) + " bytes");
  }
  return api;
}

}  // namespace

Plugin::Plugin(const std::string& file, const std::vector<Setting>& settings) : api_(load(file)) {
  Padded<PluginInitialize> initialize;
  call("initialise", kPluginInitialize, initialize);
  start(settings);
}

void Plugin::start(const std::vector<Setting>& settings) {
  std::vector<NamedValue> options;
  for (const Setting& setting : settings) options.push_back(named(setting));
  Padded<ClientCreate> create;
  create->options = options.data();
  create->option_count = options.size();
  call("client", kClientCreate, create);
  client_ = create->client;
}

Plugin::~Plugin() {
  Padded<ClientDestroy> destroy;
  destroy->client = client_;
  if (client_ == nullptr) return;
  // Nobody is left to tell; the process ends next.
  if (Error* error = ask(kClientDestroy, destroy)) take_message(error);
}

void Plugin::fail(const char* stage, Error* error) { throw Failure(stage, take_message(error)); }

std::string Plugin::take_message(Error* error) {
  Padded<ErrorMessage> message;
  message->error = error;
  reinterpret_cast<void (*)(ErrorMessage*)>(api_->functions[kErrorMessage])(message.get());
  std::string text(message->text == nullptr ? "" : message->text, message->length);
  Padded<ErrorDestroy> destroy;
  destroy->error = error;
  reinterpret_cast<void (*)(ErrorDestroy*)>(api_->functions[kErrorDestroy])(destroy.get());
  return text;
}

void Plugin::wait(const char* stage, Event* event) {
  if (event == nullptr) return;
  Padded<OfEvent> of;
  of->event = event;
  Error* error = ask(kEventAwait, of);
  Padded<OfEvent> ended;
  ended->event = event;
  if (Error* late = ask(kEventDestroy, ended)) take_message(late);
  if (error != nullptr) fail(stage, error);
}

std::string Plugin::text(Place place) {
  Padded<ClientText> of;
  of->client = client_;
  call("client", place, of);
  return std::string(of->text, of->length);
}

std::vector<DeviceAbout> Plugin::devices() {
  Padded<ClientDevices> listed;
  listed->client = client_;
  call("devices", kClientAddressableDevices, listed);
  std::vector<DeviceAbout> found;
  for (size_t index = 0; index < listed->count; ++index) {
    Device* device = listed->devices[index];
    Padded<DeviceGetDescription> described;
    described->device = device;
    call("devices", kDeviceGetDescription, described);
    Padded<DescriptionId> id;
    id->description = described->description;
    call("devices", kDescriptionId, id);
    Padded<DescriptionText> kind;
    kind->description = described->description;
    call("devices", kDescriptionKind, kind);
    Padded<DeviceMemoryStats> memory;
    memory->device = device;
    Error* error = ask(kDeviceMemoryStats, memory);
    if (error != nullptr) take_message(error);
    bool known = error == nullptr && memory->limit.is_set;
    found.push_back({device, id->id, std::string(kind->text, kind->length),
                     known ? memory->limit.value : -1});
  }
  return found;
}

LoadedExecutable* Plugin::compile(const std::string& program) {
  std::string code = program;
  Padded<Program> text;
  text->code = code.data();
  text->code_length = code.size();
  text->format = kFormat;
  text->format_length = sizeof kFormat - 1;
  Padded<ClientCompile> compiled;
  compiled->client = client_;
  compiled->program = text.get();
  compiled->options = reinterpret_cast<const char*>(kCompileOptions);
  compiled->options_length = sizeof kCompileOptions;
  call("compile", kClientCompile, compiled);
  return compiled->executable;
}

Buffer* Plugin::upload(const std::vector<int8_t>& data, int64_t rows, int64_t columns,
                       Device* device) {
  const int64_t dimensions[] = {rows, columns};
  Padded<BufferFromHost> made;
  made->client = client_;
  made->data = data.data();
  made->type = kSigned8;
  made->dimensions = dimensions;
  made->dimension_count = 2;
  made->semantics = kOnlyDuringCall;
  made->device = device;
  call("upload", kClientBufferFromHost, made);
  wait("upload", made->done);
  return made->buffer;
}

Buffer* Plugin::run(LoadedExecutable* executable, Buffer* left, Buffer* right) {
  Buffer* arguments[] = {left, right};
  Buffer** of_device = arguments;
  Buffer* result = nullptr;
  Buffer** results = &result;
  Event* done = nullptr;
  Padded<ExecuteOptions> options;
  Padded<Execute> executed;
  executed->executable = executable;
  executed->options = options.get();
  executed->arguments = &of_device;
  executed->device_count = 1;
  executed->argument_count = 2;
  executed->outputs = &results;
  executed->done = &done;
  call("execute", kExecute, executed);
  wait("execute", done);
  if (result == nullptr) throw Failure("execute", "it gave no result");
  return result;
}

void Plugin::download(Buffer* buffer, void* target, size_t length) {
  Padded<BufferToHost> copied;
  copied->source = buffer;
  copied->target = target;
  copied->length = length;
  call("download", kBufferToHost, copied);
  wait("download", copied->done);
}

void Plugin::destroy(Buffer* buffer) {
  Padded<BufferDestroy> of;
  of->buffer = buffer;
  call("free", kBufferDestroy, of);
}

void Plugin::destroy(LoadedExecutable* executable) {
  Padded<ExecutableDestroy> of;
  of->executable = executable;
  call("free", kExecutableDestroy, of);
}

}  // namespace vivian::pjrt
