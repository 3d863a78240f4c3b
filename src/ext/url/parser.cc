// The basic URL parser. The standard's state machine is written out as functions that each append
// what they read to the serialization, in its order, so a URL is built in one pass with one
// allocation.
#include "src/ext/url/parser.h"

#include <algorithm>
#include <utility>

#include "src/ext/url/components.h"
#include "src/ext/url/host.h"
#include "src/ext/url/percent.h"

namespace rt::url {
namespace {

bool IsControlOrSpace(char c) {
  return static_cast<unsigned char>(c) <= 0x20;
}

std::string_view Trim(std::string_view input) {
  while (!input.empty() && IsControlOrSpace(input.front())) input.remove_prefix(1);
  while (!input.empty() && IsControlOrSpace(input.back())) input.remove_suffix(1);
  return input;
}

class Parser {
 public:
  Parser(std::string_view input, const UrlRecord* base) : input_(input), base_(base) {}

  std::optional<UrlRecord> Run() {
    out().reserve(input_.size() + (base_ != nullptr ? base_->href.size() : 0) + 8);
    if (!Start() || out().size() > kMaxHrefLength) return std::nullopt;
    return std::move(url_);
  }

 private:
  std::string& out() { return url_.href; }
  uint32_t Here() const { return static_cast<uint32_t>(url_.href.size()); }
  UrlOffsets& at() { return url_.at; }
  bool special() const { return url_.IsSpecial(); }

  bool StartsWithSlash(std::string_view rest) const {
    return !rest.empty() && IsSlash(rest[0], special());
  }

  // Scheme start state, scheme state, no scheme state.
  bool Start() {
    const auto length = SchemeLength(input_);
    if (!length) return NoScheme();
    for (const char c : input_.substr(0, *length)) {
      out().push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c);
    }
    url_.scheme = SchemeOf(out());
    out().push_back(':');
    EndProtocol();
    std::string_view rest = input_.substr(*length + 1);
    if (url_.scheme == Scheme::kFile) return File(rest);
    if (special()) {
      if (base_ != nullptr && base_->scheme == url_.scheme && !rest.starts_with("//")) {
        return Relative(rest);
      }
      return Authority(SkipSlashes(rest));
    }
    if (rest.starts_with("//")) return Authority(rest.substr(2));
    if (rest.starts_with('/')) return Path(rest.substr(1));
    const size_t end = AppendOpaquePath(out(), rest);
    return QueryAndFragment(rest.substr(end));
  }

  bool NoScheme() {
    if (base_ == nullptr) return false;
    if (base_->HasOpaquePath()) {
      if (!input_.starts_with('#')) return false;
      CopyBase(base_->at.hash_start);
      return Fragment(input_);
    }
    url_.scheme = base_->scheme;
    CopyBase(base_->at.protocol_end);
    EndProtocol();
    return url_.scheme == Scheme::kFile ? File(input_) : Relative(input_);
  }

  // Relative state and relative slash state.
  bool Relative(std::string_view rest) {
    if (StartsWithSlash(rest)) {
      rest.remove_prefix(1);
      if (special() && StartsWithSlash(rest)) return Authority(SkipSlashes(rest));
      if (rest.starts_with('/')) return Authority(rest.substr(1));
      CopyBaseAuthority();
      return Path(rest);
    }
    CopyBaseAuthority();
    return FromBasePath(rest, true);
  }

  // What relative state and file state share: the base's path, query or both stay.
  bool FromBasePath(std::string_view rest, bool shorten) {
    if (rest.empty()) {
      CopyBase(base_->at.hash_start);
      at().hash_start = Here();
      return true;
    }
    if (rest[0] == '#') {
      CopyBase(base_->at.hash_start);
      return Fragment(rest);
    }
    if (rest[0] == '?') {
      CopyBase(base_->at.search_start);
      return QueryAndFragment(rest);
    }
    if (shorten) {
      out().append(base_->Pathname());
      ShortenPath(out(), at().pathname_start, url_.scheme);
    }
    return Path(rest);
  }

  // File state and file slash state. The host is empty until something says otherwise.
  bool File(std::string_view rest) {
    const bool has_base = base_ != nullptr && base_->scheme == Scheme::kFile;
    if (StartsWithSlash(rest)) {
      rest.remove_prefix(1);
      if (StartsWithSlash(rest)) return FileHost(rest.substr(1));
      if (!has_base) return EmptyHost() && Path(rest);
      CopyBaseAuthority();
      if (!StartsWithDriveLetter(rest)) {
        const std::string_view path = base_->Pathname();
        const size_t end = std::min(path.find('/', 1), path.size());
        if (IsDriveLetter(path.substr(1, end - 1), true)) out().append(path, 0, end);
      }
      return Path(rest);
    }
    if (!has_base) return EmptyHost() && Path(rest);
    CopyBaseAuthority();
    return FromBasePath(rest, !StartsWithDriveLetter(rest));
  }

  bool FileHost(std::string_view rest) {
    const std::string_view host = rest.substr(0, AuthorityLength(rest, true));
    EmptyHost();
    // A drive letter where the host would be is the start of the path.
    if (IsDriveLetter(host, false)) return Path(rest);
    if (!host.empty()) {
      if (!AppendHost(out(), host, HostKind::kDomain)) return false;
      if (std::string_view(out()).substr(at().host_start) == "localhost") {
        out().resize(at().host_start);
      }
      at().host_end = at().pathname_start = Here();
    }
    return PathStart(rest.substr(host.size()));
  }

