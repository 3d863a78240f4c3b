// A JSON value as C++ sees it: configuration, import maps, package.json. JSON with comments and
// trailing commas is accepted where the caller asks for it. For files of people and of registries;
// not for data of scripts, which V8 parses. No V8; any thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "src/base/result.h"

namespace rt {

class Json {
 public:
  using Array = std::vector<Json>;
  using Member = std::pair<std::string, Json>;
  // In the order of the text; a key that is given twice stands twice.
  using Object = std::vector<Member>;

  Json() = default;
  explicit Json(bool value) : value_(value) {}
  explicit Json(double value) : value_(value) {}
  explicit Json(std::string value) : value_(std::move(value)) {}
  explicit Json(Array value) : value_(std::move(value)) {}
  explicit Json(Object value) : value_(std::move(value)) {}

  bool IsNull() const { return std::holds_alternative<std::monostate>(value_); }
  // Null if the value is of another kind.
  const bool* AsBool() const { return std::get_if<bool>(&value_); }
  const double* AsNumber() const { return std::get_if<double>(&value_); }
  const std::string* AsString() const { return std::get_if<std::string>(&value_); }
  const Array* AsArray() const { return std::get_if<Array>(&value_); }
  const Object* AsObject() const { return std::get_if<Object>(&value_); }

  // The member of an object; the last one of that name, as JSON.parse has it. Null if there is none
  // or this is no object.
  const Json* Find(std::string_view key) const;
  // Find() and AsString() in one.
  const std::string* FindString(std::string_view key) const;

  // "null", "boolean", "number", "string", "array" or "object", for messages.
  std::string_view KindName() const;

 private:
  std::variant<std::monostate, bool, double, std::string, Array, Object> value_;
};

enum class JsonSyntax : uint8_t {
  kStrict,        // RFC 8259
  kWithComments,  // "JSONC": comments and trailing commas too
};

// SyntaxError with "line:column", 1-based, and what is wrong. At most 256 levels deep. A byte order
// mark at the start is skipped; text that is not UTF-8 is refused.
Result<Json> ParseJson(std::string_view text, JsonSyntax syntax = JsonSyntax::kStrict);

// The text in quotes, escaped (RFC 8259 section 7).
std::string QuoteJson(std::string_view text);

}  // namespace rt
