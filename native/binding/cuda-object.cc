// Decides what JavaScript may ask of a graphics device that CUDA drives: to name the devices, to
// open one with its kernels, to prepare programs on it. Every argument is checked here.
#include "cuda-object.h"

#include <memory>

#include "../cuda/cuda-session.h"
#include "arguments.h"
#include "session-object.h"

namespace vivian {

namespace {

constexpr napi_type_tag DEVICE_TAG = {0x7669766961006e02ULL, 0x4c1f90a87be3d265ULL};
constexpr double DEVICES_MAX = 1024;
constexpr double BYTES_MAX = 9007199254740991.0;
/** Longest path of a driver library. */
constexpr size_t PATH_BYTES_MAX = 4096;
/** Longest text of kernels. */
constexpr size_t KERNELS_BYTES_MAX = 16777216;
constexpr uint32_t TEXTS_MAX = 8;

/** What the JavaScript object owns; closed when `device` is empty. */
struct DeviceHolder {
  std::shared_ptr<cuda::Device> device;
};

/** A session on the device. */
class GraphicsSession : public StepSession {
 public:
  explicit GraphicsSession(std::unique_ptr<cuda::CudaSession> session)
      : session_(std::move(session)) {}

  const Program& program() const override { return session_->program(); }
  void upload(uint32_t state, const float* values) override { session_->upload(state, values); }
  void run(int64_t step, const uint8_t* batch, bool profile) override {
    if (profile) {
      session_->profile(step, batch);
    } else {
      session_->run(step, batch);
    }
  }
  void download(uint32_t state, float* into) override { session_->download(state, into); }
  void output(uint32_t index, float* into) override { session_->output(index, into); }
  bool keepsOutput(uint32_t index) const override { return session_->keepsOutput(index); }
  void outputBefore(uint32_t index, float* into) const override {
    session_->outputBefore(index, into);
  }
  bool hasRunTwice() const override { return session_->hasRunTwice(); }
  bool repeat(const std::vector<uint32_t>& ops, const std::vector<float*>& into) override {
    return session_->repeat(ops, into);
  }
  bool hasRun() const override { return session_->hasRun(); }
  bool canRepeat() const override { return session_->canRepeat(); }
  uint64_t memoryBytes() const override { return session_->memoryBytes(); }
  uint64_t stepBytes() const override { return session_->stepBytes(); }
  const BoundPlan& launches() const override { return session_->steps(); }
  const std::vector<double>& nanoseconds() const override { return session_->nanoseconds(); }

