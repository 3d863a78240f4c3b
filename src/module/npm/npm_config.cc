#include "src/module/npm/npm_config.h"

#include <openssl/evp.h>

#include <algorithm>
#include <charconv>

#include "src/base/digest.h"
#include "src/base/redact.h"
#include "src/ext/url/url.h"

namespace rt {
namespace {

constexpr uint64_t kLongestTimeout = 24 * 3600 * 1000;

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) {
    text.remove_suffix(1);
  }
  return text;
}

// "${NAME}" and "${NAME?}"; what is not set stays as it stands, or with "?" becomes nothing.
std::string Expand(std::string_view text, const NpmConfig::Variables& variables) {
  std::string out;
  while (!text.empty()) {
    const size_t start = text.find("${");
    const size_t end = start == std::string_view::npos ? start : text.find('}', start);
    if (end == std::string_view::npos) break;
    const bool is_escaped = start > 0 && text[start - 1] == '\\';
    std::string name(text.substr(start + 2, end - start - 2));
    const bool may_be_absent = name.ends_with('?');
    if (may_be_absent) name.pop_back();
    out += text.substr(0, is_escaped ? start - 1 : start);
    const auto value = is_escaped ? std::nullopt : variables(name);
    if (value) {
      out += *value;
    } else if (is_escaped || !may_be_absent) {
      out += text.substr(start, end + 1 - start);
    }
    text.remove_prefix(end + 1);
  }
  return out.append(text);
}

std::string Unquoted(std::string_view text) {
  const bool is_quoted = text.size() >= 2 && (text.front() == '"' || text.front() == '\'') &&
                         text.back() == text.front();
  if (is_quoted) return std::string(text.substr(1, text.size() - 2));
  // A comment may follow.
  for (size_t i = 1; i < text.size(); ++i) {
    if ((text[i] == ';' || text[i] == '#') && (text[i - 1] == ' ' || text[i - 1] == '\t')) {
      return std::string(Trim(text.substr(0, i)));
    }
  }
  return std::string(text);
}

// Normalized, with "/" at its end; nothing: no http or https URL.
std::optional<std::string> RegistryUrl(const std::string& text) {
  const auto record = url::ParseUrl(text);
  if (!record || (record->scheme != url::Scheme::kHttp && record->scheme != url::Scheme::kHttps)) {
    return std::nullopt;
  }
  std::string url = record->href.substr(0, record->href.find_first_of("?#"));
  if (!url.ends_with('/')) url += '/';
  return url;
}

std::optional<std::string> Base64Decoded(const std::string& text) {
  if (text.empty() || text.size() % 4 != 0) return std::nullopt;
  std::string out(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  const size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  out.resize(static_cast<size_t>(size) - padding);
  return out;
}

// A header must not carry what would end it.
bool IsHeaderSafe(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
  }
  return true;
}

}  // namespace

Result<void> NpmConfig::Add(std::string_view text, const std::string& path,
                            const Variables& variables) {
  std::map<std::string, Login, std::less<>> logins;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  while (!text.empty()) {
    const size_t end = text.find('\n');
    const std::string_view line = Trim(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const size_t equals = line.find('=');
    if (line.empty() || line.front() == ';' || line.front() == '#' || line.front() == '[' ||
        equals == std::string_view::npos) {
      continue;
    }
    const std::string key = Expand(Trim(line.substr(0, equals)), variables);
    const std::string value = Expand(Unquoted(Trim(line.substr(equals + 1))), variables);
    if (key == "registry" || (key.starts_with('@') && key.ends_with(":registry"))) {
      const auto url = RegistryUrl(value);
      if (!url) {
        return Error::Type(path + ": \"" + key + "\" must be an http or https URL, not \"" +
                           RedactCredentials(value) + "\"");
      }
      if (key == "registry") {
        SetDefault(*url);
      } else {
        scopes_.emplace(key.substr(0, key.size() - 9), *url);
      }
    } else if (key == "fetch-timeout") {
      if (fetch_timeout_ms_ == 0) RT_TRY_VOID(SetFetchTimeout(value, path + ": " + key));
    } else if (key.starts_with("//")) {
      const size_t colon = key.rfind(':');
      const std::string_view what = std::string_view(key).substr(colon + 1);
      std::string place = key.substr(0, colon);
      if (place.size() < 3) continue;
      if (!place.ends_with('/')) place += '/';
      std::string Login::*const member = what == "_authToken"  ? &Login::token
                                         : what == "_auth"     ? &Login::basic
                                         : what == "username"  ? &Login::username
                                         : what == "_password" ? &Login::password
                                                               : nullptr;
      if (member == nullptr) continue;
      if (!IsHeaderSafe(value)) {
        return Error::Type(path + ": \"" + key + "\" has characters no header can carry");
      }
      logins[place].*member = value;
    }
  }
  // A login is taken whole from the nearest file.
  logins_.merge(logins);
  return {};
}

Result<void> NpmConfig::SetRegistry(const std::string& url, const std::string& name) {
  const auto normal = RegistryUrl(url);
  if (!normal) {
    return Error::Type(name + "=" + RedactCredentials(url) + ": not an http or https URL");
  }
  default_ = *normal;
  return {};
}

Result<void> NpmConfig::SetFetchTimeout(std::string_view text, const std::string& name) {
  uint64_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || stop != text.data() + text.size()) {
    return Error::Type(name + "=" + std::string(text) + ": not a number of milliseconds");
  }
  // As npm has it, 0 means no limit.
  fetch_timeout_ms_ = number == 0 ? kLongestTimeout : std::min(number, kLongestTimeout);
  return {};
}

const std::string& NpmConfig::RegistryOf(std::string_view package) const {
  if (package.starts_with('@')) {
    const auto found = scopes_.find(package.substr(0, package.find('/')));
    if (found != scopes_.end()) return found->second;
  }
  return default_;
}

std::vector<std::string> NpmConfig::Registries() const {
  std::vector<std::string> all;
  if (!default_.empty()) all.push_back(default_);
  for (const auto& [scope, url] : scopes_) all.push_back(url);
  return all;
}

std::string NpmConfig::AuthorizationFor(std::string_view url) const {
  const size_t colon = url.find(':');
  if (colon == std::string_view::npos) return {};
  std::string_view place = url.substr(colon + 1);
  place = place.substr(0, place.find_first_of("?#"));
  // The longest that the URL begins with.
  for (size_t end = place.rfind('/'); end != std::string_view::npos && end > 1;
       end = place.rfind('/', end - 1)) {
    const auto found = logins_.find(place.substr(0, end + 1));
    if (found == logins_.end()) continue;
    const Login& login = found->second;
    if (!login.token.empty()) return "Bearer " + login.token;
    if (!login.basic.empty()) return "Basic " + login.basic;
    if (!login.username.empty()) {
      const auto password = Base64Decoded(login.password);
      if (password) return "Basic " + Base64Of(login.username + ":" + *password);
    }
  }
  return {};
}

}  // namespace rt
