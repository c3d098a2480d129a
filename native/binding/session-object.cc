// Decides what JavaScript may ask of a session. Every argument is checked here; a wrong one is a
// JavaScript error with a code, and no C++ exception leaves a function of this file.
#include "session-object.h"

#include <string.h>

#include <exception>
#include <memory>
#include <new>

#include "../cpu/session.h"
#include "../cuda/driver.h"
#include "arguments.h"

namespace vivian {

namespace {

// Marks our objects, so that a method called on anything else is refused instead of misread.
constexpr napi_type_tag SESSION_TAG = {0x7669766961006e01ULL, 0x9d0c5f4e2b7a4831ULL};
constexpr double STEP_MAX = 9007199254740991.0;
constexpr double INDEX_MAX = 4294967295.0;

/** A session on the processor. */
class ProcessorSession : public StepSession {
 public:
  explicit ProcessorSession(std::unique_ptr<Session> session) : session_(std::move(session)) {}

  const Program& program() const override { return session_->program(); }
  void upload(uint32_t state, const float* values) override {
    memcpy(session_->stateToSet(state), values, bytesOf(program().states[state]));
  }
  void run(int64_t step, const uint8_t* batch, bool profile) override {
    session_->run(step, batch, profile);
  }
  void download(uint32_t state, float* into) override {
    memcpy(into, session_->state(state), bytesOf(program().states[state]));
  }
  void output(uint32_t index, float* into) override {
    const Shape& shape = program().shapeOf(program().outputs[index]);
    memcpy(into, session_->output(index), bytesOf(shape));
  }
  // A step of the processor's is over when it is back: its outputs are there at once.
  bool keepsOutput(uint32_t) const override { return false; }
  void outputBefore(uint32_t, float*) const override {}
  bool hasRunTwice() const override { return false; }
  bool repeat(const std::vector<uint32_t>& ops, const std::vector<float*>& into) override {
    return session_->repeat(ops, into);
  }
  bool hasRun() const override { return session_->hasRun(); }
  bool canRepeat() const override { return session_->canRepeat(); }
  uint64_t memoryBytes() const override { return session_->memoryBytes(); }
  uint64_t stepBytes() const override { return session_->stepBytes(); }
  const BoundPlan& launches() const override { return session_->steps(); }
  const std::vector<double>& nanoseconds() const override {
    return session_->steps().nanoseconds();
  }

 private:
  static size_t bytesOf(const Shape& shape) { return (size_t)shape.count * 4; }

