// LookupHost: from a granted host to granted addresses. Names are looked up by the system
// (getaddrinfo) on the thread pool; every answer passes the deny rules before it is handed out, so
// whoever connects uses exactly what was checked.
#pragma once

#include <vector>

#include "src/loop/cancel.h"
#include "src/loop/loop.h"
#include "src/loop/task.h"
#include "src/permissions/grant_access.h"
#include "src/permissions/net_sinks.h"

namespace rt {

// What a host resolved to: at least one address, in the order the system prefers (RFC 6724).
using GrantedAddresses = std::vector<GrantedSocketAddress>;

// Errors: Error "failed to lookup address information: …", NotCapable if any answer is denied (a
// name that resolves to a denied address is not worth guessing about), Interrupted when cancelled.
Task<Result<GrantedAddresses>> LookupHost(Loop& loop, Permissions& permissions,
                                          Granted<Perm::kNet, HostPort> host, int socket_type,
                                          CancelToken cancel);
// The same at once, blocking on a name: for listening, which happens once.
Result<GrantedAddresses> LookupHostSync(Permissions& permissions,
                                        const Granted<Perm::kNet, HostPort>& host, int socket_type);

}  // namespace rt
