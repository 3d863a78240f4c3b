// The ops that look into values: kinds, proxies, promises, previews, keys, bytes.
#include "tests/unit/console/script_fixture.h"

namespace rt {
namespace {

class DetailsTest : public ScriptFixture {};

TEST_F(DetailsTest, KindIsThatOfTheInternalSlots) {
  EXPECT_EQ(Run("[{}, [], () => 1, function* () {}, async () => 1, async function* () {}]"
                ".map(ops.op_console_kind).join()"),
            "0,1,2,3,4,5");
  EXPECT_EQ(Run("[new Map, new Set, new Map().keys(), new Set().values(), new Uint8Array,"
                " new ArrayBuffer(1), new SharedArrayBuffer(1), new DataView(new ArrayBuffer(1))]"
                ".map(ops.op_console_kind).join()"),
            "6,7,8,9,10,11,12,13");
  EXPECT_EQ(Run("[new Date, /a/, new Error, Promise.resolve(), new WeakMap, new WeakSet]"
                ".map(ops.op_console_kind).join()"),
            "14,15,16,17,18,19");
  EXPECT_EQ(Run("[1, 'a', true, 1n, Symbol()].map(Object).map(ops.op_console_kind).join()"),
            "21,22,23,24,25");
  EXPECT_EQ(Run("(function () { return ops.op_console_kind(arguments); })()"), "26");
}

TEST_F(DetailsTest, KindCannotBeFaked) {
  EXPECT_EQ(Run("ops.op_console_kind(Object.create(Map.prototype))"), "0");
  EXPECT_EQ(Run("ops.op_console_kind({ [Symbol.toStringTag]: 'Date' })"), "0");
  EXPECT_EQ(Run("ops.op_console_kind(Object.setPrototypeOf(new Map, null))"), "6");
  EXPECT_EQ(Run("ops.op_console_kind(new Proxy([], {}))"), "27");
  EXPECT_EQ(Run("ops.op_console_kind(new Proxy(function () {}, {}))"), "27");
}

TEST_F(DetailsTest, PrimitivesHaveNoKindOfTheirOwn) {
  EXPECT_EQ(Run("[undefined, null, 1, 'a', 1n, Symbol()].map(ops.op_console_kind).join()"),
            "0,0,0,0,0,0");
}

TEST_F(DetailsTest, ProxyDetailsRunNoTraps) {
  EXPECT_EQ(Run("const target = {}, handler = new Proxy({}, { get() { throw 1; } });"
                "const d = ops.op_console_proxy_details(new Proxy(target, handler));"
                "`${d[0] === target} ${d[1] === handler}`"),
            "true true");
  EXPECT_EQ(Run("ops.op_console_proxy_details({})"), "null");
  EXPECT_EQ(Run("ops.op_console_proxy_details(1)"), "null");
}

TEST_F(DetailsTest, RevokedProxyHasNullDetails) {
  EXPECT_EQ(Run("const r = Proxy.revocable({}, {}); r.revoke();"
                "JSON.stringify(ops.op_console_proxy_details(r.proxy))"),
            "[null,null]");
}

TEST_F(DetailsTest, PromiseDetails) {
  EXPECT_EQ(Run("String(ops.op_console_promise_details(new Promise(() => {})))"), "0,");
  EXPECT_EQ(Run("String(ops.op_console_promise_details(Promise.resolve(5)))"), "1,5");
  EXPECT_EQ(Run("const p = Promise.reject(6); p.catch(() => {});"
                "String(ops.op_console_promise_details(p))"),
            "2,6");
  EXPECT_EQ(Run("ops.op_console_promise_details({ then() {} })"),
            "threw: Uncaught TypeError: op_console_promise_details: not a promise");
}

TEST_F(DetailsTest, PreviewDoesNotAdvanceAnIterator) {
  EXPECT_EQ(Run("const i = new Map([[1, 2], [3, 4]]).entries(); i.next();"
                "const p = ops.op_console_preview_entries(i); `${p[0]} ${p[1]} ${i.next().value}`"),
            "3,4 true 3,4");
  EXPECT_EQ(Run("ops.op_console_preview_entries(new Set([7, 8]).values()).join(' ')"), "7,8 false");
  EXPECT_EQ(Run("const key = {}; const w = ops.op_console_preview_entries(new WeakMap([[key, 1]]));"
                "`${w[0][0] === key} ${w[0][1]}`"),
            "true 1");
  EXPECT_EQ(Run("ops.op_console_preview_entries({})"), "null");
}

TEST_F(DetailsTest, NonIndexKeysSkipElements) {
  EXPECT_EQ(Run("ops.op_console_own_non_index_properties("
                "Object.assign([1, 2], { a: 1, '-1': 2, '01': 3 }), true).join()"),
            "a,-1,01");
  EXPECT_EQ(Run("ops.op_console_own_non_index_properties([1], false).join()"), "length");
  EXPECT_EQ(Run("typeof ops.op_console_own_non_index_properties("
                "Object.assign(new Uint8Array(1e8), { [Symbol.iterator]: 1 }), true)[0]"),
            "symbol");
  EXPECT_EQ(Run("ops.op_console_own_non_index_properties(new Proxy({}, {}), true)"),
            "threw: Uncaught TypeError: op_console_own_non_index_properties: a proxy");
}

TEST_F(DetailsTest, ConstructorNameIgnoresThePrototype) {
  EXPECT_EQ(Run("class A {} ops.op_console_constructor_name(Object.setPrototypeOf(new A, null))"),
            "A");
  EXPECT_EQ(Run("ops.op_console_constructor_name(1)"),
            "threw: Uncaught TypeError: op_console_constructor_name: argument 1 must be an object, "
            "not a number");
}

TEST_F(DetailsTest, BufferHexStopsAtTheEnd) {
  EXPECT_EQ(Run("ops.op_console_buffer_hex(new Uint8Array([0, 16, 255]).buffer, 2)"), "00 10");
  EXPECT_EQ(Run("ops.op_console_buffer_hex(new Uint8Array([1]).buffer, 1e300)"), "01");
  EXPECT_EQ(Run("ops.op_console_buffer_hex(new SharedArrayBuffer(2), Infinity)"), "00 00");
  EXPECT_EQ(Run("ops.op_console_buffer_hex(new ArrayBuffer(2), -1)"), "");
  EXPECT_EQ(Run("ops.op_console_buffer_hex(new ArrayBuffer(2), NaN)"), "00 00");
  EXPECT_EQ(Run("const b = new ArrayBuffer(2); b.transfer(); ops.op_console_buffer_hex(b, 1)"),
            "null");
  EXPECT_EQ(Run("ops.op_console_buffer_hex({}, 1)"),
            "threw: Uncaught TypeError: op_console_buffer_hex: not a buffer");
}

TEST_F(DetailsTest, BufferByteLength) {
  EXPECT_EQ(Run("ops.op_console_buffer_byte_length(new ArrayBuffer(3))"), "3");
  EXPECT_EQ(Run("ops.op_console_buffer_byte_length(new SharedArrayBuffer(4))"), "4");
  EXPECT_EQ(Run("ops.op_console_buffer_byte_length(new Uint8Array(3))"),
            "threw: Uncaught TypeError: op_console_buffer_byte_length: not a buffer");
}

TEST_F(DetailsTest, NowDoesNotGoBack) {
  EXPECT_EQ(Run("const a = ops.op_console_now(); ops.op_console_now() >= a && a > 0"), "true");
}

}  // namespace
}  // namespace rt
