// websocket: WebSocket connections as resources, for both ends. How a connection comes to be is the
// business of fetch (client) and http (server); what is decided here begins behind the handshake.
#pragma once

#include "src/op/op_host.h"

namespace rt {

Extension WebSocketExtension();

}  // namespace rt
