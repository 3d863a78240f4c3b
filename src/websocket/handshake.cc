// See the header.
#include "src/websocket/handshake.h"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include "src/base/check.h"

namespace rt::ws {
namespace {

constexpr std::string_view kGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

std::string Base64(const unsigned char* data, size_t size) {
  std::string text((size + 2) / 3 * 4, '\0');
  // Writes a zero behind the text, where std::string has one.
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), data, static_cast<int>(size));
  return text;
}

bool IsTokenChar(char c) {
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) return true;
  return c != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

char Lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

class FieldReader {
 public:
  explicit FieldReader(std::string_view text) : text_(text) {}

  void SkipSpace() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }
  bool AtEnd() const { return at_ == text_.size(); }
  void Skip() { ++at_; }
  bool Take(char c) {
    if (AtEnd() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  // Empty: there is none.
  std::string Token() {
    std::string token;
    while (!AtEnd() && IsTokenChar(text_[at_])) token.push_back(text_[at_++]);
    return token;
  }
  // After the opening quote. What it says must be a token (section 9.1).
  std::optional<std::string> QuotedRest() {
    std::string value;
    while (!AtEnd()) {
      char c = text_[at_++];
      if (c == '"') return IsToken(value) ? std::optional(value) : std::nullopt;
      if (c == '\\') {
        if (AtEnd()) return std::nullopt;
        c = text_[at_++];
      }
      value.push_back(c);
    }
    return std::nullopt;
  }

 private:
  std::string_view text_;
  size_t at_ = 0;
};

}  // namespace

std::string AcceptKey(std::string_view key) {
  std::string joined(key);
  joined += kGuid;
  unsigned char digest[SHA_DIGEST_LENGTH];
  SHA1(reinterpret_cast<const unsigned char*>(joined.data()), joined.size(), digest);
  return Base64(digest, sizeof digest);
}

bool IsKey(std::string_view key) {
  if (key.size() != 24 || !key.ends_with("==")) return false;
  for (char c : key.substr(0, 22)) {
    const bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '+' || c == '/';
    if (!good) return false;
  }
  return true;
}

std::string MakeKey() {
  unsigned char bytes[16];
  RT_CHECK(RAND_bytes(bytes, sizeof bytes) == 1);
  return Base64(bytes, sizeof bytes);
}

std::optional<std::vector<ExtensionField>> ParseExtensions(std::string_view field) {
  std::vector<ExtensionField> extensions;
  FieldReader reader(field);
  for (;;) {
    reader.SkipSpace();
    if (reader.AtEnd()) return extensions;
    if (reader.Take(',')) continue;
    ExtensionField extension{reader.Token(), {}};
    if (extension.name.empty()) return std::nullopt;
    for (;;) {
      reader.SkipSpace();
      if (!reader.Take(';')) break;
      reader.SkipSpace();
      ExtensionParam param{reader.Token(), {}};
      if (param.name.empty()) return std::nullopt;
      reader.SkipSpace();
      if (reader.Take('=')) {
        reader.SkipSpace();
        if (reader.Take('"')) {
          param.value = reader.QuotedRest();
          if (!param.value) return std::nullopt;
        } else {
          param.value = reader.Token();
          if (param.value->empty()) return std::nullopt;
        }
      }
      extension.params.push_back(std::move(param));
    }
    extensions.push_back(std::move(extension));
    if (!reader.AtEnd() && !reader.Take(',')) return std::nullopt;
  }
}

bool IsToken(std::string_view text) {
  for (char c : text) {
    if (!IsTokenChar(c)) return false;
  }
  return !text.empty();
}

bool HasToken(std::string_view field, std::string_view token) {
  FieldReader reader(field);
  while (!reader.AtEnd()) {
    reader.SkipSpace();
    std::string found = reader.Token();
    for (char& c : found) c = Lower(c);
    reader.SkipSpace();
    if (found == token && (reader.AtEnd() || reader.Take(','))) return true;
    // Not a token, or one with something behind it: on to the next element.
    while (!reader.AtEnd() && !reader.Take(',')) reader.Skip();
  }
  return false;
}

}  // namespace rt::ws
