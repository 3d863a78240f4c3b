#include "src/module/specifier.h"

#include "src/base/redact.h"
#include "src/ext/url/parser.h"
#include "src/ext/url/percent.h"

namespace rt {
namespace {

bool IsRelative(std::string_view specifier) {
  return specifier.starts_with("/") || specifier.starts_with("./") ||
         specifier.starts_with("../") || specifier == "." || specifier == "..";
}

}  // namespace

bool IsBare(std::string_view specifier) {
  return !IsRelative(specifier) && !url::ParseUrl(specifier).has_value();
}

Result<std::string> ResolveSpecifier(std::string_view specifier, std::string_view referrer) {
  if (IsRelative(specifier)) {
    const std::optional<url::UrlRecord> base = url::ParseUrl(referrer);
    if (base) {
      if (auto resolved = url::ParseUrl(specifier, &*base)) return std::move(resolved->href);
    }
    return Error::Type("Invalid URL: cannot resolve '" + RedactCredentials(specifier) + "' from '" +
                       RedactCredentials(referrer) + "'");
  }
  if (auto absolute = url::ParseUrl(specifier)) return std::move(absolute->href);
  return Error::Type("Relative import path \"" + RedactCredentials(specifier) +
                     "\" not prefixed with / or ./ or ../");
}

Result<std::string> ResolveMain(std::string_view argument, std::string_view cwd) {
  // "C:x" aside, a scheme has at least two letters and is followed by a colon before any slash.
  const size_t colon = argument.find(':');
  const bool has_scheme = colon != std::string_view::npos && colon > 1 &&
                          argument.find('/') > colon && url::ParseUrl(argument).has_value();
  if (has_scheme) return std::move(url::ParseUrl(argument)->href);
  std::string path(argument);
  if (!path.starts_with('/')) path = std::string(cwd) + "/" + path;
  // Parsing removes "." and ".." segments.
  auto record = url::ParseUrl(PathToFileUrl(path));
  if (!record) return Error::Type("Invalid path: " + std::string(argument));
  return std::move(record->href);
}

std::string PathToFileUrl(std::string_view absolute_path) {
  // "|" too: the URL parser reads "/C|/" as a drive letter.
  static constexpr url::EncodeSet kFilePathSet = url::kPathSet.With("%\\\n\r\t|");
  std::string encoded = "file://";
  url::AppendEncoded(encoded, absolute_path, kFilePathSet);
  return encoded;
}

Result<std::string> FileUrlToPath(std::string_view text) {
  const std::optional<url::UrlRecord> record = url::ParseUrl(text);
  if (!record || record->scheme != url::Scheme::kFile) {
    return Error::Type("Must be a file URL: '" + std::string(text) + "'");
  }
  if (!record->Hostname().empty()) {
    return Error::Type("File URL must not name a host: '" + std::string(text) + "'");
  }
  std::string_view pathname = record->Pathname();
  for (size_t i = 0; i + 2 < pathname.size(); ++i) {
    if (pathname[i] != '%') continue;
    const std::string_view digits = pathname.substr(i + 1, 2);
    if (digits == "2f" || digits == "2F" || digits == "00") {
      return Error::Type("File URL path must not include encoded / or NUL: '" + std::string(text) +
                         "'");
    }
  }
  return url::PercentDecode(pathname);
}

}  // namespace rt
