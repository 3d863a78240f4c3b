// WireFilter: what stands between a connection's socket and HTTP, if anything does (TLS). It never
// touches the socket: the connection gives it what was read and sends what it makes. On the loop's
// thread; must not run JavaScript. A connection without one pays a null check a read and a write.
#pragma once

#include <string>
#include <string_view>

#include "src/ext/http/engine/output.h"

namespace rt::http {

class WireFilter {
 public:
  enum class State : uint8_t {
    kOpen,
    kEnded,   // the peer has said in the protocol that no more comes
    kBroken,  // send what was made (an alert), then close
  };

  virtual ~WireFilter() = default;

  // Bytes from the socket. Appends what they mean to `plain` and what must be answered to `wire`.
  virtual State Receive(std::string_view bytes, std::string* plain, Output* wire) = 0;
  // Bytes of HTTP to send. Only called after Receive gave some plain bytes. False: it is broken.
  virtual bool Send(std::string_view plain, Output* wire) = 0;
  // The protocol that was agreed on (ALPN), after Receive gave some plain bytes; empty: none.
  virtual std::string_view Alpn() const { return {}; }
  // Says that no more is sent.
  virtual void End(Output* wire) = 0;
  // The connection has been idle for a while: memory that is made anew when it is needed may go.
  virtual void Rest() {}
};

}  // namespace rt::http