  std::unique_ptr<Session> session_;
};

/** What the JavaScript object owns; closed when `session` is empty. */
struct Holder {
  std::unique_ptr<StepSession> session;
};

typedef napi_value (*SessionMethod)(napi_env env, StepSession& session,
                                    const Arguments& arguments);

napi_value undefinedValue(napi_env env) {
  napi_value value = nullptr;
  napi_get_undefined(env, &value);
  return value;
}

Holder* holderOf(napi_env env, napi_value self) {
  napi_valuetype type;
  bool ours = false;
  void* data = nullptr;
  if (self == nullptr || napi_typeof(env, self, &type) != napi_ok || type != napi_object) {
    return nullptr;
  }
  if (napi_check_object_type_tag(env, self, &SESSION_TAG, &ours) != napi_ok || !ours) {
    return nullptr;
  }
  return napi_unwrap(env, self, &data) == napi_ok ? (Holder*)data : nullptr;
}

template <SessionMethod method>
napi_value callMethod(napi_env env, napi_callback_info info) {
  try {
    Arguments arguments;
    if (!readArguments(env, info, arguments)) return throwError(env, "ENGINE_PROGRAM", "arguments");
    Holder* holder = holderOf(env, arguments.self);
    if (holder == nullptr) return throwError(env, "ENGINE_PROGRAM", "this is not a session");
    if (!holder->session) return throwError(env, "ENGINE_PROGRAM", "the session is closed");
    return method(env, *holder->session, arguments);
  } catch (const cuda::Failure& failure) {
    return throwError(env, failure.code(), failure.what());
  } catch (const std::exception& error) {
    return throwError(env, "ENGINE_LIMIT", error.what());
  }
}

bool isUndefined(napi_env env, napi_value value) {
  napi_valuetype type;
  return napi_typeof(env, value, &type) == napi_ok && type == napi_undefined;
}

bool readIndex(napi_env env, napi_value value, size_t count, uint32_t& index) {
  double number = 0;
  if (!readInteger(env, value, 0, INDEX_MAX, number) || number >= (double)count) return false;
  index = (uint32_t)number;
  return true;
}

napi_value upload(napi_env env, StepSession& session, const Arguments& arguments) {
  uint32_t state = 0;
  const float* values = nullptr;
  size_t count = 0;
  if (!readIndex(env, arguments.values[0], session.program().states.size(), state)) {
    return throwError(env, "ENGINE_REFERENCE", "no such state tensor");
  }
  if (!readFloats(env, arguments.values[1], values, count) ||
      count != (size_t)session.program().states[state].count) {
    return throwError(env, "ENGINE_SHAPE", "a state is a Float32Array of its own size");
  }
  for (size_t i = 0; i < count; i += 1) {
    uint32_t bits;
    memcpy(&bits, values + i, 4);
    if (!isCanonicalBits(bits)) {
      return throwError(env, "ENGINE_NUMBER", "element " + std::to_string(i) + " of state " +
                                                  std::to_string(state) + " is not canonical");
    }
  }
  session.upload(state, values);
  return undefinedValue(env);
}

napi_value run(napi_env env, StepSession& session, const Arguments& arguments) {
  double step = 0;
  const uint8_t* batch = nullptr;
  size_t length = 0;
  bool profile = false;
  if (!readInteger(env, arguments.values[0], 1, STEP_MAX, step)) {
    return throwError(env, "ENGINE_PROGRAM", "steps are integers from 1");
  }
  if (!readBytes(env, arguments.values[1], batch, length) ||
      length != batchBytesOf(session.program())) {
    return throwError(env, "ENGINE_SHAPE", "the batch is a Uint8Array of the size load expects");
  }
  if (!isFiniteBatch(session.program(), batch)) {
    return throwError(env, "ENGINE_NUMBER", "a feature of the batch is NaN or infinite");
  }
  if (arguments.count > 2 && !readBoolean(env, arguments.values[2], profile)) {
    return throwError(env, "ENGINE_PROGRAM", "profile is true or false");
  }
  session.run((int64_t)step, batch, profile);
  return undefinedValue(env);
}

napi_value download(napi_env env, StepSession& session, const Arguments& arguments) {
  uint32_t state = 0;
  if (!readIndex(env, arguments.values[0], session.program().states.size(), state)) {
    return throwError(env, "ENGINE_REFERENCE", "no such state tensor");
  }
  if (arguments.count > 1 && !isUndefined(env, arguments.values[1])) {
    const float* into = nullptr;
    size_t count = 0;
    if (!readFloats(env, arguments.values[1], into, count) ||
        count != (size_t)session.program().states[state].count) {
      return throwError(env, "ENGINE_SHAPE", "a state goes into a Float32Array of its own size");
    }
    session.download(state, (float*)into);
    return arguments.values[1];
  }
  float* into = nullptr;
  const napi_value copy = newFloats(env, (size_t)session.program().states[state].count, into);
  if (copy != nullptr) session.download(state, into);
  return copy;
}

/** Copies of the values of `ops` in the last run, by repeating it. */
bool repeatFor(napi_env env, StepSession& session, const std::vector<uint32_t>& ops,
               std::vector<napi_value>& values) {
  if (!session.hasRun()) {
    throwError(env, "ENGINE_REFERENCE", "no step has run yet");
    return false;
  }
  if (!session.canRepeat()) {
    throwError(env, "ENGINE_REFERENCE", "the last step did not end, or a state was set after it");
    return false;
  }
  std::vector<float*> into;
  for (const uint32_t op : ops) {
    float* data = nullptr;
    const size_t count = (size_t)session.program().ops[op].shape.count;
    const napi_value array = newFloats(env, count, data);
    if (array == nullptr) return false;
    values.push_back(array);
    into.push_back(data);
  }
  if (session.repeat(ops, into)) return true;
  throwError(env, "MINER_NOT_EXACT", "not exact here: a step repeated gave other states");
  return false;
}

napi_value value(napi_env env, StepSession& session, const Arguments& arguments) {
  std::vector<uint32_t> ops(1);
  if (!readIndex(env, arguments.values[0], session.program().ops.size(), ops[0])) {
    return throwError(env, "ENGINE_REFERENCE", "no such op");
  }
  std::vector<napi_value> values;
  return repeatFor(env, session, ops, values) ? values[0] : nullptr;
}

napi_value valuesOf(napi_env env, StepSession& session, const Arguments& arguments) {
  uint32_t count = 0;
  if (arguments.count < 1 || napi_get_array_length(env, arguments.values[0], &count) != napi_ok ||
      count > OPS_MAX) {
    return throwError(env, "ENGINE_REFERENCE", "ops are an array of numbers");
  }
  std::vector<uint32_t> ops(count);
  for (uint32_t i = 0; i < count; i += 1) {
    napi_value entry;
    if (napi_get_element(env, arguments.values[0], i, &entry) != napi_ok ||
        !readIndex(env, entry, session.program().ops.size(), ops[i])) {
      return throwError(env, "ENGINE_REFERENCE", "no such op");
    }
  }
  std::vector<napi_value> values;
  if (!repeatFor(env, session, ops, values)) return nullptr;
  napi_value list = nullptr;
  if (napi_create_array_with_length(env, count, &list) != napi_ok) {
    return throwError(env, "ENGINE_LIMIT", "no memory for the values");
  }
  for (uint32_t i = 0; i < count; i += 1) {
    if (napi_set_element(env, list, i, values[i]) != napi_ok) {
      return throwError(env, "ENGINE_LIMIT", "no memory for the values");
    }
  }
  return list;
}

/** Reads which output is meant; where there is none an error is thrown. */
bool readOutput(napi_env env, StepSession& session, const Arguments& arguments, uint32_t& index) {
  if (readIndex(env, arguments.values[0], session.program().outputs.size(), index)) return true;
  throwError(env, "ENGINE_REFERENCE", "no such output");
  return false;
}

/** A copy of an output of the last step, or, where it `isKept`, of the one before. */
template <bool isKept>
napi_value output(napi_env env, StepSession& session, const Arguments& arguments) {
  uint32_t index = 0;
  if (!readOutput(env, session, arguments, index)) return nullptr;
  if (isKept ? !session.keepsOutput(index) || !session.hasRunTwice() : !session.hasRun()) {
    return throwError(env, "ENGINE_REFERENCE", "no step has run yet");
  }
  float* into = nullptr;
  const Shape& shape = session.program().shapeOf(session.program().outputs[index]);
  const napi_value copy = newFloats(env, (size_t)shape.count, into);
  if (copy == nullptr) return nullptr;
  isKept ? session.outputBefore(index, into) : session.output(index, into);
  return copy;
}

napi_value keepsOutput(napi_env env, StepSession& session, const Arguments& arguments) {
  uint32_t index = 0;
  if (!readOutput(env, session, arguments, index)) return nullptr;
  napi_value result = nullptr;
  napi_get_boolean(env, session.keepsOutput(index), &result);
  return result;
}

/** [{ op, nanoseconds }, …] of the last run with profiling; ops that ran as one are one entry. */
napi_value profile(napi_env env, StepSession& session, const Arguments&) {
  napi_value list = nullptr;
  const std::vector<double>& times = session.nanoseconds();
  if (napi_create_array_with_length(env, times.size(), &list) != napi_ok) {
    return throwError(env, "ENGINE_LIMIT", "no memory for the profile");
  }
  for (size_t i = 0; i < times.size(); i += 1) {
    napi_value entry;
    napi_value name;
    napi_value time;
    const std::string text = session.launches().nameOf((uint32_t)i);
    if (napi_create_object(env, &entry) != napi_ok ||
        napi_create_string_utf8(env, text.data(), text.size(), &name) != napi_ok ||
        napi_create_double(env, times[i], &time) != napi_ok ||
        napi_set_named_property(env, entry, "op", name) != napi_ok ||
        napi_set_named_property(env, entry, "nanoseconds", time) != napi_ok ||
        napi_set_element(env, list, (uint32_t)i, entry) != napi_ok) {
      return throwError(env, "ENGINE_LIMIT", "no memory for the profile");
    }
  }
  return list;
}

napi_value memoryBytes(napi_env env, StepSession& session, const Arguments&) {
  napi_value result = nullptr;
  napi_create_double(env, (double)session.memoryBytes(), &result);
  return result;
}

napi_value stepBytes(napi_env env, StepSession& session, const Arguments&) {
  napi_value result = nullptr;
  napi_create_double(env, (double)session.stepBytes(), &result);
  return result;
}

/** Frees the memory now; closing twice is allowed. */
napi_value closeSession(napi_env env, napi_callback_info info) {
  Arguments arguments;
  if (!readArguments(env, info, arguments)) return throwError(env, "ENGINE_PROGRAM", "arguments");
  Holder* holder = holderOf(env, arguments.self);
  if (holder == nullptr) return throwError(env, "ENGINE_PROGRAM", "this is not a session");
  holder->session.reset();
  return undefinedValue(env);
}

void finalize(napi_env, void* data, void*) { delete (Holder*)data; }

bool readOptions(napi_env env, napi_value object, SessionOptions& options) {
  napi_value simd;
  napi_value threads;
  napi_value memory;
  double threadCount = 0;
  double bytes = 0;
  if (!readProperty(env, object, "simd", simd) || !readText(env, simd, options.level)) return false;
  if (!readProperty(env, object, "threads", threads) ||
      !readInteger(env, threads, 1, THREADS_MAX, threadCount)) {
    return false;
  }
  if (!readProperty(env, object, "memoryBytesMax", memory) ||
      !readInteger(env, memory, 0, STEP_MAX, bytes)) {
    return false;
  }
  options.threads = (int32_t)threadCount;
  options.memoryBytesMax = (uint64_t)bytes;
  return true;
}

}  // namespace

napi_value wrapSession(napi_env env, std::unique_ptr<StepSession> session) {
  const napi_property_attributes fixed = napi_default;
  const napi_property_descriptor methods[] = {
      {"upload", nullptr, callMethod<upload>, nullptr, nullptr, nullptr, fixed, nullptr},
      {"run", nullptr, callMethod<run>, nullptr, nullptr, nullptr, fixed, nullptr},
      {"download", nullptr, callMethod<download>, nullptr, nullptr, nullptr, fixed, nullptr},
      {"output", nullptr, callMethod<output<false>>, nullptr, nullptr, nullptr, fixed, nullptr},
      {"keepsOutput", nullptr, callMethod<keepsOutput>, nullptr, nullptr, nullptr, fixed, nullptr},
      {"outputBefore", nullptr, callMethod<output<true>>, nullptr, nullptr, nullptr, fixed,
       nullptr},
      {"value", nullptr, callMethod<value>, nullptr, nullptr, nullptr, fixed, nullptr},
      {"values", nullptr, callMethod<valuesOf>, nullptr, nullptr, nullptr, fixed, nullptr},
      {"stepBytes", nullptr, callMethod<stepBytes>, nullptr, nullptr, nullptr, fixed, nullptr},
      {"profile", nullptr, callMethod<profile>, nullptr, nullptr, nullptr, fixed, nullptr},
      {"memoryBytes", nullptr, callMethod<memoryBytes>, nullptr, nullptr, nullptr, fixed, nullptr},
      {"close", nullptr, closeSession, nullptr, nullptr, nullptr, fixed, nullptr},
  };
  napi_value object;
  std::unique_ptr<Holder> holder(new Holder{std::move(session)});
  if (napi_create_object(env, &object) != napi_ok ||
      napi_define_properties(env, object, sizeof methods / sizeof methods[0], methods) != napi_ok ||
      napi_type_tag_object(env, object, &SESSION_TAG) != napi_ok ||
      napi_wrap(env, object, holder.get(), finalize, nullptr, nullptr) != napi_ok) {
    return throwError(env, "ENGINE_LIMIT", "the session object could not be made");
  }
  holder.release();
  return object;
}

napi_value createSession(napi_env env, napi_callback_info info) {
  try {
    Arguments arguments;
    const uint8_t* bytes = nullptr;
    size_t length = 0;
    SessionOptions options;
    if (!readArguments(env, info, arguments) ||
        !readBytes(env, arguments.values[0], bytes, length)) {
      return throwError(env, "ENGINE_PROGRAM", "program bytes are a Uint8Array");
    }
    if (!readOptions(env, arguments.values[1], options)) {
      return throwError(env, "ENGINE_PROGRAM", "options are simd, threads and memoryBytesMax");
    }
    Refusal refusal;
    std::unique_ptr<Session> session = Session::open(bytes, length, options, refusal);
    if (!session) return throwError(env, refusal.code, refusal.message);
    return wrapSession(env, std::make_unique<ProcessorSession>(std::move(session)));
  } catch (const std::exception& error) {
    return throwError(env, "ENGINE_LIMIT", error.what());
  }
}

}  // namespace vivian
