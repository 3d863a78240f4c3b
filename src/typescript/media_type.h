// What a file's name says about its language.
#pragma once

#include <cstdint>
#include <string_view>

namespace rt::typescript {

enum class MediaType : uint8_t {
  kJavaScript,  // nothing to do
  kTypeScript,
  kMts,
  kCts,
  kTsx,
  kJsx,
};

// By the extension of a path or URL path, in any case. A declaration file (.d.ts) counts as
// TypeScript.
MediaType MediaTypeOf(std::string_view path);

// ".ts" and so on, with the dot; also what `--ext` takes, without it.
std::string_view ExtensionOf(MediaType type);

}  // namespace rt::typescript
