// Sockets: the extensions of Deno.listen, connect, listenDatagram and resolveDns, and what other
// extensions build on: connecting (connect.h), streams (socket_stream.h), listeners.
#pragma once

#include "src/ext/net/addresses.h"
#include "src/ext/net/connect.h"
#include "src/ext/net/socket_listener.h"
#include "src/ext/net/socket_stream.h"
#include "src/op/op_host.h"

namespace rt {

Extension NetExtension();
Extension DatagramExtension();
Extension DnsExtension();

}  // namespace rt
