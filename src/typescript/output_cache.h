// What transpiling made, kept on disk: for what costs more than a look into a folder. An entry is
// found by the hash of everything that went into it, and checked against its own hash when it is
// read; one that is torn or changed counts as not there. A folder that cannot be written, or is
// full, is no error.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rt::typescript {

struct TranspiledCode {
  std::string code;
  std::string map;  // JSON; empty: positions are those of the source
};

class OutputCache {
 public:
  // `folder`: absolute; "" keeps nothing.
  explicit OutputCache(std::string folder) : folder_(std::move(folder)) {}

  // The name for everything the output depends on; `settings` includes the versions of what makes
  // it.
  static std::string KeyOf(std::string_view source, std::string_view settings);

  std::optional<TranspiledCode> Get(const std::string& key) const;
  void Put(const std::string& key, const TranspiledCode& output) const;

 private:
  std::string PathOf(const std::string& key) const;
  std::string folder_;
};

}  // namespace rt::typescript
