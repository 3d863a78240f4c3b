// See the header.
#include "src/runtime/features.h"

#include <algorithm>

#include "src/engine/strings.h"
#include "src/runtime/extensions.h"
#include "src/runtime/report.h"

namespace rt {
namespace {

bool IsName(std::string_view name) {
  const auto is_part = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && std::all_of(name.begin(), name.end(), is_part);
}

// {op_x: function}; those of asynchronous ops are what js/bootstrap/ring.js makes of them.
v8::MaybeLocal<v8::Object> MakeOps(OpHost& host, v8::Local<v8::Context> context,
                                   const Extension& extension) {
  v8::Isolate* isolate = host.isolate();
  v8::Local<v8::Object> ops = host.InstallOps(context, extension);
  v8::Local<v8::Value> internals;
  v8::Local<v8::Value> make_async;
  if (!host.hooks()->Get(context, ToInternalized(isolate, "internals")).ToLocal(&internals) ||
      !internals.As<v8::Object>()
           ->Get(context, ToInternalized(isolate, "makeAsyncOp"))
           .ToLocal(&make_async)) {
    return {};
  }
  for (const OpDecl& decl : extension.ops) {
    if (decl.kind != OpKind::kAsync) continue;
    v8::Local<v8::String> name = ToInternalized(isolate, decl.name);
    v8::Local<v8::Value> raw;
    v8::Local<v8::Value> made;
    if (!ops->Get(context, name).ToLocal(&raw)) return {};
    v8::Local<v8::Value> arguments[] = {raw, v8::Integer::New(isolate, decl.arity)};
    if (!make_async.As<v8::Function>()
             ->Call(context, v8::Undefined(isolate), 2, arguments)
             .ToLocal(&made) ||
        !ops->CreateDataProperty(context, name, made).FromMaybe(false)) {
      return {};
    }
  }
  return ops;
}

bool RunScript(OpHost& host, v8::Local<v8::Context> context, const Extension& extension,
               const std::string& text) {
  v8::Isolate* isolate = host.isolate();
  v8::Local<v8::Object> ops;
  v8::Local<v8::String> body;
  if (!MakeOps(host, context, extension).ToLocal(&ops) ||
      // On the first line, so that places are those of the text.
      !TryToV8String(isolate, "'use strict';" + text).ToLocal(&body)) {
    return false;
  }
  v8::ScriptOrigin origin(ToV8String(isolate, "rt:feature/" + std::string(extension.name) + ".js"));
  v8::ScriptCompiler::Source source(body, origin);
  v8::Local<v8::String> parameter = ToInternalized(isolate, "ops");
  v8::Local<v8::Value> arguments[] = {ops};
  v8::Local<v8::Function> run;
  return v8::ScriptCompiler::CompileFunction(context, &source, 1, &parameter).ToLocal(&run) &&
         !run->Call(context, v8::Undefined(isolate), 1, arguments).IsEmpty();
}

}  // namespace

Result<void> Features::Add(const Extension& extension, std::string script) {
  const std::string name(extension.name);
  if (!IsName(name)) {
    return Error::Type("an extension's name is of a-z, 0-9 and _, and not \"" + name + "\"");
  }
  if (extensions.empty()) {
    const std::span<const Extension> own = AllExtensions();
    extensions.assign(own.begin(), own.end());
  }
  for (const Extension& other : extensions) {
    if (other.name == extension.name) {
      return Error::Type("there is an extension named \"" + name + "\" already");
    }
    for (const OpDecl& op : other.ops) {
      const auto is_same = [&](const OpDecl& mine) { return mine.name == op.name; };
      if (std::any_of(extension.ops.begin(), extension.ops.end(), is_same)) {
        return Error::Type("there is an op named \"" + std::string(op.name) + "\" already");
      }
    }
  }
  extensions.push_back(extension);
  // Its functions are not in the snapshot.
  extensions.back().lazy = true;
  scripts.push_back({name, std::move(script)});
  return {};
}

Result<void> RunFeatureScripts(OpHost& host, v8::Local<v8::Context> context,
                               const Features& features) {
  v8::Isolate* isolate = host.isolate();
  for (const Features::Script& script : features.scripts) {
    const auto is_its = [&](const Extension& each) { return each.name == script.extension; };
    const auto extension =
        std::find_if(features.extensions.begin(), features.extensions.end(), is_its);
    RT_CHECK(extension != features.extensions.end());
    v8::HandleScope handles(isolate);
    v8::TryCatch caught(isolate);
    if (RunScript(host, context, *extension, script.text)) continue;
    return Error::Type("the script of the feature \"" + script.extension + "\" failed: " +
                       (caught.HasCaught() ? DescribeException(isolate, caught.Exception())
                                           : std::string("out of memory")));
  }
  return {};
}

}  // namespace rt
