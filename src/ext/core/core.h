// The core extension: what JavaScript built-ins need of the runtime itself (hooks, promises of ops,
// resources, exit). Knows no feature.
#pragma once

#include <functional>
#include <utility>

#include "src/op/op_host.h"

namespace rt {

// Loads the bundle of built-ins of this name, which is not in the snapshot, and gives what it
// exports (js/lazy/README.md). src/runtime's.
using BundleLoader = std::function<Result<v8::Local<v8::Object>>(std::string_view)>;
// Null: there are no bundles.
void SetBundleLoader(OpHost& host, BundleLoader loader);

// A JavaScript function for bundles of built-ins: (extension's name) => {op_x: function}.
void GiveOps(const v8::FunctionCallbackInfo<v8::Value>& info);

Extension CoreExtension();
Extension ResourceExtension();

}  // namespace rt
