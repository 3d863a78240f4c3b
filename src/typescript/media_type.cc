#include "src/typescript/media_type.h"

namespace rt::typescript {
namespace {

bool EndsWith(std::string_view path, std::string_view extension) {
  if (path.size() < extension.size()) return false;
  for (size_t i = 0; i < extension.size(); ++i) {
    const char c = path[path.size() - extension.size() + i];
    if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != extension[i]) return false;
  }
  return true;
}

constexpr MediaType kWithExtension[] = {MediaType::kTypeScript, MediaType::kMts, MediaType::kCts,
                                        MediaType::kTsx, MediaType::kJsx};

}  // namespace

MediaType MediaTypeOf(std::string_view path) {
  for (const MediaType type : kWithExtension) {
    if (EndsWith(path, ExtensionOf(type))) return type;
  }
  return MediaType::kJavaScript;
}

std::string_view ExtensionOf(MediaType type) {
  switch (type) {
    case MediaType::kJavaScript:
      return ".js";
    case MediaType::kTypeScript:
      return ".ts";
    case MediaType::kMts:
      return ".mts";
    case MediaType::kCts:
      return ".cts";
    case MediaType::kTsx:
      return ".tsx";
    case MediaType::kJsx:
      return ".jsx";
  }
  return {};
}

}  // namespace rt::typescript
