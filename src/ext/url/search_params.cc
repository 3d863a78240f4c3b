// Form encoding; see search_params.h.
#include "src/ext/url/search_params.h"

#include <algorithm>

#include "src/ext/url/percent.h"

namespace rt::url {
namespace {

// Where `c` first is in `text`, or its size.
size_t FindOrEnd(std::string_view text, char c) {
  return static_cast<size_t>(std::find(text.begin(), text.end(), c) - text.begin());
}

std::string DecodePart(std::string_view part) {
  if (part.find('+') == std::string_view::npos) return PercentDecode(part);
  std::string spaced(part);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  return PercentDecode(spaced);
}

}  // namespace

void AppendFormPart(std::string& out, std::string_view part) {
  while (true) {
    const size_t space = FindOrEnd(part, ' ');
    AppendEncoded(out, part.substr(0, space), kFormSet);
    if (space == part.size()) return;
    out.push_back('+');
    part.remove_prefix(space + 1);
  }
}

std::vector<std::string> ParseForm(std::string_view input) {
  std::vector<std::string> list;
  while (!input.empty()) {
    const size_t end = FindOrEnd(input, '&');
    const std::string_view pair = input.substr(0, end);
    input.remove_prefix(std::min(end + 1, input.size()));
    if (pair.empty()) continue;
    const size_t equals = FindOrEnd(pair, '=');
    list.push_back(DecodePart(pair.substr(0, equals)));
    list.push_back(DecodePart(pair.substr(std::min(equals + 1, pair.size()))));
  }
  return list;
}

std::string SerializeForm(const std::vector<std::string>& names_and_values) {
  std::string out;
  for (size_t i = 0; i < names_and_values.size(); i += 2) {
    if (i != 0) out.push_back('&');
    AppendFormPart(out, names_and_values[i]);
    out.push_back('=');
    if (i + 1 < names_and_values.size()) AppendFormPart(out, names_and_values[i + 1]);
  }
  return out;
}

}  // namespace rt::url
