// A process of its own that speaks to one PJRT plugin and says what it found as lines of JSON:
//   vivian_pjrt list PLUGIN [name=value …]
//   vivian_pjrt product PLUGIN [name=value …]
// A plugin that crashes or hangs takes this process and nothing else.
#include <chrono>
#include <cstdio>
#include <string>
#include <unistd.h>

#include "plugin.h"
#include "product.h"

namespace {

using vivian::pjrt::Failure;
using vivian::pjrt::Plugin;

// Plugins write to the standard output as they like; lines of JSON go where it stood before.
FILE* answers = nullptr;

constexpr size_t kTextMax = 400;

std::string quoted(const std::string& text) {
  std::string safe = "\"";
  for (size_t at = 0; at < text.size() && at < kTextMax; ++at) {
    const auto letter = static_cast<unsigned char>(text[at]);
    if (letter == '"' || letter == '\\') safe += '\\';
    safe += letter < 0x20 || letter > 0x7e ? ' ' : static_cast<char>(letter);
  }
  return safe + "\"";
}

void say(const std::string& line) {
  std::fprintf(answers, "%s\n", line.c_str());
  std::fflush(answers);
}

double now_ms() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double, std::milli>(now).count();
}

void say_plugin(Plugin& plugin) {
  say("{\"kind\":\"plugin\",\"major\":0,\"minor\":" + std::to_string(plugin.minor()) +
      ",\"platform\":" + quoted(plugin.text(vivian::pjrt::kClientPlatformName)) +
      ",\"version\":" + quoted(plugin.text(vivian::pjrt::kClientPlatformVersion)) + "}");
}

void say_device(const vivian::pjrt::DeviceAbout& device) {
  const std::string memory =
      device.memory_bytes < 0 ? "null" : std::to_string(device.memory_bytes);
  say("{\"kind\":\"device\",\"id\":" + std::to_string(device.id) + ",\"name\":" +
      quoted(device.kind) + ",\"memoryBytes\":" + memory + "}");
}

void check(Plugin& plugin, const vivian::pjrt::Case& one, vivian::pjrt::Device* device) {
  const auto left = vivian::pjrt::numbers(one.rows * one.depth, one.seed);
  const auto right =
      vivian::pjrt::numbers(one.depth * one.columns, one.seed == 0 ? 0 : one.seed + 1000);
  const double began = now_ms();
  auto* executable = plugin.compile(vivian::pjrt::program_of(one));
  const double compiled = now_ms();
  auto* left_buffer = plugin.upload(left, one.rows, one.depth, device);
  auto* right_buffer = plugin.upload(right, one.depth, one.columns, device);
  const double uploaded = now_ms();
  auto* result_buffer = plugin.run(executable, left_buffer, right_buffer);
  const double ran = now_ms();
  std::vector<int32_t> result(static_cast<size_t>(one.rows * one.columns));
  plugin.download(result_buffer, result.data(), result.size() * sizeof(int32_t));
  const bool equal = result == vivian::pjrt::plain_product(one, left, right);
  plugin.destroy(result_buffer);
  plugin.destroy(right_buffer);
  plugin.destroy(left_buffer);
  plugin.destroy(executable);
  say("{\"kind\":\"product\",\"rows\":" + std::to_string(one.rows) + ",\"depth\":" +
      std::to_string(one.depth) + ",\"columns\":" + std::to_string(one.columns) + ",\"seed\":" +
      std::to_string(one.seed) + ",\"equal\":" + (equal ? "true" : "false") + ",\"digest\":" +
      std::to_string(vivian::pjrt::digest_of(result)) + ",\"compileMs\":" +
      std::to_string(compiled - began) + ",\"runMs\":" + std::to_string(ran - uploaded) + "}");
}

int serve(const std::string& verb, const std::string& file,
          const std::vector<vivian::pjrt::Setting>& settings) {
  Plugin plugin(file, settings);
  say_plugin(plugin);
  const auto devices = plugin.devices();
  for (const auto& device : devices) say_device(device);
  if (verb == "product") {
    if (devices.empty()) throw Failure("devices", "it has no device for this process");
    for (const auto& one : vivian::pjrt::kCases) check(plugin, one, devices[0].device);
  }
  say("{\"kind\":\"end\"}");
  return 0;
}

}  // namespace

int main(int count, char** given) {
  answers = fdopen(dup(STDOUT_FILENO), "w");
  dup2(STDERR_FILENO, STDOUT_FILENO);
  const std::string verb = count > 1 ? given[1] : "";
  if (answers == nullptr || count < 3 || (verb != "list" && verb != "product")) {
    std::fprintf(stderr, "vivian_pjrt list|product PLUGIN [name=value ...]\n");
    return 2;
  }
  std::vector<vivian::pjrt::Setting> settings;
  for (int at = 3; at < count; ++at) {
    const std::string setting = given[at];
    const size_t sign = setting.find('=');
    if (sign == std::string::npos) continue;
    settings.push_back({setting.substr(0, sign), setting.substr(sign + 1)});
  }
  try {
    return serve(verb, given[2], settings);
  } catch (const Failure& failure) {
    say("{\"kind\":\"failed\",\"stage\":" + quoted(failure.stage) + ",\"message\":" +
        quoted(failure.what()) + "}");
    return 1;
  }
}
