// GcObject: the base of C++ objects whose life V8's collector decides (cppgc), seen from JavaScript
// through a wrapper object. Rules: a destructor touches no other GC object and no JavaScript;
// members that are GC objects are cppgc::Member and traced. V8's unwrap does not compare tags in
// this build (no sandbox), so every object carries our own type id and Unwrap<T> compares that.
#pragma once

#include <cppgc/allocation.h>
#include <cppgc/garbage-collected.h>
#include <cppgc/name-provider.h>
#include <cppgc/visitor.h>
#include <v8-cppgc.h>
#include <v8.h>

#include <utility>

namespace rt {

class GcObject : public cppgc::GarbageCollected<GcObject>, public cppgc::NameProvider {
 public:
  using GcTypeId = const void*;

  virtual ~GcObject() = default;
  virtual void Trace(cppgc::Visitor*) const {}
  // The class name of the wrapper, also shown in heap snapshots.
  const char* GetHumanReadableName() const override = 0;

  GcTypeId gc_type_id() const { return gc_type_id_; }

 protected:
  explicit GcObject(GcTypeId type_id) : gc_type_id_(type_id) {}

 private:
  GcTypeId gc_type_id_;
};

inline constexpr v8::CppHeapPointerTag kGcObjectTag = static_cast<v8::CppHeapPointerTag>(0x0100);

template <class T>
GcObject::GcTypeId GcTypeIdOf() {
  static constexpr char kAnchor = 0;
  return &kAnchor;
}

// Makes a T on the isolate's C++ heap.
template <class T, class... A>
T* MakeGc(v8::Isolate* isolate, A&&... arguments) {
  return cppgc::MakeGarbageCollected<T>(isolate->GetCppHeap()->GetAllocationHandle(),
                                        std::forward<A>(arguments)...);
}

// Ties a wrapper to an object; `wrapper` must come from a template made by GcWrapperTemplate.
inline void WrapGc(v8::Isolate* isolate, v8::Local<v8::Object> wrapper, GcObject* object) {
  v8::Object::Wrap<kGcObjectTag>(isolate, wrapper, object);
}

// The GcObject behind any value, or null: for plain objects, proxies and other wrappers too.
GcObject* UnwrapAnyGc(v8::Isolate* isolate, v8::Local<v8::Value> value);

// The T behind a value, or null when there is none or it is of another type.
template <class T>
T* UnwrapGc(v8::Isolate* isolate, v8::Local<v8::Value> value) {
  GcObject* object = UnwrapAnyGc(isolate, value);
  return object && object->gc_type_id() == GcTypeIdOf<T>() ? static_cast<T*>(object) : nullptr;
}

// A function template whose instances can wrap; without a prototype chain of its own: JavaScript
// classes hold such an object in a private field.
v8::Local<v8::FunctionTemplate> GcWrapperTemplate(v8::Isolate* isolate, const char* class_name);

}  // namespace rt
