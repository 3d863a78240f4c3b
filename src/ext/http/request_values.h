// A request's parts as JavaScript values. Field values are bytes, so they become one-byte strings
// (a ByteString of the Fetch standard); nothing here runs JavaScript.
#pragma once

#include <sys/socket.h>
#include <v8.h>

#include <string>
#include <string_view>
#include <utility>

#include "src/ext/http/engine/request.h"

namespace rt {

// [method, url]; the url is absolute: the target as received after the scheme and the Host field,
// or the target itself in absolute-form.
v8::Local<v8::Value> MethodAndUrl(v8::Isolate* isolate, const http::Request& request);
// Whether a program can make a URL of the requests for that host.
bool IsUrlHost(std::string_view host);
// [name, value, …], names in lower case.
v8::Local<v8::Value> HeaderList(v8::Isolate* isolate, const http::Request& request);

// "127.0.0.1" and the port; "" and 0 for other families.
std::pair<std::string, uint32_t> HostAndPort(const sockaddr_storage& address);

}  // namespace rt
