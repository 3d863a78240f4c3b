// Parser of multipart/form-data; see multipart.h. Must never look beyond the body, nor search a
// byte twice.
#include "src/ext/form_data/multipart.h"

#include <algorithm>

namespace rt {
namespace {

Error Bad(std::string_view what) {
  return Error::Type("Invalid multipart/form-data body: " + std::string(what));
}

char Lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}
bool EqualsIgnoringCase(std::string_view text, std::string_view lower) {
  return text.size() == lower.size() && std::equal(text.begin(), text.end(), lower.begin(),
                                                   [](char a, char b) { return Lower(a) == b; });
}
bool IsBlank(char c) {
  return c == ' ' || c == '\t';
}
std::string_view Trim(std::string_view text) {
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  return text;
}

// Browsers write these three characters of a name so; nothing else is decoded.
std::string UnescapeName(std::string_view text) {
  std::string name;
  for (size_t i = 0; i < text.size(); ++i) {
    const std::string_view code = text.substr(i, 3);
    if (code == "%0A" || code == "%0a") {
      name += '\n';
    } else if (code == "%0D" || code == "%0d") {
      name += '\r';
    } else if (code == "%22") {
      name += '"';
    } else {
      name += text[i];
      continue;
    }
    i += 2;
  }
  return name;
}

// A quoted value at the start of `*text`, which is moved behind it; the quotes are off, what is in
// it is as written but for `\"`, which some clients (curl) write for a quote, where browsers write
// %22. A backslash before the last quote is itself: of a path of Windows. False: no end.
bool TakeQuoted(std::string_view* text, std::string* value) {
  value->clear();
  size_t at = 1;
  for (; at < text->size() && (*text)[at] != '"'; ++at) {
    if ((*text)[at] == '\\' && at + 1 < text->size()) {
      ++at;
      if ((*text)[at] != '"') *value += '\\';
    }
    *value += (*text)[at];
  }
  const bool ends = at < text->size();
  const std::string_view behind = ends ? Trim(text->substr(at + 1)) : std::string_view();
  if (!ends || (!behind.empty() && behind.front() != ';')) {
    at = text->find('"', 1);
    if (at == std::string_view::npos) return false;
    *value = text->substr(1, at - 1);
  }
  text->remove_prefix(at + 1);
  return true;
}

// `; name="value"; other=value` after the disposition. False: not of this form.
template <class F>
bool ForEachParameter(std::string_view text, F use) {
  for (;;) {
    text = Trim(text);
    if (text.empty()) return true;
    if (text.front() != ';') return false;
    text = Trim(text.substr(1));
    if (text.empty()) return true;
    const size_t equals = text.find('=');
    if (equals == std::string_view::npos) return false;
    const std::string_view name = Trim(text.substr(0, equals));
    text = Trim(text.substr(equals + 1));
    std::string value;
    if (!text.empty() && text.front() == '"') {
      if (!TakeQuoted(&text, &value)) return false;
    } else {
      const size_t end = std::min(text.find(';'), text.size());
      value = Trim(text.substr(0, end));
      text.remove_prefix(end);
    }
    use(name, value);
  }
}

class Parser {
 public:
  Parser(std::string_view body, std::string_view boundary)
      : body_(body), delimiter_("\r\n--" + std::string(boundary)) {}

  Result<std::vector<MultipartPart>> Parse() {
    if (!SkipToFirstBoundary()) return Bad("the boundary does not occur");
    std::vector<MultipartPart> parts;
    for (;;) {
      // Behind a boundary: "--" ends the body, a line end begins a part.
      if (Rest().starts_with("--")) return parts;
      while (at_ < body_.size() && IsBlank(body_[at_])) ++at_;
      if (!Rest().starts_with("\r\n")) return Bad("a boundary is not followed by a line end");
      at_ += 2;
      if (parts.size() == kMaxParts) return Bad("too many parts");
      MultipartPart part;
      RT_TRY_VOID(ParseHeader(part));
      const size_t end = FindDelimiter();
      if (end == std::string_view::npos) return Bad("a part does not end with the boundary");
      part.start = static_cast<double>(std::min(at_, end));
      part.end = static_cast<double>(end);
      at_ = end + delimiter_.size();
      parts.push_back(std::move(part));
    }
  }

 private:
  std::string_view Rest() const { return body_.substr(at_); }

  // The first may stand at the very start; text before it is ignored, as RFC 2046 says.
  bool SkipToFirstBoundary() {
    const std::string_view first = std::string_view(delimiter_).substr(2);
    if (body_.starts_with(first)) {
      at_ = first.size();
      return true;
    }
    const size_t found = body_.find(delimiter_);
    if (found == std::string_view::npos) return false;
    at_ = found + delimiter_.size();
    return true;
  }

  // An empty part's line end is at once the one before the boundary.
  size_t FindDelimiter() const {
    const size_t from = at_ >= 2 ? at_ - 2 : at_;
    return body_.find(delimiter_, from);
  }

  Result<void> ParseHeader(MultipartPart& part) {
    const size_t limit = at_ + kMaxPartHeader;
    bool has_name = false;
    std::optional<std::string> type;
    for (;;) {
      const size_t end = body_.substr(0, std::min(body_.size(), limit + 2)).find("\r\n", at_);
      if (end == std::string_view::npos) {
        return Bad(body_.size() > limit ? "the header of a part is too long"
                                        : "the header of a part does not end");
      }
      const std::string_view line = body_.substr(at_, end - at_);
      at_ = end + 2;
      if (line.empty()) break;
      const size_t colon = line.find(':');
      if (colon == std::string_view::npos || colon == 0) return Bad("a header line has no name");
      const std::string_view name = Trim(line.substr(0, colon));
      const std::string_view value = Trim(line.substr(colon + 1));
      if (EqualsIgnoringCase(name, "content-disposition")) {
        if (!ParseDisposition(value, part, &has_name)) return Bad("Content-Disposition");
      } else if (EqualsIgnoringCase(name, "content-type")) {
        type = std::string(value);
      }
    }
    if (!has_name) return Bad("a part has no name");
    if (part.filename) part.content_type = type.value_or("text/plain");
    return {};
  }

  static bool ParseDisposition(std::string_view value, MultipartPart& part, bool* has_name) {
    const size_t end = std::min(value.find(';'), value.size());
    if (!EqualsIgnoringCase(Trim(value.substr(0, end)), "form-data")) return false;
    return ForEachParameter(value.substr(end), [&](std::string_view name, std::string_view text) {
      if (EqualsIgnoringCase(name, "name") && !*has_name) {
        part.name = UnescapeName(text);
        *has_name = true;
      } else if (EqualsIgnoringCase(name, "filename") && !part.filename) {
        part.filename = UnescapeName(text);
      }
    });
  }

  std::string_view body_;
  std::string delimiter_;
  size_t at_ = 0;
};

}  // namespace

Result<std::vector<MultipartPart>> ParseMultipart(std::span<const uint8_t> body,
                                                  std::string_view boundary) {
  if (boundary.empty() || boundary.size() > kMaxBoundary) return Bad("the boundary's length");
  const std::string_view text(reinterpret_cast<const char*>(body.data()), body.size());
  return Parser(text, boundary).Parse();
}

}  // namespace rt
