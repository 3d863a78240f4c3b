// Between V8 inspector's strings and ours.
#pragma once

#include <v8-inspector.h>
#include <v8.h>

#include <string>
#include <string_view>

namespace rt {

// ASCII only: a byte above is Latin-1 to V8.
inline v8_inspector::StringView AsciiView(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

// UTF-8 to what V8 takes, which is UTF-16 as soon as there is more than ASCII. Needs no isolate;
// what is no UTF-8 becomes U+FFFD.
class InspectorText {
 public:
  explicit InspectorText(std::string_view utf8);
  v8_inspector::StringView view() const {
    return wide_.empty() ? AsciiView(narrow_)
                         : v8_inspector::StringView(reinterpret_cast<const uint16_t*>(wide_.data()),
                                                    wide_.size());
  }

 private:
  std::string narrow_;
  std::u16string wide_;
};

// The other way, as UTF-8.
std::string InspectorToUtf8(const v8_inspector::StringView& view);

}  // namespace rt
