#include "src/permissions/wall_wire.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace rt {
namespace {

constexpr size_t kMostFds = 4;
// More than execve takes.
constexpr uint64_t kLongestBody = 16 << 20;

struct Head {
  uint64_t length = 0;
};

bool SendAll(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

bool ReceiveAll(int socket, char* to, size_t size) {
  while (size > 0) {
    const ssize_t got = recv(socket, to, size, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    to += got;
    size -= static_cast<size_t>(got);
  }
  return true;
}

}  // namespace

WireWriter& WireWriter::Number(uint64_t value) {
  body_.append(reinterpret_cast<const char*>(&value), sizeof value);
  return *this;
}

WireWriter& WireWriter::Text(std::string_view text) {
  Number(text.size());
  body_.append(text);
  return *this;
}

WireWriter& WireWriter::Texts(const std::vector<std::string>& texts) {
  Number(texts.size());
  for (const std::string& text : texts) Text(text);
  return *this;
}

WireWriter& WireWriter::Failure(const Error& error) {
  return Number(static_cast<uint64_t>(error.error_class))
      .Text(error.code)
      .Text(error.message)
      .Number(static_cast<uint64_t>(error.sys_errno))
      .Text(error.syscall)
      .Text(error.path);
}

uint64_t WireReader::Number() {
  uint64_t value = 0;
  if (rest_.size() < sizeof value) {
    ok_ = false;
    rest_ = {};
    return 0;
  }
  std::memcpy(&value, rest_.data(), sizeof value);
  rest_.remove_prefix(sizeof value);
  return value;
}

std::string WireReader::Text() {
  const uint64_t size = Number();
  if (size > rest_.size()) {
    ok_ = false;
    rest_ = {};
    return {};
  }
  std::string text(rest_.substr(0, size));
  rest_.remove_prefix(size);
  return text;
}

std::vector<std::string> WireReader::Texts() {
  std::vector<std::string> texts;
  for (uint64_t count = Number(); ok_ && count > 0; --count) texts.push_back(Text());
  return texts;
}

Error WireReader::Failure() {
  const uint64_t error_class = Number();
  Error error;
  error.error_class = static_cast<ErrorClass>(
      std::min<uint64_t>(error_class, static_cast<uint64_t>(kErrorClassCount - 1)));
  error.code = Text();
  error.message = Text();
  error.sys_errno = static_cast<int>(Number());
  error.syscall = Text();
  error.path = Text();
  return error;
}

bool SendWireMessage(int socket, std::string_view body, std::span<const int> fds) {
  if (fds.size() > kMostFds || body.size() > kLongestBody) return false;
  Head head{body.size()};
  iovec part{&head, sizeof head};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * kMostFds)] = {};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (!fds.empty()) {
    message.msg_control = control;
    message.msg_controllen = CMSG_SPACE(fds.size_bytes());
    cmsghdr* const rights = CMSG_FIRSTHDR(&message);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(fds.size_bytes());
    std::memcpy(CMSG_DATA(rights), fds.data(), fds.size_bytes());
  }
  ssize_t sent;
  do {
    sent = sendmsg(socket, &message, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  if (sent <= 0) return false;
  const auto* rest = reinterpret_cast<const char*>(&head) + sent;
  return SendAll(socket, {rest, sizeof head - static_cast<size_t>(sent)}) && SendAll(socket, body);
}

bool ReceiveWireMessage(int socket, WireMessage* received) {
  received->fds.clear();
  Head head;
  iovec part{&head, sizeof head};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * kMostFds)] = {};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  ssize_t got;
  do {
    got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  } while (got < 0 && errno == EINTR);
  if (got <= 0) return false;
  for (cmsghdr* each = CMSG_FIRSTHDR(&message); each != nullptr;
       each = CMSG_NXTHDR(&message, each)) {
    if (each->cmsg_level != SOL_SOCKET || each->cmsg_type != SCM_RIGHTS) continue;
    const size_t count = (each->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < count; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(each) + i * sizeof fd, sizeof fd);
      received->fds.emplace_back(fd);
    }
  }
  auto* rest = reinterpret_cast<char*>(&head) + got;
  if (!ReceiveAll(socket, rest, sizeof head - static_cast<size_t>(got))) return false;
  if (head.length > kLongestBody) return false;
  received->body.resize(head.length);
  return ReceiveAll(socket, received->body.data(), received->body.size());
}

}  // namespace rt
