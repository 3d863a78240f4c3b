// Versions and ranges of versions as registries use them: https://semver.org and npm's ranges
// (https://github.com/npm/node-semver#ranges). Pure text; any thread.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rt {

struct Version {
  uint64_t major = 0;
  uint64_t minor = 0;
  uint64_t patch = 0;
  std::vector<std::string> prerelease = {};  // "1.0.0-beta.2": {"beta", "2"}

  // A leading "v" and build metadata are accepted and dropped. Nothing: no version.
  static std::optional<Version> Parse(std::string_view text);
  std::string ToString() const;
  // Precedence, semver.org section 11.
  std::strong_ordering operator<=>(const Version& other) const;
  bool operator==(const Version& other) const = default;
};

class VersionRange {
 public:
  // "^1.2.3", "~1.2", "1.x", ">=1 <2", "1.0.0 - 2", "a || b", "" and "*". Nothing: no range.
  static std::optional<VersionRange> Parse(std::string_view text);
  // A prerelease satisfies only a range that names a prerelease of the same major.minor.patch.
  bool Contains(const Version& version) const;
  // The shortest that means the same, as Deno names ranges in lock files: "1" for "^1.0.0".
  std::string ToString() const;

 private:
  enum class Operator : uint8_t { kLess, kLessEqual, kGreater, kGreaterEqual, kEqual };
  struct Comparator {
    Operator op;
    Version version;
  };
  // A version as a range has it: what is missing or "x" is a wildcard.
  struct Partial;
  static std::optional<Partial> ParsePartial(std::string_view text);
  static bool AppendSimple(std::string_view text, std::vector<Comparator>& out);
  static std::string SetText(const std::vector<Comparator>& set);
  static bool Test(const Comparator& comparator, const Version& version);

  std::vector<std::vector<Comparator>> sets_;  // one of them must hold, whole
};

}  // namespace rt
