#include "src/engine/gc_object.h"

#include "src/engine/strings.h"

namespace rt {

GcObject* UnwrapAnyGc(v8::Isolate* isolate, v8::Local<v8::Value> value) {
  if (!value->IsObject() || !value.As<v8::Object>()->IsApiWrapper()) return nullptr;
  return v8::Object::Unwrap<kGcObjectTag, GcObject>(isolate, value.As<v8::Object>());
}

v8::Local<v8::FunctionTemplate> GcWrapperTemplate(v8::Isolate* isolate, const char* class_name) {
  v8::Local<v8::FunctionTemplate> made = v8::FunctionTemplate::New(isolate);
  made->SetClassName(ToInternalized(isolate, class_name));
  return made;
}

}  // namespace rt