  bool EmptyHost() {
    out().append("//");
    at().username_end = at().host_start = at().host_end = at().pathname_start = Here();
    return true;
  }

  // Special authority ignore slashes state.
  static std::string_view SkipSlashes(std::string_view rest) {
    return rest.substr(std::min(rest.find_first_not_of("/\\"), rest.size()));
  }

  // Authority state, host state, port state. `rest` starts after the "//".
  bool Authority(std::string_view rest) {
    std::string_view authority = rest.substr(0, AuthorityLength(rest, special()));
    rest.remove_prefix(authority.size());
    out().append("//");
    at().username_end = Here();
    const size_t at_sign = authority.rfind('@');
    if (at_sign != std::string_view::npos) {
      Credentials(authority.substr(0, at_sign));
      authority.remove_prefix(at_sign + 1);
      if (authority.empty()) return false;
    }
    at().host_start = Here();
    const size_t colon = PortColon(authority);
    const bool has_colon = colon != authority.size();
    if (colon == 0 && (special() || has_colon)) return false;
    const HostKind kind = special() ? HostKind::kDomain : HostKind::kOpaque;
    if (!AppendHost(out(), authority.substr(0, colon), kind)) return false;
    at().host_end = Here();
    if (has_colon && !Port(authority.substr(colon + 1))) return false;
    at().pathname_start = Here();
    return PathStart(rest);
  }

  void Credentials(std::string_view credentials) {
    const size_t colon = std::min(credentials.find(':'), credentials.size());
    AppendEncoded(out(), credentials.substr(0, colon), kUserinfoSet);
    at().username_end = Here();
    const bool has_password = colon + 1 < credentials.size();
    if (has_password) {
      out().push_back(':');
      AppendEncoded(out(), credentials.substr(colon + 1), kUserinfoSet);
    }
    if (colon != 0 || has_password) out().push_back('@');
  }

  bool Port(std::string_view text) {
    if (text.empty()) return true;
    size_t digits = 0;
    const auto port = ParsePort(text, digits);
    if (!port || digits != text.size()) return false;
    if (*port == DefaultPort(url_.scheme)) return true;
    at().port = *port;
    out().push_back(':');
    out().append(std::to_string(*port));
    return true;
  }

  // Path start state: `rest` starts behind the authority.
  bool PathStart(std::string_view rest) {
    if (StartsWithSlash(rest)) return Path(rest.substr(1));
    if (special()) return Path(rest);
    if (rest.empty() || rest[0] == '?' || rest[0] == '#') return QueryAndFragment(rest);
    return Path(rest);
  }

  bool Path(std::string_view rest) {
    const size_t end = AppendPath(out(), at().pathname_start, rest, url_.scheme, PathEnd::kAtQuery);
    if (!url_.HasHost()) {
      at().pathname_start = static_cast<uint32_t>(GuardPath(out(), at().pathname_start));
    }
    return QueryAndFragment(rest.substr(end));
  }

  bool QueryAndFragment(std::string_view rest) {
    at().search_start = Here();
    if (rest.starts_with('?')) {
      const size_t end = std::min(rest.find('#'), rest.size());
      out().push_back('?');
      AppendEncoded(out(), rest.substr(1, end - 1), special() ? kSpecialQuerySet : kQuerySet);
      rest.remove_prefix(end);
    }
    return Fragment(rest);
  }

  bool Fragment(std::string_view rest) {
    at().hash_start = Here();
    if (rest.empty()) return true;
    out().push_back('#');
    AppendEncoded(out(), rest.substr(1), kFragmentSet);
    return true;
  }

  void EndProtocol() {
    const uint32_t end = Here();
    at() = {end, end, end, end, kNoPort, end, end, end};
  }

  // Makes the start of the base's serialization, up to `end`, ours.
  void CopyBase(uint32_t end) {
    out().assign(base_->href, 0, end);
    at() = base_->at;
    url_.scheme = base_->scheme;
  }

  // The same up to the path, without the "/." that may guard it.
  void CopyBaseAuthority() {
    CopyBase(base_->HasHost() ? base_->at.pathname_start : base_->at.protocol_end);
    at().pathname_start = Here();
  }

  const std::string_view input_;
  const UrlRecord* const base_;
  UrlRecord url_;
};

}  // namespace

std::optional<UrlRecord> ParseUrl(std::string_view input, const UrlRecord* base) {
  UrlRecord scanned;
  if (ScanSerialized(input, scanned.at, scanned.scheme)) {
    scanned.href.assign(input);
    return scanned;
  }
  return ParseUnscannedUrl(input, base);
}

std::optional<UrlRecord> ParseUnscannedUrl(std::string_view input, const UrlRecord* base) {
  if (input.size() > kMaxHrefLength) return std::nullopt;
  std::string storage;
  return Parser(RemoveTabsAndNewlines(Trim(input), storage), base).Run();
}

std::string Origin(const UrlRecord& url) {
  if (url.scheme == Scheme::kFile) return "null";
  if (url.IsSpecial()) {
    std::string origin(url.Protocol());
    origin.append("//").append(url.Host());
    return origin;
  }
  if (url.Protocol() == "blob:") {
    const auto inner = ParseUrl(url.Pathname());
    if (inner && (inner->scheme == Scheme::kHttp || inner->scheme == Scheme::kHttps)) {
      return Origin(*inner);
    }
  }
  return "null";
}

}  // namespace rt::url
