// Every argument and result type: what is accepted, and the exact words for what is not.
#include <gtest/gtest.h>

#include "fixture.h"

namespace rt {
namespace {

using ConvertTest = OpFixture;

struct Case {
  const char* source;
  const char* expected;
};

TEST_F(ConvertTest, Accepts) {
  const Case cases[] = {
      {"ops.op_bool(true)", "true"},
      {"ops.op_bool(false)", "false"},
      {"ops.op_i32(-2147483648)", "-2147483648"},
      {"ops.op_i32(2147483647)", "2147483647"},
      {"ops.op_i32(4.0)", "4"},
      {"ops.op_u32(4294967295)", "4294967295"},
      {"ops.op_f64(0.1)", "0.1"},
      {"ops.op_f64(NaN)", "NaN"},
      {"Object.is(ops.op_f64(-0), -0)", "true"},
      {"ops.op_f64(Infinity)", "Infinity"},
      {"ops.op_i64(9007199254740992)", "9007199254740992"},
      {"ops.op_i64(-9007199254740992)", "-9007199254740992"},
      {"ops.op_i64(123n)", "123"},
      {"ops.op_i64(2n ** 62n)", "4611686018427388000"},
      {"ops.op_u64_max()", "9007199254740992"},
      {"ops.op_string('')", ""},
      {"ops.op_string('h\\u00e9\\u{1f600}')", "h\xc3\xa9\xf0\x9f\x98\x80"},
      {"ops.op_string('a\\0b').length", "3"},
      {"ops.op_hex('\\u00e9\\u{1f600}')", "c3a9f09f9880"},
      {"ops.op_hex('\\ud800')", "efbfbd"},  // a lone surrogate
      {"ops.op_hex('a\\udc00b')", "61efbfbd62"},
      {"ops.op_string('x'.repeat(100000)).length", "100000"},
      {"ops.op_optional(undefined)", "null"},
      {"ops.op_optional(null)", "null"},
      {"ops.op_optional()", "null"},
      {"ops.op_optional('a')", "a"},
      {"JSON.stringify(ops.op_strings([]))", "[]"},
      {"JSON.stringify(ops.op_strings(['a', 'b']))", "[\"a\",\"b\"]"},
      {"JSON.stringify(ops.op_nested([[1, 2], [], [3]]))", "[[1,2],[],[3]]"},
      {"JSON.stringify(ops.op_pair())", "[7,\"seven\"]"},
      {"JSON.stringify(ops.op_struct({hostName: 'h', port: 1, reusePort: true}))",
       "{\"hostName\":\"h\",\"port\":1,\"reusePort\":true}"},
      {"JSON.stringify(ops.op_struct({reusePort: undefined, port: 1, hostName: '', more: 1}))",
       "{\"hostName\":\"\",\"port\":1,\"reusePort\":null}"},
      {"ops.op_any(undefined)", "undefined"},
      {"ops.op_any(Symbol('x'))", "a symbol"},
      {"typeof ops.op_object({})", "object"},
      {"typeof ops.op_object(() => 1)", "function"},
      {"ops.op_function(() => 1)()", "1"},
      {"ops.op_local_string('x')", "x"},
      {"ops.op_array([1, 2]).length", "2"},
  };
  for (const Case& each : cases) EXPECT_EQ(Run(each.source), each.expected) << each.source;
}

TEST_F(ConvertTest, RefusesInExactWords) {
  const Case cases[] = {
      {"ops.op_bool(1)", "op_bool: argument 1 must be a boolean, not a number"},
      {"ops.op_bool()", "op_bool: argument 1 must be a boolean, not undefined"},
      {"ops.op_bool(new Boolean(true))", "op_bool: argument 1 must be a boolean, not an object"},
      {"ops.op_i32(2147483648)", "op_i32: argument 1 must be a 32-bit integer, not a number"},
      {"ops.op_i32(1.5)", "op_i32: argument 1 must be a 32-bit integer, not a number"},
      {"ops.op_i32('1')", "op_i32: argument 1 must be a 32-bit integer, not a string"},
      {"ops.op_i32(1n)", "op_i32: argument 1 must be a 32-bit integer, not a bigint"},
      {"ops.op_i32(NaN)", "op_i32: argument 1 must be a 32-bit integer, not a number"},
      {"ops.op_u32(-1)", "op_u32: argument 1 must be an unsigned 32-bit integer, not a number"},
      {"ops.op_u32(4294967296)",
       "op_u32: argument 1 must be an unsigned 32-bit integer, not a number"},
      {"ops.op_u32(null)", "op_u32: argument 1 must be an unsigned 32-bit integer, not null"},
      {"ops.op_f64('1')", "op_f64: argument 1 must be a number, not a string"},
      {"ops.op_f64(1n)", "op_f64: argument 1 must be a number, not a bigint"},
      {"ops.op_i64(0.5)", "op_i64: argument 1 must be a 64-bit integer, not a number"},
      {"ops.op_i64(9007199254740994)", "op_i64: argument 1 must be a 64-bit integer, not a number"},
      {"ops.op_i64(NaN)", "op_i64: argument 1 must be a 64-bit integer, not a number"},
      {"ops.op_i64(2n ** 63n)", "op_i64: argument 1 must be a 64-bit integer, not a bigint"},
      {"ops.op_string(1)", "op_string: argument 1 must be a string, not a number"},
      {"ops.op_string(Symbol())", "op_string: argument 1 must be a string, not a symbol"},
      {"ops.op_string(new String('a'))", "op_string: argument 1 must be a string, not an object"},
      {"ops.op_string([])", "op_string: argument 1 must be a string, not an array"},
      {"ops.op_string(() => 1)", "op_string: argument 1 must be a string, not a function"},
      {"ops.op_string(true)", "op_string: argument 1 must be a string, not a boolean"},
      {"ops.op_optional(1)", "op_optional: argument 1 must be a string, not a number"},
      {"ops.op_strings('ab')", "op_strings: argument 1 must be an array, not a string"},
      {"ops.op_strings({length: 0})", "op_strings: argument 1 must be an array, not an object"},
      {"ops.op_strings(['a', 1])", "op_strings: argument 1 must be a string, not a number"},
      {"ops.op_strings(['a', , 'c'])",
       "op_strings: argument 1 must be a dense array, not an array"},
      {"ops.op_nested([[1], 2])", "op_nested: argument 1 must be an array, not a number"},
      {"ops.op_span_sum('x', 1)", "op_span_sum: argument 1 must be a buffer, not a string"},
      {"ops.op_two_spans(new Uint8Array(1), 1)",
       "op_two_spans: argument 2 must be a buffer, not a number"},
      {"ops.op_bytes_text([1])", "op_bytes_text: argument 1 must be a buffer, not an array"},
      {"ops.op_object(1)", "op_object: argument 1 must be an object, not a number"},
      {"ops.op_object(null)", "op_object: argument 1 must be an object, not null"},
      {"ops.op_function({})", "op_function: argument 1 must be a function, not an object"},
      {"ops.op_local_string(1)", "op_local_string: argument 1 must be a string, not a number"},
      {"ops.op_array({})", "op_array: argument 1 must be an array, not an object"},
      {"ops.op_struct(1)", "op_struct: argument 1 must be an object, not a number"},
      {"ops.op_struct({})", "op_struct: missing property 'hostName'"},
      {"ops.op_struct({hostName: 'h', port: 1})", "op_struct: missing property 'reusePort'"},
      {"ops.op_struct({hostName: 'h', port: -1, reusePort: null})",
       "op_struct: argument 1 must be an unsigned 32-bit integer, not a number"},
      {"ops.op_gc({})", "op_gc: argument 1 must be an object of the right class, not an object"},
      {"ops.op_gc(null)", "op_gc: argument 1 must be an object of the right class, not null"},
      {"ops.op_ref('0')", "op_ref: argument 1 must be a resource id, not a string"},
      {"ops.op_ref(-1)", "op_ref: argument 1 must be a resource id, not a number"},
      {"ops.op_ref(2 ** 32)", "op_ref: argument 1 must be a resource id, not a number"},
  };
  for (const Case& each : cases) {
    const int before = state().calls;
    EXPECT_EQ(Run(each.source), std::string("threw: TypeError: ") + each.expected) << each.source;
    EXPECT_EQ(state().calls, before) << each.source;
  }
}

TEST_F(ConvertTest, LeftToRightAndTheFirstFailureWins) {
  EXPECT_EQ(Run("ops.op_three(1, -1, 1)"),
            "threw: TypeError: op_three: argument 1 must be a string, not a number");
  EXPECT_EQ(
      Run("ops.op_three('', -1, 1)"),
      "threw: TypeError: op_three: argument 2 must be an unsigned 32-bit integer, not a number");
  EXPECT_EQ(Run("ops.op_three('', 1, 1)"),
            "threw: TypeError: op_three: argument 3 must be a boolean, not a number");
  EXPECT_EQ(Run("ops.op_three('', 1, true, 'more')"), "undefined");
  EXPECT_EQ(state().calls, 1);
}

TEST_F(ConvertTest, AGcObjectComesBackFromItsWrapperOnly) {
  EXPECT_EQ(Run("ops.op_gc(ops.op_make_gc())"), "true");
  for (const char* other : {"Object.create(ops.op_make_gc())", "new Proxy(ops.op_make_gc(), {})",
                            "Object.setPrototypeOf({}, ops.op_make_gc())", "globalThis"}) {
    EXPECT_EQ(Run(std::string("ops.op_gc(") + other + ")").substr(0, 16), "threw: TypeError")
        << other;
  }
}

TEST_F(ConvertTest, HugeLists) {
  EXPECT_EQ(Run("const huge = []; for (let i = 0; i < 300000; ++i) huge.push(String(i));"
                "const back = ops.op_strings(huge); back.length + back[299999]"),
            "300000299999");
  // A length alone allocates nothing.
  EXPECT_EQ(Run("const sparse = []; sparse.length = 4294967295; ops.op_strings(sparse)"),
            "threw: TypeError: op_strings: argument 1 must be a dense array, not an array");
}

TEST_F(ConvertTest, AResultTooLargeIsARangeError) {
  EXPECT_EQ(Run("ops.op_too_large()"),
            "threw: RangeError: op_too_large: the result is too large for JavaScript");
}

TEST_F(ConvertTest, ErrorsBecomeTheirClasses) {
  EXPECT_EQ(Run("ops.op_fails(0)"), "1.5");
  EXPECT_EQ(Run("ops.op_fails(1)"), "threw: TypeError: a type");
  EXPECT_EQ(Run("ops.op_fails(2)"), "threw: RangeError: a range");
  EXPECT_EQ(Run("ops.op_fails(3)"),
            "threw: Error: No such file or directory (os error 2): open 'x' [ENOENT]");
  EXPECT_EQ(Run("ops.op_fails(4)"), "threw: AbortError: gone");
  EXPECT_EQ(Run("ops.op_fails(5)"), "threw: SyntaxError: syntax");
  EXPECT_EQ(Run("ops.op_fails(6)"), "threw: ReferenceError: reference");
  EXPECT_EQ(Run("ops.op_fails(7)"), "threw: Error: capable [ERR_X]");
  EXPECT_EQ(Run("try { ops.op_fails(3) } catch (e) { Object.keys(e).join() }"), "code");
}

}  // namespace
}  // namespace rt
