#include "src/engine/exception.h"

#include "src/engine/strings.h"

namespace rt {
namespace {

void Define(v8::Isolate* isolate, v8::Local<v8::Context> context, v8::Local<v8::Object> object,
            std::string_view name, v8::Local<v8::Value> value) {
  // Fresh ordinary objects: defining a property on one cannot fail or run code.
  object->DefineOwnProperty(context, ToInternalized(isolate, name), value).Check();
}

}  // namespace

void ErrorClasses::Initialize(v8::Isolate* isolate, v8::Local<v8::Context> context,
                              v8::Local<v8::Object> prototypes) {
  for (int i = 0; i < kErrorClassCount; ++i) {
    const std::string_view name = ErrorClassName(static_cast<ErrorClass>(i));
    v8::Local<v8::Value> prototype;
    if (prototypes->Get(context, ToInternalized(isolate, name)).ToLocal(&prototype) &&
        prototype->IsObject()) {
      prototypes_[static_cast<size_t>(i)].Reset(isolate, prototype.As<v8::Object>());
    }
  }
}

void ErrorClasses::Reset() {
  for (auto& prototype : prototypes_) prototype.Reset();
  dom_exception_factory_.Reset();
}

v8::Local<v8::Value> ErrorClasses::Make(v8::Isolate* isolate, const Error& error,
                                        bool may_run_js) const {
  v8::Local<v8::Context> context = isolate->GetCurrentContext();
  v8::Local<v8::String> message;
  if (!TryToV8String(isolate, error.message).ToLocal(&message)) {
    message = v8::String::Empty(isolate);
  }
  if (error.error_class == ErrorClass::kDomException && may_run_js &&
      !dom_exception_factory_.IsEmpty()) {
    v8::Local<v8::Value> arguments[] = {message, ToInternalized(isolate, error.code)};
    v8::Local<v8::Value> made;
    if (dom_exception_factory_.Get(isolate)
            ->Call(context, v8::Undefined(isolate), 2, arguments)
            .ToLocal(&made)) {
      return made;
    }
    return v8::Exception::Error(message);  // stack overflow inside the constructor
  }

  v8::Local<v8::Object> exception;
  switch (error.error_class) {
    case ErrorClass::kTypeError:
      exception = v8::Exception::TypeError(message).As<v8::Object>();
      break;
    case ErrorClass::kRangeError:
      exception = v8::Exception::RangeError(message).As<v8::Object>();
      break;
    case ErrorClass::kSyntaxError:
      exception = v8::Exception::SyntaxError(message).As<v8::Object>();
      break;
    case ErrorClass::kReferenceError:
      exception = v8::Exception::ReferenceError(message).As<v8::Object>();
      break;
    default: {
      exception = v8::Exception::Error(message).As<v8::Object>();
      const auto& prototype = prototypes_[static_cast<size_t>(error.error_class)];
      if (!prototype.IsEmpty()) {
        exception->SetPrototypeV2(context, prototype.Get(isolate)).Check();
      }
    }
  }
  if (error.error_class == ErrorClass::kDomException) {
    Define(isolate, context, exception, "name", ToInternalized(isolate, error.code));
    return exception;
  }
  if (!error.code.empty()) {
    Define(isolate, context, exception, "code", ToInternalized(isolate, error.code));
  }
  return exception;
}

}  // namespace rt
