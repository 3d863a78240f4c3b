// The op table as text: for `rt ops`, docs/ops.md and the tools that generate from it. Reads the
// rows, never V8.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "src/op/op_decl.h"
#include "src/op/op_host.h"

namespace rt {

// "read", "net, read", or how else the op is authorised: "resource", "none".
std::string PermissionText(const PermissionSpec& permission);

// Aligned columns for a person. All three keep the table's order and end with a line end.
std::string OpsAsText(std::span<const Extension> extensions);

// An array of {name, extension, kind: "sync" | "async", fast, permissions: [...], authority:
// "needs" | "on_resource" | "in_body" | "none", why: text or null, arguments: [...], result}.
std::string OpsAsJson(std::span<const Extension> extensions);

// docs/ops.md: one table an extension.
std::string OpsAsMarkdown(std::span<const Extension> extensions);

}  // namespace rt
