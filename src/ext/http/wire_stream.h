// From a connection that HTTP/1 has handed over to a stream for its next protocol. With a filter
// (TLS) between, that filter goes on where it was.
#pragma once

#include "src/ext/http/engine/connection.h"
#include "src/resource/upgraded_stream.h"

namespace rt {

struct HandedStream {
  Ref<StreamResource> stream;
  std::string received;
};
// Http if the connection had ended before.
Result<HandedStream> MakeWireStream(Loop& loop, http::HandedOver connection);

Result<Ref<UpgradedStream>> MakeUpgradedStream(Loop& loop, http::HandedOver connection);

}  // namespace rt
