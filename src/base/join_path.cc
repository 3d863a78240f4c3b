#include "src/base/join_path.h"

#include <algorithm>
#include <vector>

namespace rt {

std::string JoinPath(std::string_view folder, std::string_view path) {
  if (path.starts_with('/')) folder = {};
  std::vector<std::string_view> parts;
  for (const std::string_view text : {folder, path}) {
    for (size_t start = 0; start <= text.size();) {
      const size_t end = std::min(text.find('/', start), text.size());
      const std::string_view part = text.substr(start, end - start);
      if (part == "..") {
        if (!parts.empty()) parts.pop_back();
      } else if (!part.empty() && part != ".") {
        parts.push_back(part);
      }
      start = end + 1;
    }
  }
  std::string joined;
  for (const std::string_view part : parts) (joined += '/') += part;
  return joined.empty() ? "/" : joined;
}

}  // namespace rt
