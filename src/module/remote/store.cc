#include "src/module/remote/store.h"

#include <string_view>

#include "src/base/digest.h"
#include "src/config/json.h"
#include "src/typescript/files.h"

namespace rt {
namespace {

// An entry: this, SHA-256 of the rest in hexadecimal and a newline, one line of JSON, the body.
constexpr std::string_view kMagic = "rt download 1\n";
constexpr size_t kHashLine = 2 * 32 + 1;
constexpr size_t kMaxEntry = size_t{1} << 30;

void AppendMember(std::string& json, std::string_view key, const std::string& value) {
  if (value.empty()) return;
  json += json == "{" ? "" : ",";
  json += QuoteJson(key) + ":" + QuoteJson(value);
}

}  // namespace

std::string RemoteStore::PathOf(const std::string& url) const {
  // The host in clear, for people who look; the rest may hold anything.
  const size_t scheme_end = url.find("://");
  std::string host = "none";
  if (scheme_end != std::string::npos) {
    host.clear();
    const size_t end = url.find_first_of("/?#", scheme_end + 3);
    for (const char c : url.substr(scheme_end + 3, end - scheme_end - 3)) {
      const bool is_plain =
          (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
      host += is_plain ? c : '_';
    }
    if (host.size() > 100 || host.empty() || host.starts_with('.')) host = "other";
  }
  return folder_ + "/" + url.substr(0, url.find(':')) + "/" + host + "/" + Sha256Hex(url);
}

std::optional<StoredResponse> RemoteStore::Get(const std::string& url) const {
  if (folder_.empty()) return std::nullopt;
  const auto entry = typescript::ReadWholeFile(PathOf(url), kMaxEntry);
  if (!entry || !entry->starts_with(kMagic) || entry->size() < kMagic.size() + kHashLine) {
    return std::nullopt;
  }
  const std::string_view all = *entry;
  const std::string_view rest = all.substr(kMagic.size() + kHashLine);
  if (all.substr(kMagic.size(), kHashLine - 1) != Sha256Hex(rest)) return std::nullopt;
  const size_t line = rest.find('\n');
  if (line == std::string_view::npos) return std::nullopt;
  auto head = ParseJson(rest.substr(0, line));
  if (!head.ok()) return std::nullopt;
  StoredResponse response;
  const auto read = [&](std::string_view key, std::string& into) {
    if (const std::string* value = head->FindString(key)) into = *value;
  };
  read("url", response.url);
  read("redirect", response.redirect);
  read("contentType", response.content_type);
  read("etag", response.etag);
  read("lastModified", response.last_modified);
  read("types", response.types);
  // Two URLs with one hash: nobody can make them, but a copied file can pretend.
  if (response.url != url) return std::nullopt;
  response.body = rest.substr(line + 1);
  return response;
}

bool RemoteStore::Put(const StoredResponse& response) const {
  if (folder_.empty()) return false;
  std::string rest = "{";
  AppendMember(rest, "url", response.url);
  AppendMember(rest, "redirect", response.redirect);
  AppendMember(rest, "contentType", response.content_type);
  AppendMember(rest, "etag", response.etag);
  AppendMember(rest, "lastModified", response.last_modified);
  AppendMember(rest, "types", response.types);
  rest += "}\n";
  rest += response.body;
  return typescript::WriteFileWhole(
      PathOf(response.url), std::string(kMagic) + Sha256Hex(rest) + "\n", rest, /*sync=*/true);
}

}  // namespace rt
