// The messaging extension: structured cloning, message ports and broadcast channels, the C++ half
// of js/ext/messaging. Touches no file, network or environment.
#pragma once

#include <memory>
#include <utility>

#include "src/ext/messaging/port.h"
#include "src/op/op_host.h"

namespace rt {

Extension MessagingExtension();

// Gives a runtime one end of a channel: its number in JavaScript (addReceiver of
// js/ext/messaging/message_port.js). `peer`: who has the other end, for AliveItem; may be empty.
uint32_t AdoptPort(OpHost& host, std::unique_ptr<PortEnd> port, std::string peer = {});

}  // namespace rt
