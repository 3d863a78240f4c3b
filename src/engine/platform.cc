#include "src/engine/platform.h"

#include <libplatform/libplatform.h>
#include <sys/random.h>
#include <v8.h>

#include <mutex>

// The V8 archive carries an Abseil built with assertions: every lock updates a graph of the order in which
// locks are taken, and its first use fills 1 MB of memory. Declared here since the archive has no headers.
namespace absl {
enum class OnDeadlockCycle { kIgnore, kReport, kAbort };
void SetMutexDeadlockDetectionMode(OnDeadlockCycle mode);
}  // namespace absl

namespace rt {
namespace {

// Leaked on purpose: see the header.
v8::Platform* g_platform = nullptr;

// V8's flag holds 31 bits and reads 0 as none: fold the seed, and never to 0.
uint32_t SeedForV8(uint64_t seed) {
  const uint32_t folded = static_cast<uint32_t>(seed ^ (seed >> 31) ^ (seed >> 62)) & 0x7fffffff;
  return folded != 0 ? folded : 1;
}

}  // namespace

Result<void> InitializePlatform(const PlatformOptions& options) {
  RT_CHECK(g_platform == nullptr);
  // Before the first lock, which V8's flags take.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  std::string flags;
  for (const std::string& flag : options.v8_flags) flags.append(" ").append(flag);
  if (options.seed != 0) {
    flags.append(" --random-seed=")
        .append(std::to_string(SeedForV8(options.seed)));
  }
  // SetFlagsFromCommandLine, unlike SetFlagsFromString, tells which words it did not know.
  std::vector<std::string> words = {"rt"};
  size_t start = 0;
  while (start < flags.size()) {
    size_t end = flags.find(' ', start);
    if (end == std::string::npos) end = flags.size();
    if (end > start) words.push_back(flags.substr(start, end - start));
    start = end + 1;
  }
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  int argc = static_cast<int>(argv.size());
  v8::V8::SetFlagsFromCommandLine(&argc, argv.data(), true);
  if (argc > 1) return Error::Type(std::string("unknown V8 flag: ") + argv[1]);

  // Otherwise V8 opens and reads /dev/urandom several times at start.
  v8::V8::SetEntropySource([](unsigned char* buffer, size_t size) {
    return getrandom(buffer, size, 0) == static_cast<ssize_t>(size);
  });
  g_platform = v8::platform::NewDefaultPlatform(0, v8::platform::IdleTaskSupport::kDisabled,
                                                v8::platform::InProcessStackDumping::kDisabled)
                   .release();
  v8::V8::InitializePlatform(g_platform);
  v8::V8::Initialize();
  return {};
}

v8::Platform* GetPlatform() { return g_platform; }

}  // namespace rt
