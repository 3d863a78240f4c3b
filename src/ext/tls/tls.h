// TLS: the extension of Deno.connectTls, startTls and listenTls, and what other extensions build
// on: TlsClients and TlsServerContext (tls_context.h) make TlsStreams over any stream resource.
#pragma once

#include "src/ext/tls/tls_context.h"
#include "src/op/op_host.h"

namespace rt {

Extension TlsExtension();

}  // namespace rt
