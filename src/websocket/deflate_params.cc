// The negotiation of permessage-deflate (RFC 7692 section 7.1). Parsing is one pass over the field.
#include <array>
#include <vector>

#include "src/websocket/deflate.h"
#include "src/websocket/handshake.h"

namespace rt::ws {
namespace {

// "8" to "15", nothing else: no sign, no zero in front.
std::optional<int> WindowBits(std::string_view value) {
  if (value.size() == 1 && (value[0] == '8' || value[0] == '9')) return value[0] - '0';
  if (value.size() == 2 && value[0] == '1' && value[1] >= '0' && value[1] <= '5') {
    return 10 + value[1] - '0';
  }
  return std::nullopt;
}

struct Read {
  DeflateParams params;
  bool has_server_bits = false;
  bool has_client_bits = false;
  bool client_bits_open = false;  // `client_max_window_bits` without a value
};

// Nothing: a parameter that does not exist, comes twice or has a value it cannot have.
std::optional<Read> ReadParams(const ExtensionField& extension) {
  Read read;
  bool has_server_fresh = false;
  bool has_client_fresh = false;
  for (const ExtensionParam& param : extension.params) {
    if (param.name == "server_no_context_takeover" || param.name == "client_no_context_takeover") {
      bool& seen = param.name[0] == 's' ? has_server_fresh : has_client_fresh;
      if (seen || param.value) return std::nullopt;
      seen = true;
    } else if (param.name == "server_max_window_bits" || param.name == "client_max_window_bits") {
      const bool server = param.name[0] == 's';
      bool& seen = server ? read.has_server_bits : read.has_client_bits;
      if (seen) return std::nullopt;
      seen = true;
      if (!param.value) {
        if (server) return std::nullopt;
        read.client_bits_open = true;
        continue;
      }
      const std::optional<int> bits = WindowBits(*param.value);
      if (!bits) return std::nullopt;
      (server ? read.params.server_max_window_bits : read.params.client_max_window_bits) = *bits;
    } else {
      return std::nullopt;
    }
  }
  read.params.server_no_context_takeover = has_server_fresh;
  read.params.client_no_context_takeover = has_client_fresh;
  return read;
}

}  // namespace

std::optional<DeflateParams> AcceptDeflateOffer(std::string_view field) {
  const auto extensions = ParseExtensions(field);
  if (!extensions) return std::nullopt;
  for (const ExtensionField& extension : *extensions) {
    if (extension.name != "permessage-deflate") continue;
    const auto read = ReadParams(extension);
    // A window of 8 bits is none that zlib can keep to.
    if (!read || read->params.server_max_window_bits < 9) continue;
    DeflateParams params = read->params;
    params.server_no_context_takeover = true;
    params.client_no_context_takeover = true;
    return params;
  }
  return std::nullopt;
}

std::string DeflateAnswer(const DeflateParams& params) {
  std::string answer = "permessage-deflate";
  if (params.server_no_context_takeover) answer += "; server_no_context_takeover";
  if (params.client_no_context_takeover) answer += "; client_no_context_takeover";
  if (params.server_max_window_bits < 15) {
    answer += "; server_max_window_bits=" + std::to_string(params.server_max_window_bits);
  }
  if (params.client_max_window_bits < 15) {
    answer += "; client_max_window_bits=" + std::to_string(params.client_max_window_bits);
  }
  return answer;
}

DeflateReply ReadDeflateAnswer(std::string_view field) {
  const auto extensions = ParseExtensions(field);
  if (!extensions) return {.kind = AnswerKind::kInvalid};
  if (extensions->empty()) return {};
  // More than one, or one that was not offered.
  if (extensions->size() > 1 || (*extensions)[0].name != "permessage-deflate") {
    return {.kind = AnswerKind::kInvalid};
  }
  const auto read = ReadParams((*extensions)[0]);
  if (!read || read->client_bits_open || read->params.client_max_window_bits < 9) {
    return {.kind = AnswerKind::kInvalid};
  }
  return {.kind = AnswerKind::kDeflate, .params = read->params};
}

}  // namespace rt::ws
