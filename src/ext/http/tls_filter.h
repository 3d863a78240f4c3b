// TLS as the filter of an HTTP connection. The one place where the server meets src/ext/tls.
#pragma once

#include <memory>

#include "src/ext/http/engine/wire_filter.h"
#include "src/ext/tls/tls.h"

namespace rt {

std::unique_ptr<http::WireFilter> MakeTlsFilter(std::shared_ptr<TlsServerContext> context);

}  // namespace rt
