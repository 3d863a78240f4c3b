// Converters must never run what a script wrote: each case plants code where a careless converter
// would trip over it, and counts.
#include <gtest/gtest.h>

#include "fixture.h"

namespace rt {
namespace {

class UserCodeTest : public OpFixture {
 protected:
  void SetUp() override {
    OpFixture::SetUp();
    Run("var ran = 0; function trap() { ++ran; return 'x'; }");
  }
  void ExpectSilent(const std::string& source, const std::string& outcome) {
    EXPECT_EQ(Run(source), outcome) << source;
    EXPECT_EQ(Run("ran"), "0") << source;
  }
};

TEST_F(UserCodeTest, Coercions) {
  Run("var tricky = {toString: trap, valueOf: trap, toJSON: trap, [Symbol.toPrimitive]: trap};");
  ExpectSilent("ops.op_string(tricky)",
               "threw: TypeError: op_string: argument 1 must be a string, not an object");
  ExpectSilent("ops.op_i32(tricky)",
               "threw: TypeError: op_i32: argument 1 must be a 32-bit integer, not an object");
  ExpectSilent("ops.op_strings([tricky])",
               "threw: TypeError: op_strings: argument 1 must be a string, not an object");
}

TEST_F(UserCodeTest, GettersOfArrays) {
  ExpectSilent("var a = ['a', 'b']; Object.defineProperty(a, 1, {get: trap}); ops.op_strings(a)",
               "threw: TypeError: op_strings: argument 1 must be a dense array, not an array");
  ExpectSilent("var n = [[1]]; Object.defineProperty(n[0], 0, {get: trap}); ops.op_nested(n)",
               "threw: TypeError: op_nested: argument 1 must be a dense array, not an array");
  // The refusal leaves nothing behind.
  EXPECT_EQ(Run("ops.op_strings(['fine'])"), "fine");
  EXPECT_EQ(Run("trap()"), "x");
}

TEST_F(UserCodeTest, HolesAndPrototypesOfArrays) {
  Run("Object.defineProperty(Array.prototype, 1, {get: trap, configurable: true});"
      "Object.defineProperty(Object.prototype, 0, {get: trap, configurable: true});");
  ExpectSilent("ops.op_strings(['a', , 'c'])",
               "threw: TypeError: op_strings: argument 1 must be a dense array, not an array");
  ExpectSilent("ops.op_strings([, 'b'])",
               "threw: TypeError: op_strings: argument 1 must be a dense array, not an array");
  ExpectSilent("ops.op_pair().length", "2");
}

TEST_F(UserCodeTest, IterationAndLength) {
  Run("Array.prototype[Symbol.iterator] = trap;"
      "var sub = new (class extends Array { get length() { return trap(), 0; } })('a', 'b');"
      "Object.defineProperty(sub, 'constructor', {get: trap});");
  ExpectSilent("ops.op_strings(sub)[1]", "b");
}

TEST_F(UserCodeTest, Proxies) {
  Run("var handler = {get: trap, has: trap, getOwnPropertyDescriptor: trap, ownKeys: trap,"
      "  getPrototypeOf: trap};");
  ExpectSilent("ops.op_strings(new Proxy([], handler))",
               "threw: TypeError: op_strings: argument 1 must be an array, not an object");
  ExpectSilent("ops.op_struct(new Proxy({hostName: 'h', port: 1, reusePort: true}, handler))",
               "threw: TypeError: op_struct: argument 1 must be an object, not an object");
  ExpectSilent(
      "ops.op_gc(new Proxy({}, handler))",
      "threw: TypeError: op_gc: argument 1 must be an object of the right class, not an object");
  ExpectSilent("ops.op_bytes_text(new Proxy(new Uint8Array(1), handler))",
               "threw: TypeError: op_bytes_text: argument 1 must be a buffer, not an object");
  ExpectSilent("typeof ops.op_object(new Proxy({}, handler))", "object");
}

TEST_F(UserCodeTest, Structs) {
  ExpectSilent("ops.op_struct({get hostName() { return trap(); }, port: 1, reusePort: true})",
               "threw: TypeError: op_struct: missing property 'hostName'");
  Run("Object.defineProperty(Object.prototype, 'reusePort', {get: trap, configurable: true});"
      "Object.prototype.port = 9;");
  ExpectSilent("ops.op_struct({hostName: 'h', reusePort: true})",
               "threw: TypeError: op_struct: missing property 'port'");
  ExpectSilent("ops.op_struct({hostName: 'h', port: 1})",
               "threw: TypeError: op_struct: missing property 'reusePort'");
  ExpectSilent("ops.op_struct(Object.create({hostName: 'h', port: 1, reusePort: true}))",
               "threw: TypeError: op_struct: missing property 'hostName'");
}

TEST_F(UserCodeTest, SettersWhileMakingResults) {
  Run("for (const name of ['hostName', 'port', 'reusePort', 'code', 'name', 'message', '0', '1'])"
      "  Object.defineProperty(Object.prototype, name, {set: trap, configurable: true});");
  ExpectSilent("ops.op_struct({hostName: 'h', port: 1, reusePort: null})", "[object Object]");
  ExpectSilent("ops.op_pair()[1]", "seven");
  ExpectSilent("try { ops.op_fails(3) } catch (e) { e.code }", "ENOENT");
  ExpectSilent("try { ops.op_fails(4) } catch (e) { e.name }", "AbortError");
}

TEST_F(UserCodeTest, BufferProperties) {
  Run("var b = new Uint8Array([1, 2, 3]);"
      "for (const name of ['length', 'byteLength', 'byteOffset', 'buffer', 'constructor'])"
      "  Object.defineProperty(b, name, {get: trap});"
      "Object.defineProperty(Uint8Array.prototype, Symbol.toStringTag, {get: trap});");
  ExpectSilent("ops.op_span_sum(b, 0)", "6");
  ExpectSilent("ops.op_bytes_text(b).length", "3");
}

TEST_F(UserCodeTest, PrepareStackTraceIsNotNeeded) {
  Run("Error.prepareStackTrace = trap; Error.captureStackTrace = trap;");
  EXPECT_EQ(Run("ops.op_string(1)"),
            "threw: TypeError: op_string: argument 1 must be a string, not a number");
}

}  // namespace
}  // namespace rt