 private:
  std::unique_ptr<cuda::CudaSession> session_;
};

typedef napi_value (*Work)(napi_env env, const Arguments& arguments);

/** What `work` answers; its failures become errors with their codes. */
template <Work work>
napi_value guarded(napi_env env, napi_callback_info info) {
  try {
    Arguments arguments;
    if (!readArguments(env, info, arguments)) return throwError(env, "ENGINE_PROGRAM", "arguments");
    return work(env, arguments);
  } catch (const cuda::Failure& failure) {
    return throwError(env, failure.code(), failure.what());
  } catch (const std::exception& error) {
    return throwError(env, "ENGINE_LIMIT", error.what());
  }
}

bool readLongText(napi_env env, napi_value object, const char* name, size_t most,
                  std::string& text) {
  napi_value value;
  size_t length = 0;
  if (!readProperty(env, object, name, value)) return false;
  if (napi_get_value_string_utf8(env, value, nullptr, 0, &length) != napi_ok || length > most) {
    return false;
  }
  text.resize(length + 1);
  if (napi_get_value_string_utf8(env, value, &text[0], length + 1, &length) != napi_ok) {
    return false;
  }
  text.resize(length);
  return true;
}

bool readNumber(napi_env env, napi_value object, const char* name, double most, double& number) {
  napi_value value;
  return readProperty(env, object, name, value) && readInteger(env, value, 0, most, number);
}

bool setNumber(napi_env env, napi_value object, const char* name, double number) {
  napi_value value;
  return napi_create_double(env, number, &value) == napi_ok &&
         napi_set_named_property(env, object, name, value) == napi_ok;
}

bool setText(napi_env env, napi_value object, const char* name, const std::string& text) {
  napi_value value;
  return napi_create_string_utf8(env, text.data(), text.size(), &value) == napi_ok &&
         napi_set_named_property(env, object, name, value) == napi_ok;
}

napi_value describe(napi_env env, const cuda::DeviceFacts& facts) {
  napi_value object;
  if (napi_create_object(env, &object) != napi_ok || !setText(env, object, "name", facts.name) ||
      !setText(env, object, "uuid", facts.uuid) || !setText(env, object, "bus", facts.bus) ||
      !setNumber(env, object, "capability", facts.major * 10 + facts.minor) ||
      !setNumber(env, object, "memoryBytes", (double)facts.memoryBytes)) {
    return throwError(env, "ENGINE_LIMIT", "no memory for an answer");
  }
  return object;
}

napi_value listDevices(napi_env env, const Arguments& arguments) {
  std::string library;
  if (!readLongText(env, arguments.values[0], "library", PATH_BYTES_MAX, library)) {
    return throwError(env, "ENGINE_PROGRAM", "library is a path, or empty");
  }
  const std::shared_ptr<cuda::Driver> driver = cuda::Driver::open(library);
  napi_value list = nullptr;
  napi_create_array_with_length(env, (size_t)driver->devices(), &list);
  for (int number = 0; number < driver->devices(); number += 1) {
    const napi_value one = describe(env, cuda::factsOf(*driver, number));
    if (one == nullptr || napi_set_element(env, list, (uint32_t)number, one) != napi_ok) {
      return nullptr;
    }
  }
  return list;
}

bool readKernels(napi_env env, napi_value object, std::vector<cuda::KernelText>& texts) {
  napi_value list;
  uint32_t count = 0;
  if (!readProperty(env, object, "kernels", list) ||
      napi_get_array_length(env, list, &count) != napi_ok || count > TEXTS_MAX) {
    return false;
  }
  for (uint32_t i = 0; i < count; i += 1) {
    napi_value entry;
    double capability = 0;
    cuda::KernelText text;
    if (napi_get_element(env, list, i, &entry) != napi_ok ||
        !readNumber(env, entry, "capability", 1000, capability) ||
        !readLongText(env, entry, "text", KERNELS_BYTES_MAX, text.text)) {
      return false;
    }
    text.capability = (int)capability;
    texts.push_back(std::move(text));
  }
  return true;
}

DeviceHolder* deviceOf(napi_env env, napi_value self) {
  bool ours = false;
  void* data = nullptr;
  napi_valuetype type;
  if (self == nullptr || napi_typeof(env, self, &type) != napi_ok || type != napi_object ||
      napi_check_object_type_tag(env, self, &DEVICE_TAG, &ours) != napi_ok || !ours) {
    return nullptr;
  }
  return napi_unwrap(env, self, &data) == napi_ok ? (DeviceHolder*)data : nullptr;
}

napi_value createOnDevice(napi_env env, const Arguments& arguments) {
  DeviceHolder* holder = deviceOf(env, arguments.self);
  if (holder == nullptr || !holder->device) {
    return throwError(env, "ENGINE_PROGRAM", "this is not an open device");
  }
  const uint8_t* bytes = nullptr;
  size_t length = 0;
  double most = 0;
  if (!readBytes(env, arguments.values[0], bytes, length) ||
      !readInteger(env, arguments.values[1], 0, BYTES_MAX, most)) {
    return throwError(env, "ENGINE_PROGRAM", "program bytes, then the most bytes of memory");
  }
  Refusal refusal;
  std::unique_ptr<cuda::CudaSession> session =
      cuda::CudaSession::open(holder->device, bytes, length, (uint64_t)most, refusal);
  if (!session) return throwError(env, refusal.code, refusal.message);
  return wrapSession(env, std::make_unique<GraphicsSession>(std::move(session)));
}

/** Lets the device go; sessions on it keep it until they are closed. */
napi_value closeDevice(napi_env env, const Arguments& arguments) {
  DeviceHolder* holder = deviceOf(env, arguments.self);
  if (holder == nullptr) return throwError(env, "ENGINE_PROGRAM", "this is not a device");
  holder->device.reset();
  napi_value none = nullptr;
  napi_get_undefined(env, &none);
  return none;
}

void finalize(napi_env, void* data, void*) { delete (DeviceHolder*)data; }

napi_value openDevice(napi_env env, const Arguments& arguments) {
  std::string library;
  double number = 0;
  std::vector<cuda::KernelText> texts;
  const napi_value options = arguments.values[0];
  if (!readLongText(env, options, "library", PATH_BYTES_MAX, library) ||
      !readNumber(env, options, "number", DEVICES_MAX, number) ||
      !readKernels(env, options, texts)) {
    return throwError(env, "ENGINE_PROGRAM", "options are library, number and kernels");
  }
  std::unique_ptr<DeviceHolder> holder(new DeviceHolder{
      cuda::Device::open(cuda::Driver::open(library), (int)number, texts)});
  const napi_value object = describe(env, holder->device->facts());
  if (object == nullptr) return nullptr;
  const napi_property_descriptor methods[] = {
      {"createSession", nullptr, guarded<createOnDevice>, nullptr, nullptr, nullptr, napi_default,
       nullptr},
      {"close", nullptr, guarded<closeDevice>, nullptr, nullptr, nullptr, napi_default, nullptr},
  };
  if (napi_define_properties(env, object, sizeof methods / sizeof methods[0], methods) != napi_ok ||
      napi_type_tag_object(env, object, &DEVICE_TAG) != napi_ok ||
      napi_wrap(env, object, holder.get(), finalize, nullptr, nullptr) != napi_ok) {
    return throwError(env, "ENGINE_LIMIT", "the device object could not be made");
  }
  holder.release();
  return object;
}

}  // namespace

napi_value cudaDevices(napi_env env, napi_callback_info info) {
  return guarded<listDevices>(env, info);
}

napi_value openCudaDevice(napi_env env, napi_callback_info info) {
  return guarded<openDevice>(env, info);
}

}  // namespace vivian
