#include "src/cli/args/quantities.h"

#include <charconv>
#include <string_view>

namespace rt::cli {
namespace {

constexpr uint64_t kLeastMemory = 32 * 1024 * 1024;
// Far beyond any machine, far below overflow.
constexpr uint64_t kMost = uint64_t{1} << 53;

struct Unit {
  std::string_view name;
  uint64_t factor;
};

Error Malformed(const char* flag, const std::string& text, const char* expected) {
  return Error::Type(std::string(flag) + "=" + text + ": expected " + expected);
}

template <size_t N>
Result<uint64_t> Parse(const char* flag, const std::string& text, const Unit (&units)[N],
                       const char* expected) {
  uint64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc()) return Malformed(flag, text, expected);
  std::string unit(stop, end);
  for (char& c : unit) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  for (const Unit& known : units) {
    if (known.name != unit) continue;
    if (number > kMost / known.factor) return Malformed(flag, text, expected);
    return number * known.factor;
  }
  return Malformed(flag, text, expected);
}

}  // namespace

Result<uint64_t> ParseSize(const char* flag, const std::string& text) {
  constexpr uint64_t kKilo = 1024;
  constexpr uint64_t kMega = kKilo * kKilo;
  constexpr uint64_t kGiga = kMega * kKilo;
  constexpr Unit kUnits[] = {{"", 1},       {"k", kKilo},  {"kb", kKilo},  {"kib", kKilo},
                             {"m", kMega},  {"mb", kMega}, {"mib", kMega}, {"g", kGiga},
                             {"gb", kGiga}, {"gib", kGiga}};
  RT_TRY(const uint64_t bytes, Parse(flag, text, kUnits, "a size such as 512m or 2g"));
  if (bytes < kLeastMemory) return Malformed(flag, text, "at least 32m");
  return bytes;
}

Result<uint64_t> ParseDuration(const char* flag, const std::string& text) {
  constexpr Unit kUnits[] = {{"", 1000}, {"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}};
  constexpr const char* kExpected = "a time such as 500ms, 10s or 2m";
  RT_TRY(const uint64_t ms, Parse(flag, text, kUnits, kExpected));
  if (ms == 0) return Malformed(flag, text, kExpected);
  return ms;
}

}  // namespace rt::cli
