// Keeps passwords out of messages, traces and logs. Must never be used to decide anything: it
// changes text for people.
#pragma once

#include <string>
#include <string_view>

namespace rt {

// Text that may hold a URL or an authority ("user:secret@host:80"): what stands before the last "@"
// of each authority becomes "***". A path, query or sentence with an "@" is left alone.
std::string RedactCredentials(std::string_view text);

// The same, and what else looks like a secret: values of query parameters and of `name=value` or
// `name: value` pairs whose name says so, and what follows "Bearer" or "Basic".
std::string RedactSecrets(std::string_view text);

// Whether a value of this name is one: "password", "x-api-key", "authorization", "cookie".
bool IsSecretName(std::string_view name);

}  // namespace rt
