#include "src/config/json.h"

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <algorithm>

namespace rt {
namespace {

constexpr size_t kMaxDepth = 256;

// Builds the value from the parser's events; keeps its own stack, so that depth costs no C++ stack.
class Builder {
 public:
  bool Null() { return Add(Json()); }
  bool Bool(bool value) { return Add(Json(value)); }
  bool Int(int value) { return Add(Json(static_cast<double>(value))); }
  bool Uint(unsigned value) { return Add(Json(static_cast<double>(value))); }
  bool Int64(int64_t value) { return Add(Json(static_cast<double>(value))); }
  bool Uint64(uint64_t value) { return Add(Json(static_cast<double>(value))); }
  bool Double(double value) { return Add(Json(value)); }
  bool RawNumber(const char*, rapidjson::SizeType, bool) { return false; }
  bool String(const char* text, rapidjson::SizeType size, bool) {
    return Add(Json(std::string(text, size)));
  }
  bool StartObject() { return Open(true); }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    open_.back().key.assign(text, size);
    return true;
  }
  bool EndObject(rapidjson::SizeType) { return Close(); }
  bool StartArray() { return Open(false); }
  bool EndArray(rapidjson::SizeType) { return Close(); }

  bool too_deep() const { return too_deep_; }
  Json TakeRoot() { return std::move(root_); }

 private:
  struct Level {
    bool is_object;
    std::string key;
    Json::Object members;
    Json::Array items;
  };

  bool Open(bool is_object) {
    too_deep_ = open_.size() == kMaxDepth;
    if (!too_deep_) open_.push_back({is_object, {}, {}, {}});
    return !too_deep_;
  }
  bool Close() {
    Level level = std::move(open_.back());
    open_.pop_back();
    return Add(level.is_object ? Json(std::move(level.members)) : Json(std::move(level.items)));
  }
  // Not inlined: GCC 12 then takes the variant's unused arms for uninitialised reads.
  [[gnu::noinline]] bool Add(Json value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (Level& level = open_.back(); level.is_object) {
      level.members.emplace_back(std::move(level.key), std::move(value));
    } else {
      level.items.push_back(std::move(value));
    }
    return true;
  }

  std::vector<Level> open_;
  Json root_;
  bool too_deep_ = false;
};

Error At(std::string_view text, size_t offset, std::string_view what) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  return Error::Make(ErrorClass::kSyntaxError, std::to_string(line) + ":" +
                                                   std::to_string(before.size() - line_start + 1) +
                                                   ": " + std::string(what));
}

}  // namespace

const Json* Json::Find(std::string_view key) const {
  const Object* object = AsObject();
  if (!object) return nullptr;
  for (auto member = object->rbegin(); member != object->rend(); ++member) {
    if (member->first == key) return &member->second;
  }
  return nullptr;
}

const std::string* Json::FindString(std::string_view key) const {
  const Json* value = Find(key);
  return value ? value->AsString() : nullptr;
}

std::string_view Json::KindName() const {
  static constexpr std::string_view kNames[] = {"null",   "boolean", "number",
                                                "string", "array",   "object"};
  return kNames[value_.index()];
}

Result<Json> ParseJson(std::string_view text, JsonSyntax syntax) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  // The parser takes a NUL for the end of the text.
  if (const size_t nul = text.find('\0'); nul != std::string_view::npos) {
    return At(text, nul, "Invalid character");
  }
  using namespace rapidjson;
  constexpr unsigned kStrictFlags = kParseIterativeFlag | kParseValidateEncodingFlag;
  constexpr unsigned kRelaxedFlags = kStrictFlags | kParseCommentsFlag | kParseTrailingCommasFlag;
  MemoryStream bytes(text.data(), text.size());
  EncodedInputStream<UTF8<>, MemoryStream> stream(bytes);
  Builder builder;
  Reader reader;
  const ParseResult parsed = syntax == JsonSyntax::kStrict
                                 ? reader.Parse<kStrictFlags>(stream, builder)
                                 : reader.Parse<kRelaxedFlags>(stream, builder);
  if (parsed.IsError()) {
    return At(text, parsed.Offset(),
              builder.too_deep() ? "Nested too deeply (256 levels at most)"
                                 : GetParseError_En(parsed.Code()));
  }
  return builder.TakeRoot();
}

std::string QuoteJson(std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string quoted = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
        quoted += "\\\"";
        break;
      case '\\':
        quoted += "\\\\";
        break;
      case '\n':
        quoted += "\\n";
        break;
      case '\r':
        quoted += "\\r";
        break;
      case '\t':
        quoted += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          quoted += "\\u00";
          quoted += kHex[c >> 4];
          quoted += kHex[c & 15];
        } else {
          quoted += c;
        }
    }
  }
  return quoted += '"';
}

}  // namespace rt
