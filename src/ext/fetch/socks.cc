// SOCKS5 (RFC 1928) with a user name and password if there are any (RFC 1929). Names go to the
// proxy as they are.
#include <array>

#include "src/ext/fetch/connector.h"

namespace rt {
namespace {

Error SocksError(std::string_view what) {
  return Error::Make(ErrorClass::kConnectionRefused, "SOCKS5 proxy: " + std::string(what));
}

Task<Result<bool>> ReadExactly(ByteStream& stream, std::span<uint8_t> into) {
  while (!into.empty()) {
    RT_CO_TRY(const size_t size, co_await ReadSome(stream, into));
    if (size == 0) co_return SocksError("the connection was closed");
    into = into.subspan(size);
  }
  co_return true;
}

Task<Result<bool>> Ask(ByteStream& stream, std::string question, std::span<uint8_t> answer) {
  const Bytes bytes = Bytes::Copy(question);
  RT_CO_TRY(const bool sent, co_await WriteAll(stream, bytes.span()));
  (void)sent;
  co_return co_await ReadExactly(stream, answer);
}

std::string_view ReplyText(uint8_t reply) {
  constexpr std::array<std::string_view, 9> kTexts = {
      "succeeded",           "general failure",       "not allowed by its rules",
      "network unreachable", "host unreachable",      "connection refused",
      "TTL expired",         "command not supported", "address type not supported",
  };
  return reply < kTexts.size() ? kTexts[reply] : "unknown reply";
}

std::string AddressOf(const std::string& host) {
  std::string address;
  const auto ip = IpAddress::Parse(host);
  if (!ip) {
    address = '\3';
    address += static_cast<char>(host.size());
    return address + host;
  }
  const auto& bytes = ip->bytes();
  const size_t from = ip->is_v4() ? 12 : 0;
  address = ip->is_v4() ? '\1' : '\4';
  address.append(reinterpret_cast<const char*>(bytes.data()) + from, bytes.size() - from);
  return address;
}

}  // namespace

Task<Result<bool>> OpenSocksTunnel(StreamResource& stream, std::string host, uint16_t port,
                                   std::string username, std::string password) {
  if (host.size() > 255 || username.size() > 255 || password.size() > 255) {
    co_return SocksError("the host or the credentials are too long");
  }
  const bool with_password = !username.empty() || !password.empty();
  std::array<uint8_t, 2> chosen{};
  std::string methods = with_password ? std::string("\5\2\0\2", 4) : std::string("\5\1\0", 3);
  RT_CO_TRY([[maybe_unused]] bool asked, co_await Ask(stream, std::move(methods), chosen));
  if (chosen[0] != 5) co_return SocksError("it speaks another protocol");
  if (chosen[1] == 2 && with_password) {
    std::string login = "\1";
    login += static_cast<char>(username.size());
    login += username;
    login += static_cast<char>(password.size());
    login += password;
    std::array<uint8_t, 2> accepted{};
    RT_CO_TRY(asked, co_await Ask(stream, std::move(login), accepted));
    if (accepted[1] != 0) co_return SocksError("the credentials were refused");
  } else if (chosen[1] != 0) {
    co_return SocksError("it offers no way to log in");
  }
  std::string question("\5\1\0", 3);
  question += AddressOf(host);
  question += static_cast<char>(port >> 8);
  question += static_cast<char>(port & 0xff);
  std::array<uint8_t, 5> reply{};
  RT_CO_TRY(asked, co_await Ask(stream, std::move(question), reply));
  if (reply[0] != 5) co_return SocksError("it speaks another protocol");
  if (reply[1] != 0) co_return SocksError(ReplyText(reply[1]));
  // The bound address, of which one byte is here already, and the port.
  size_t left = 0;
  if (reply[3] == 1) left = 3;
  if (reply[3] == 4) left = 15;
  if (reply[3] == 3) left = reply[4];
  if (left == 0 && reply[3] != 3) co_return SocksError("bad reply");
  std::array<uint8_t, 257> rest{};
  co_return co_await ReadExactly(stream, std::span(rest).first(left + 2));
}

}  // namespace rt
