// GcObject: what unwraps and what does not, and when objects die.
#include "src/engine/gc_object.h"

#include <cppgc/member.h>
#include <cppgc/persistent.h>

#include <algorithm>
#include <string>
#include <vector>

#include "fixture.h"

namespace rt {
namespace {

using Lines = std::vector<std::string>;

class Leaf final : public GcObject {
 public:
  Leaf(Lines& lines, std::string name)
      : GcObject(GcTypeIdOf<Leaf>()), lines_(lines), name_(std::move(name)) {}
  ~Leaf() override { lines_.push_back(name_); }
  const char* GetHumanReadableName() const override { return "Leaf"; }
  const std::string& name() const { return name_; }

 private:
  Lines& lines_;
  std::string name_;
};

class Branch final : public GcObject {
 public:
  explicit Branch(Leaf* leaf) : GcObject(GcTypeIdOf<Branch>()), leaf_(leaf) {}
  void Trace(cppgc::Visitor* visitor) const override { visitor->Trace(leaf_); }
  const char* GetHumanReadableName() const override { return "Branch"; }
  Leaf* leaf() const { return leaf_; }

 private:
  cppgc::Member<Leaf> leaf_;
};

class GcObjectTest : public EngineFixture {
 protected:
  v8::Local<v8::Object> Wrapper(GcObject* object) {
    v8::Local<v8::Object> wrapper = GcWrapperTemplate(isolate(), object->GetHumanReadableName())
                                        ->GetFunction(context())
                                        .ToLocalChecked()
                                        ->NewInstance(context())
                                        .ToLocalChecked();
    WrapGc(isolate(), wrapper, object);
    return wrapper;
  }
  Lines died;  // TearDown disposes of the heap while this is still there
};

TEST_F(GcObjectTest, UnwrapsTheRightTypeOnly) {
  v8::HandleScope handles(isolate());
  Leaf* leaf = MakeGc<Leaf>(isolate(), died, "a");
  Branch* branch = MakeGc<Branch>(isolate(), leaf);
  v8::Local<v8::Object> leaf_wrapper = Wrapper(leaf);
  v8::Local<v8::Object> branch_wrapper = Wrapper(branch);
  EXPECT_EQ(UnwrapGc<Leaf>(isolate(), leaf_wrapper), leaf);
  EXPECT_EQ(UnwrapGc<Branch>(isolate(), branch_wrapper), branch);
  EXPECT_EQ(UnwrapGc<Branch>(isolate(), leaf_wrapper), nullptr);
  EXPECT_EQ(UnwrapGc<Leaf>(isolate(), branch_wrapper), nullptr);
  EXPECT_EQ(UnwrapAnyGc(isolate(), branch_wrapper), branch);
}

TEST_F(GcObjectTest, NothingElseUnwraps) {
  v8::HandleScope handles(isolate());
  SetGlobal("leaf", Wrapper(MakeGc<Leaf>(isolate(), died, "a")));
  // An instance of an API template that nothing was wrapped into, with and without internal fields.
  v8::Local<v8::ObjectTemplate> plain = v8::ObjectTemplate::New(isolate());
  SetGlobal("unwrapped", plain->NewInstance(context()).ToLocalChecked());
  v8::Local<v8::ObjectTemplate> fields = v8::ObjectTemplate::New(isolate());
  fields->SetInternalFieldCount(2);
  v8::Local<v8::Object> with_fields = fields->NewInstance(context()).ToLocalChecked();
  int something = 0;
  with_fields->SetAlignedPointerInInternalField(0, &something);
  SetGlobal("fields", with_fields);
  SetGlobal("unwrapped2", GcWrapperTemplate(isolate(), "Leaf")
                              ->GetFunction(context())
                              .ToLocalChecked()
                              ->NewInstance(context())
                              .ToLocalChecked());
  SetGlobal("external", v8::External::New(isolate(), &something));
  for (const char* source :
       {"undefined",
        "null",
        "1",
        "'text'",
        "1n",
        "Symbol()",
        "({})",
        "[]",
        "() => 1",
        "new Proxy(leaf, {})",
        "Object.create(leaf)",
        "globalThis",
        "unwrapped",
        "unwrapped2",
        "fields",
        "external",
        "new Uint8Array(1)",
        "new ArrayBuffer(1)",
        "new DataView(new ArrayBuffer(1))",
        "new Map()",
        "new Date()",
        "/x/",
        "new Error()",
        "Promise.resolve()",
        "new WeakRef(leaf)",
        "(function() { return arguments; })(1)",
        "(function*() {})()",
        "new Intl.NumberFormat()",
        "typeof WebAssembly === 'object' ? new WebAssembly.Memory({initial: 1}) : 1"}) {
    EXPECT_EQ(UnwrapAnyGc(isolate(), Eval(source)), nullptr) << source;
    EXPECT_EQ(UnwrapGc<Leaf>(isolate(), Eval(source)), nullptr) << source;
  }
  EXPECT_NE(UnwrapGc<Leaf>(isolate(), Eval("leaf")), nullptr);
}

TEST_F(GcObjectTest, IsCollectedWhenItsWrapperIsUnreachable) {
  {
    v8::HandleScope handles(isolate());
    SetGlobal("kept", Wrapper(MakeGc<Leaf>(isolate(), died, "kept")));
    Wrapper(MakeGc<Leaf>(isolate(), died, "dropped"));
  }
  CollectGarbage();
  EXPECT_EQ(died, Lines{"dropped"});
  {
    v8::HandleScope handles(isolate());
    EXPECT_EQ(UnwrapGc<Leaf>(isolate(), Eval("kept"))->name(), "kept");
    Eval("kept = null");
  }
  CollectGarbage();
  EXPECT_EQ(died, (Lines{"dropped", "kept"}));
}

TEST_F(GcObjectTest, TracedMembersLiveAsLongAsTheirOwner) {
  {
    v8::HandleScope handles(isolate());
    SetGlobal("branch", Wrapper(MakeGc<Branch>(isolate(), MakeGc<Leaf>(isolate(), died, "leaf"))));
  }
  CollectGarbage();
  EXPECT_TRUE(died.empty());
  {
    v8::HandleScope handles(isolate());
    EXPECT_EQ(UnwrapGc<Branch>(isolate(), Eval("branch"))->leaf()->name(), "leaf");
    Eval("branch = null");
  }
  CollectGarbage();
  EXPECT_EQ(died, Lines{"leaf"});
}

TEST_F(GcObjectTest, APersistentKeepsItWithoutAWrapper) {
  cppgc::Persistent<Leaf> held = MakeGc<Leaf>(isolate(), died, "held");
  CollectGarbage();
  EXPECT_TRUE(died.empty());
  EXPECT_EQ(held->name(), "held");
  held.Clear();
  CollectGarbage();
  EXPECT_EQ(died, Lines{"held"});
}

TEST_F(GcObjectTest, CyclesThroughBothHeapsAreCollected) {
  {
    v8::HandleScope handles(isolate());
    v8::Local<v8::Object> wrapper = Wrapper(MakeGc<Leaf>(isolate(), died, "cycle"));
    wrapper->Set(context(), ToV8String(isolate(), "self"), wrapper).Check();
  }
  CollectGarbage();
  EXPECT_EQ(died, Lines{"cycle"});
}

TEST(GcObject, EverythingIsDestroyedWithTheIsolate) {
  Lines died;
  {
    UniqueIsolate isolate = NewIsolate({});
    v8::Isolate::Scope entered(isolate.get());
    cppgc::Persistent<Leaf> held = MakeGc<Leaf>(isolate.get(), died, "held");
    (void)MakeGc<Leaf>(isolate.get(), died, "loose");
  }
  std::sort(died.begin(), died.end());
  EXPECT_EQ(died, (Lines{"held", "loose"}));
}

}  // namespace
}  // namespace rt
