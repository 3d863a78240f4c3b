// QueryDns: one question to DNS servers through c-ares, on the loop. Which servers are asked is
// checked before anything is sent.
#pragma once

#include <vector>

#include "src/ext/net/dns_records.h"
#include "src/loop/cancel.h"
#include "src/loop/loop.h"
#include "src/loop/task.h"
#include "src/permissions/grant_access.h"

namespace rt {

// The servers to ask, each granted; an address and a port.
using GrantedDnsServers = std::vector<Granted<Perm::kNet, HostPort>>;

// The system's servers (resolv.conf), each to be granted by the caller. NotConnected if there is
// none.
Result<std::vector<HostPortRaw>> SystemDnsServers();

// Errors: NotFound (no such name, or no such record), TimedOut, ConnectionRefused, Interrupted when
// cancelled, InvalidData for an answer that cannot be read.
Task<Result<std::vector<DnsRecord>>> QueryDns(Loop& loop, GrantedDnsServers servers,
                                              std::string name, uint16_t type, CancelToken cancel);

}  // namespace rt
