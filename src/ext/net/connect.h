// ConnectTcp: from a granted host to a connected stream, trying its addresses as RFC 8305 says
// (Happy Eyeballs): families alternate, IPv6 first, a new attempt every 250 ms or as soon as one
// fails, the first that connects wins and the others are closed. What the HTTP client, TLS and
// Deno.connect all use.
#pragma once

#include "src/ext/net/lookup.h"
#include "src/ext/net/socket_stream.h"

namespace rt {

struct ConnectOptions {
  // RFC 8305 section 5: the Connection Attempt Delay.
  uint64_t attempt_delay_ms = 250;
  // False: only the first address is tried.
  bool race = true;
  CancelToken cancel = {};
  // The address of this machine to connect from; nothing: whichever the system takes.
  std::optional<IpAddress> from = {};
};

// The error is that of the attempt that failed last; Interrupted when cancelled.
Task<Result<Ref<SocketStream>>> ConnectTcp(Loop& loop, Permissions& permissions,
                                           Granted<Perm::kNet, HostPort> host,
                                           ConnectOptions options);

// To one of these addresses (RFC 8305 section 4 orders them here).
Task<Result<Ref<SocketStream>>> ConnectToAny(Loop& loop, GrantedAddresses addresses,
                                             ConnectOptions options);

// RFC 8305 section 4: IPv6 and IPv4 take turns, each family in the order given.
GrantedAddresses InterleaveFamilies(GrantedAddresses addresses);

}  // namespace rt
