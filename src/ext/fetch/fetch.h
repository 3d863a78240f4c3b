// fetch: the extension behind fetch() and Deno.createHttpClient, and the HTTP client for the rest
// of rt's C++ (http_client.h), which needs no JavaScript.
#pragma once

#include "src/ext/fetch/http_client.h"
#include "src/op/op_host.h"

namespace rt {

Extension FetchExtension();

}  // namespace rt
