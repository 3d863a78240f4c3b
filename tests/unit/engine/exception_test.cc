// ErrorClasses: rt::Error to exception objects, with and without the classes of the bootstrap.
#include "src/engine/exception.h"

#include "fixture.h"

namespace rt {
namespace {

class ExceptionTest : public EngineFixture {
 protected:
  void TearDown() override {
    classes.Reset();
    EngineFixture::TearDown();
  }
  // What `source` says about `e`, the exception made of the error.
  std::string Ask(const Error& error, const std::string& source, bool may_run_js = true) {
    v8::HandleScope handles(isolate());
    SetGlobal("e", classes.Make(isolate(), error, may_run_js));
    return EvalText(source);
  }
  void Initialize() {
    v8::HandleScope handles(isolate());
    v8::Local<v8::Value> prototypes = Eval(
        "class NotFound extends Error { get name() { return 'NotFound'; } }"
        "class Mine extends Error {}"
        "({NotFound: NotFound.prototype, NotCapable: 'no object', Mine: Mine.prototype})");
    classes.Initialize(isolate(), context(), prototypes.As<v8::Object>());
  }
  ErrorClasses classes;
};

TEST_F(ExceptionTest, EcmascriptClassesNeedNoBootstrap) {
  EXPECT_EQ(Ask(Error::Type("m"), "e instanceof TypeError && e.message"), "m");
  EXPECT_EQ(Ask(Error::Range("m"), "e instanceof RangeError && e.name"), "RangeError");
  EXPECT_EQ(Ask(Error::Make(ErrorClass::kSyntaxError, "m"), "e instanceof SyntaxError"), "true");
  EXPECT_EQ(Ask(Error::Make(ErrorClass::kReferenceError, "m"), "e instanceof ReferenceError"),
            "true");
  EXPECT_EQ(Ask(Error::Make(ErrorClass::kError, "m"), "e.constructor === Error"), "true");
}

TEST_F(ExceptionTest, OwnClassesComeFromTheirPrototypes) {
  const Error error = Error::FromErrno(ENOENT, "open", "x");
  EXPECT_EQ(Ask(error, "String(e)"), "Error: No such file or directory (os error 2): open 'x'");
  Initialize();
  EXPECT_EQ(Ask(error, "String(e)"), "NotFound: No such file or directory (os error 2): open 'x'");
  EXPECT_EQ(Ask(error, "e instanceof NotFound && e instanceof Error"), "true");
  EXPECT_EQ(Ask(error, "typeof e.stack"), "string");
  // What is no object was no prototype.
  EXPECT_EQ(Ask(Error::Make(ErrorClass::kNotCapable, "m"),
                "Object.getPrototypeOf(e) === Error.prototype"),
            "true");
}

TEST_F(ExceptionTest, CodeIsAnOwnPropertyOnlyWhereThereIsOne) {
  EXPECT_EQ(
      Ask(Error::FromErrno(ENOENT), "JSON.stringify(Object.getOwnPropertyDescriptor(e, 'code'))"),
      "{\"value\":\"ENOENT\",\"writable\":true,\"enumerable\":true,\"configurable\":true}");
  EXPECT_EQ(Ask(Error::Type("m"), "'code' in e"), "false");
}

TEST_F(ExceptionTest, DomExceptionsComeFromTheFactory) {
  const Error error = Error::Dom("AbortError", "gone");
  EXPECT_EQ(Ask(error, "e.name + ':' + e.message"), "AbortError:gone");
  {
    v8::HandleScope handles(isolate());
    classes.SetDomExceptionFactory(
        isolate(), Eval("(message, name) => ({made: name + '/' + message})").As<v8::Function>());
  }
  EXPECT_EQ(Ask(error, "e.made"), "AbortError/gone");
  EXPECT_EQ(Ask(error, "e.name", /*may_run_js=*/false), "AbortError");
  EXPECT_EQ(Ask(error, "e instanceof Error", /*may_run_js=*/false), "true");
}

TEST_F(ExceptionTest, AFactoryThatThrowsStillGivesAnError) {
  {
    v8::HandleScope handles(isolate());
    classes.SetDomExceptionFactory(isolate(),
                                   Eval("() => { throw new Error('inside') }").As<v8::Function>());
  }
  v8::HandleScope handles(isolate());
  v8::TryCatch caught(isolate());
  v8::Local<v8::Value> made = classes.Make(isolate(), Error::Dom("AbortError", "gone"));
  ASSERT_TRUE(made->IsNativeError());
}

TEST_F(ExceptionTest, AMessageWithAnyBytes) {
  EXPECT_EQ(Ask(Error::Type(std::string("a\0b\xff", 4)), "e.message.length"), "4");
  EXPECT_EQ(Ask(Error::Type("\xc3\xa9"), "e.message"), "\xc3\xa9");
  EXPECT_EQ(Ask(Error::Type(""), "e.message"), "");
}

TEST_F(ExceptionTest, ThrowIsCatchable) {
  v8::HandleScope handles(isolate());
  v8::TryCatch caught(isolate());
  classes.Throw(isolate(), Error::Type("thrown"));
  ASSERT_TRUE(caught.HasCaught());
  EXPECT_EQ(ToUtf8(isolate(), caught.Message()->Get()), "Uncaught TypeError: thrown");
}

}  // namespace
}  // namespace rt
