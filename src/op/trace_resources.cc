// See the header.
#include "src/op/trace_resources.h"

#include "src/engine/strings.h"
#include "src/op/trace_values.h"

namespace rt {
namespace {

std::string NameResource(ResourceTable& resources, Rid rid) {
  std::string text = ",\"rid\":" + std::to_string(rid);
  if (auto found = resources.Get(rid); found.ok()) {
    text += ",\"resource\":";
    AppendJsonString(&text, (*found)->name());
  }
  return text;
}

}  // namespace

std::string DescribeResource(ResourceTable& resources, const OpDecl& op,
                             std::span<const TraceValue> arguments, std::string* in_words) {
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (std::string_view(op.argument_types[i]) != "rid") continue;
    const TraceValue& argument = arguments[i];
    double number = -1;
    if (argument.kind == TraceValue::Kind::kNumber) {
      number = argument.number;
    } else if (argument.kind == TraceValue::Kind::kValue && argument.value->IsUint32()) {
      number = argument.value.As<v8::Uint32>()->Value();
    }
    if (!(number >= 0 && number <= UINT32_MAX)) return {};
    const Rid rid = static_cast<Rid>(number);
    if (auto found = resources.Get(rid); found.ok()) {
      *in_words += " " + std::string((*found)->name()) + " (rid " + std::to_string(rid) + ")";
    }
    return NameResource(resources, rid);
  }
  return {};
}

std::string DescribeMade(ResourceTable& resources, v8::Isolate* isolate, const TraceFrame& frame,
                         const TraceValue& result) {
  if (resources.size() <= frame.resources) return {};
  if (result.kind != TraceValue::Kind::kValue || result.value.IsEmpty()) return {};
  v8::Local<v8::Value> rid = result.value;
  if (rid->IsObject() && !rid->IsProxy()) {
    v8::Local<v8::Context> context = isolate->GetCurrentContext();
    v8::Local<v8::String> name = ToInternalized(isolate, "rid");
    v8::TryCatch refused(isolate);
    if (!rid.As<v8::Object>()->GetRealNamedProperty(context, name).ToLocal(&rid)) return {};
  }
  if (!rid->IsUint32()) return {};
  const Rid number = rid.As<v8::Uint32>()->Value();
  return resources.Get(number).ok() ? NameResource(resources, number) : std::string();
}

}  // namespace rt
