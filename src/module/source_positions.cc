#include "src/module/source_positions.h"

#include "src/engine/isolate.h"
#include "src/engine/strings.h"

namespace rt {
namespace {

// A frame's place before and after mapping.
struct MappedSite {
  v8::Local<v8::Object> site;
  std::string generated;  // ":3:5"
  typescript::SourcePlace original;
};

v8::MaybeLocal<v8::Value> CallMethod(v8::Local<v8::Context> context, v8::Local<v8::Object> object,
                                     const char* name) {
  v8::Local<v8::Value> method;
  if (!object->Get(context, ToInternalized(context->GetIsolate(), name)).ToLocal(&method) ||
      !method->IsFunction()) {
    return {};
  }
  return method.As<v8::Function>()->Call(context, object, 0, nullptr);
}

int NumberFrom(v8::Local<v8::Context> context, v8::Local<v8::Object> site, const char* name) {
  v8::Local<v8::Value> value;
  return CallMethod(context, site, name).ToLocal(&value) && value->IsInt32()
             ? value.As<v8::Int32>()->Value()
             : 0;
}

std::string Suffix(typescript::SourcePlace place) {
  return ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
}

// The frame as V8 writes it, with the mapped place.
std::string FrameText(v8::Local<v8::Context> context, v8::Local<v8::Object> site,
                      const MappedSite* mapped) {
  v8::Local<v8::Value> text;
  if (!CallMethod(context, site, "toString").ToLocal(&text) || !text->IsString()) return "<error>";
  std::string frame = ToUtf8(context->GetIsolate(), text.As<v8::String>());
  if (mapped) {
    if (const size_t at = frame.rfind(mapped->generated); at != std::string::npos) {
      frame.replace(at, mapped->generated.size(), Suffix(mapped->original));
    }
  }
  return frame;
}

void ReturnData(const v8::FunctionCallbackInfo<v8::Value>& info) {
  info.GetReturnValue().Set(info.Data());
}

// For a program's own Error.prepareStackTrace: its call sites answer with places in the source.
void OverrideSite(v8::Local<v8::Context> context, const MappedSite& mapped) {
  v8::Isolate* isolate = context->GetIsolate();
  const std::string text = FrameText(context, mapped.site, &mapped);
  const std::pair<const char*, v8::Local<v8::Value>> answers[] = {
      {"getLineNumber", v8::Integer::New(isolate, mapped.original.line)},
      {"getColumnNumber", v8::Integer::New(isolate, mapped.original.column)},
      {"toString", ToV8String(isolate, text)},
  };
  for (const auto& [name, answer] : answers) {
    v8::Local<v8::Function> method;
    if (v8::Function::New(context, ReturnData, answer, 0, v8::ConstructorBehavior::kThrow)
            .ToLocal(&method)) {
      std::ignore = mapped.site->DefineOwnProperty(context, ToInternalized(isolate, name), method,
                                                   v8::DontEnum);
    }
  }
}

}  // namespace

SourcePositions::SourcePositions(OpHost& host) : host_(host) {
  host.isolate()->SetData(kIsolateSourcePositions, this);
  host.isolate()->SetPrepareStackTraceCallback(PrepareStackTrace);
}

SourcePositions::~SourcePositions() {
  host_.isolate()->SetPrepareStackTraceCallback(nullptr);
  host_.isolate()->SetData(kIsolateSourcePositions, nullptr);
}

SourcePositions* SourcePositions::From(v8::Isolate* isolate) {
  return static_cast<SourcePositions*>(isolate->GetData(kIsolateSourcePositions));
}

void SourcePositions::Add(const std::string& url, std::string source, std::string_view map) {
  Module& module = modules_[url];
  module.source = std::move(source);
  module.map.reset();
  if (map.empty()) return;
  auto parsed = typescript::SourceMap::Parse(map);
  if (!parsed.ok())
    return;  // ours always parse; without one, places are those of the generated code
  module.map = std::move(*parsed);
  changes_places_ = true;
}

void SourcePositions::AddMade(const std::string& url, const std::string& imported_at) {
  made_.emplace(url, imported_at.empty() ? url : url + "\n    at " + imported_at);
  changes_places_ = true;
}

const std::string* SourcePositions::MadeFor(const std::string& url) const {
  const auto found = made_.find(url);
  return found == made_.end() ? nullptr : &found->second;
}

void SourcePositions::AddGenerated(const std::string& url, const std::string& code) {
  if (!keeps_generated_) return;
  const auto module = modules_.find(url);
  if (module != modules_.end() && module->second.map) module->second.generated = code;
}

const std::string* SourcePositions::Generated(const std::string& url) const {
  const auto module = modules_.find(url);
  return module != modules_.end() && module->second.map ? &module->second.generated : nullptr;
}

typescript::SourcePlace SourcePositions::Original(const std::string& url,
                                                  typescript::SourcePlace place) const {
  const auto found = modules_.find(url);
  if (found == modules_.end() || !found->second.map) return place;
  return found->second.map->Original(place).value_or(place);
}

int SourcePositions::OriginalLine(const std::string& url, typescript::SourcePlace place) const {
  const auto found = modules_.find(url);
  if (found == modules_.end() || !found->second.map) return place.line;
  return found->second.map->Original(place).value_or(typescript::SourcePlace()).line;
}

std::optional<std::string> SourcePositions::Line(const std::string& url, int line) const {
  const auto found = modules_.find(url);
  if (found == modules_.end() || line < 1) return std::nullopt;
  const std::string& source = found->second.source;
  size_t start = 0;
  for (; line > 1; --line) {
    start = source.find('\n', start);
    if (start == std::string::npos) return std::nullopt;
    ++start;
  }
  std::string text = source.substr(start, source.find('\n', start) - start);
  if (text.ends_with('\r')) text.pop_back();
  return text;
}

v8::MaybeLocal<v8::Value> SourcePositions::PrepareStackTrace(v8::Local<v8::Context> context,
                                                             v8::Local<v8::Value> error,
                                                             v8::Local<v8::Array> sites) {
  v8::Isolate* isolate = context->GetIsolate();
  SourcePositions* self = From(isolate);
  if (!self) return v8::String::Empty(isolate);
  std::vector<v8::Local<v8::Object>> frames;
  std::vector<std::optional<MappedSite>> mapped(sites->Length());
  std::vector<const std::string*> made(sites->Length());
  for (uint32_t i = 0; i < sites->Length(); ++i) {
    v8::Local<v8::Value> value;
    if (!sites->Get(context, i).ToLocal(&value)) return {};
    v8::Local<v8::Object> site = value.As<v8::Object>();
    frames.push_back(site);
    if (!self->changes_places_) continue;
    v8::Local<v8::Value> name;
    if (!CallMethod(context, site, "getScriptNameOrSourceURL").ToLocal(&name)) return {};
    if (!name->IsString()) continue;
    const std::string url = ToUtf8(isolate, name.As<v8::String>());
    made[i] = self->MadeFor(url);
    const auto module = self->modules_.find(url);
    if (module == self->modules_.end() || !module->second.map) continue;
    const typescript::SourcePlace place{NumberFrom(context, site, "getLineNumber"),
                                        NumberFrom(context, site, "getColumnNumber")};
    if (auto original = module->second.map->Original(place)) {
      mapped[i] = MappedSite{site, Suffix(place), *original};
    }
  }

  // V8 leaves a program's own formatter to us once there is a callback.
  v8::Local<v8::Value> error_class;
  v8::Local<v8::Value> formatter;
  if (context->Global()->Get(context, ToInternalized(isolate, "Error")).ToLocal(&error_class) &&
      error_class->IsObject() &&
      error_class.As<v8::Object>()
          ->Get(context, ToInternalized(isolate, "prepareStackTrace"))
          .ToLocal(&formatter) &&
      formatter->IsFunction()) {
    for (const auto& site : mapped) {
      if (site) OverrideSite(context, *site);
    }
    v8::Local<v8::Value> arguments[] = {error, sites};
    return formatter.As<v8::Function>()->Call(context, error_class, 2, arguments);
  }

  std::string text = "<error>";
  {
    v8::TryCatch caught(isolate);
    v8::Local<v8::Value> hook;
    v8::Local<v8::Value> heading;
    if (self->host_.has_hooks() &&
        self->host_.hooks()
            ->Get(context, ToInternalized(isolate, "errorToString"))
            .ToLocal(&hook) &&
        hook->IsFunction() &&
        hook.As<v8::Function>()
            ->Call(context, v8::Undefined(isolate), 1, &error)
            .ToLocal(&heading) &&
        heading->IsString()) {
      text = ToUtf8(isolate, heading.As<v8::String>());
    }
    if (caught.HasTerminated()) {
      caught.ReThrow();
      return {};
    }
  }
  for (size_t i = 0; i < frames.size(); ++i) {
    text += "\n    at " +
            (made[i] ? *made[i] : FrameText(context, frames[i], mapped[i] ? &*mapped[i] : nullptr));
  }
  return ToV8String(isolate, text);
}

}  // namespace rt
