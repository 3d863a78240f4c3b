// What a peer of the HTTP server may cost, each limit by name. Every default is on: a limit that
// has to be switched on protects nobody. No limit may be raised by anything a peer sends.
#pragma once

#include <cstdint>
#include <limits>

namespace rt::http {

struct Limits {
  // Request line and header fields together; more is answered 431. A target longer than its own
  // limit is answered 414, more fields than `max_headers` 431.
  uint32_t max_head_bytes = 16 * 1024;
  uint32_t max_target_bytes = 8 * 1024;
  uint32_t max_headers = 100;

  // Beyond this the listener rests, and new peers wait in the kernel's backlog.
  uint32_t max_connections = 10'000;
  // Requests of one connection that are parsed and not yet answered; beyond this it is not read.
  uint32_t max_pipelined = 64;

  // A head must be complete this long after its first byte, or after the connection was accepted
  // (S48: absolute, so a byte a second does not extend it). Answered 408.
  uint32_t header_timeout_ms = 10'000;
  // While a body is being waited for, each window of `body_timeout_ms` must bring at least
  // `min_body_rate` bytes a second. The clock stands still while the program is the slow side.
  uint32_t body_timeout_ms = 30'000;
  uint32_t min_body_rate = 64;
  // How long a connection may rest between requests. It is advertised (`keep-alive: timeout=`), and
  // the server closes a second later, so that a client does not send into a closing connection
  // (S49).
  uint32_t idle_timeout_ms = 60'000;
  // How long a peer may accept no byte of a response that is waiting for it.
  uint32_t write_timeout_ms = 60'000;

  // A longer body is answered 413. Streamed bodies are held back by backpressure, so the default
  // allows any length; what is buffered whole, for text() or json(), is capped.
  uint64_t max_body_bytes = std::numeric_limits<uint64_t>::max();
  uint64_t max_buffered_body_bytes = 128ull * 1024 * 1024;
  // A body is read ahead of the program by at most about this much.
  uint32_t body_high_water = 64 * 1024;
  // A connection whose unsent output exceeds this is not read, and its streams are told to wait.
  uint32_t output_high_water = 64 * 1024;
  // Chunk extensions and trailers of one body, each in all.
  uint32_t max_chunk_extension_bytes = 4 * 1024;
  uint32_t max_trailer_bytes = 8 * 1024;
  // A body nobody read is read away to keep the connection if this little is left; else it is
  // closed.
  uint32_t max_drain_bytes = 64 * 1024;
};

}  // namespace rt::http
