// Messages between rt and its helper on the other side of the kernel's wall: a length, a body, and
// descriptors beside it. Neither end trusts the other: whatever does not parse reads as failed.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/error.h"
#include "src/permissions/owned_fd.h"

namespace rt {

// What rt asks for. The rules are in wall_server.cc.
enum class WallCall : uint32_t {
  kReady,        // nothing: it has made its rules
  kOpen,         // a file that was granted
  kCode,         // a module of the program's own graph, or a package.json
  kSeal,         // that graph is loaded: no more of it
  kReplaceFile,  // the lock file
  kMkdir,
  kRemove,
  kRename,
  kLink,
  kSymlink,
  kMakeTemporary,
  kSpawn,
  kSignal,
  kConnect,
  kBind,
  kBindUnix,
  kAsk,
  kUmask,
};

// How a call ended.
enum class WallAnswer : uint32_t {
  kDone,
  kFailed,   // it was granted, and the system said no
  kRefused,  // it was not granted
};

class WireWriter {
 public:
  WireWriter& Number(uint64_t value);
  WireWriter& Text(std::string_view text);
  WireWriter& Texts(const std::vector<std::string>& texts);
  WireWriter& Failure(const Error& error);
  const std::string& body() const { return body_; }

 private:
  std::string body_;
};

class WireReader {
 public:
  explicit WireReader(std::string_view body) : rest_(body) {}
  uint64_t Number();
  std::string Text();
  std::vector<std::string> Texts();
  Error Failure();
  // Everything so far was there; false for ever after the first thing that was not.
  bool ok() const { return ok_; }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

struct WireMessage {
  std::string body;
  std::vector<OwnedFd> fds;
};

// Blocking. False: the other end is gone, or sent what is no message.
bool SendWireMessage(int socket, std::string_view body, std::span<const int> fds);
bool ReceiveWireMessage(int socket, WireMessage* message);

}  // namespace rt
