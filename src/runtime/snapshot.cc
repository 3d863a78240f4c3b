#include "src/runtime/snapshot.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "src/engine/isolate.h"
#include "src/engine/platform.h"
#include "src/runtime/builtins.h"
#include "src/runtime/extensions.h"

namespace rt {
namespace {

Result<std::string> ReadBundle(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error::Make(ErrorClass::kNotFound, "cannot read " + path);
  std::stringstream text;
  text << file.rdbuf();
  std::string bundle = text.str();
  if (std::ranges::any_of(bundle, [](char c) { return (c & 0x80) != 0; })) {
    return Error::Make(ErrorClass::kError, path + " is not ASCII");
  }
  return bundle;
}

}  // namespace

Result<v8::StartupData> BuildSnapshot(const std::string& bundle_path) {
  RT_TRY(auto loop, Loop::Create());
  RT_TRY(auto permissions, Permissions::FromOptions({}));
  OpHost host(AllExtensions(), std::move(loop), std::move(permissions), {}, {});
  RT_TRY(const std::string text, ReadBundle(bundle_path));
  BuiltinSourceText bundle(text.data(), text.size());
  host.AddExternalReference(&bundle);
  v8::Isolate::CreateParams params =
      MakeCreateParams({.external_references = host.external_references()});
  v8::StartupData blob{nullptr, 0};
  Result<void> loaded;
  const UniqueIsolate owned(AllocateIsolate());
  v8::Isolate* const isolate = owned.get();
  {
    v8::SnapshotCreator creator(isolate, params);
    IsolateInitialized(isolate);
    ConfigureIsolate(isolate);
    host.AttachIsolate(isolate);
    isolate->SetData(kIsolateOpHost, &host);
    {
      v8::HandleScope handles(isolate);
      v8::Local<v8::Context> context = v8::Context::New(isolate);
      v8::Context::Scope in_context(context);
      loaded = LoadBuiltins(host, context, &bundle);
      if (loaded.ok()) {
        RT_CHECK(host.has_hooks());
        creator.SetDefaultContext(context);
        RT_CHECK(creator.AddData(context, host.hooks()) == kSnapshotHooks);
      } else {
        creator.SetDefaultContext(context);
      }
    }
    isolate->SetData(kIsolateOpHost, nullptr);
    // Globals do not go into a snapshot.
    host.Shutdown();
    // Compiled code is kept: it is what makes the built-ins start fast.
    blob = creator.CreateBlob(v8::SnapshotCreator::FunctionCodeHandling::kKeep);
  }
  if (!loaded.ok()) {
    delete[] blob.data;
    return loaded.TakeError();
  }
  // Otherwise every process would hash strings with the same seed (security case S45).
  if (!blob.CanBeRehashed()) {
    return Error::Make(ErrorClass::kError, "the snapshot cannot be rehashed");
  }
  return blob;
}

}  // namespace rt
