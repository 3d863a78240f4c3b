// URLSearchParams, alone and as a URL's searchParams.
import { assert, assertEquals, assertThrows, test } from "../harness.js";

test("every form of init", () => {
  assertEquals(`${new URLSearchParams()}`, "");
  assertEquals(`${new URLSearchParams(undefined)}`, "");
  assertEquals(`${new URLSearchParams(null)}`, "null=");
  assertEquals(`${new URLSearchParams("?a=1&b&=c&&a=%C3%A9+x")}`, "a=1&b=&=c&a=%C3%A9+x");
  assertEquals(`${new URLSearchParams([["a", 1], new Set(["b", "c"])])}`, "a=1&b=c");
  assertEquals(`${new URLSearchParams({ a: 1, b: null })}`, "a=1&b=null");
  assertEquals(`${new URLSearchParams(new URLSearchParams("x=y"))}`, "x=y");
  assertEquals(`${new URLSearchParams(new Map([["k", "v"]]))}`, "k=v");
});

test("bad init", () => {
  const text = "Each query pair must be an iterable [name, value] tuple";
  const error = assertThrows(() => new URLSearchParams([["a"]]), TypeError, text);
  assertEquals(error.code, "ERR_INVALID_TUPLE");
  assertThrows(() => new URLSearchParams([1]), TypeError, text);
  assertThrows(() => new URLSearchParams({ [Symbol()]: 1 }), TypeError);
  assertThrows(() => new URLSearchParams({ [Symbol.iterator]: 1 }), TypeError);
});

test("methods", () => {
  const params = new URLSearchParams("a=1&b=2&a=3");
  assertEquals(params.size, 3);
  assertEquals(params.get("a"), "1");
  assertEquals(params.get("z"), null);
  assertEquals(params.getAll("a"), ["1", "3"]);
  assert(params.has("a", "3") && !params.has("a", "2") && params.has("b", undefined));
  params.set("a", "9");
  assertEquals(`${params}`, "a=9&b=2");
  params.append("c", "\ud800");
  params.delete("b", "nope");
  params.delete("b", "2");
  assertEquals(
    [...params],
    [
      ["a", "9"],
      ["c", "\ufffd"],
    ],
  );
  params.delete("a");
  assertEquals([...params.keys()], ["c"]);
  assertEquals([...params.values()], ["\ufffd"]);
  assertThrows(() => params.append("a"), TypeError, 'The "name" and "value" arguments');
  assertThrows(() => params.get(), TypeError, 'The "name" argument');
  assertThrows(() => URLSearchParams.prototype.get.call({}, "a"), TypeError, "URLSearchParams");
});

test("sort is by code units and stable", () => {
  const params = new URLSearchParams("z=1&\ufffd=2&\u{1f600}=3&a=4&z=0");
  params.sort();
  assertEquals([...params.values()], ["4", "1", "0", "3", "2"]);
});

test("iteration sees changes", () => {
  const params = new URLSearchParams("a=1&b=2");
  const seen = [];
  for (const [name] of params) {
    seen.push(name);
    if (name === "a") params.append("c", "3");
  }
  assertEquals(seen, ["a", "b", "c"]);
  const receiver = {};
  params.forEach(function (value, name, all) {
    assert(this === receiver && all === params && params.get(name) === value);
  }, receiver);
});

test("encoding", () => {
  assertEquals(`${new URLSearchParams([["a b", "~*-._&=+%"]])}`, "a+b=%7E*-._%26%3D%2B%25");
  const odd = new URLSearchParams("%zz=%4&%FF=%EF%BB%BF");
  assertEquals(
    [...odd],
    [
      ["%zz", "%4"],
      ["\ufffd", "\ufeff"],
    ],
  );
});

test("live with its URL, both ways", () => {
  const url = new URL("http://h/?a=~#f");
  const params = url.searchParams;
  assert(url.searchParams === params);
  assertEquals(url.search, "?a=~");
  params.append("b", "2");
  assertEquals(url.href, "http://h/?a=%7E&b=2#f");
  url.search = "?c=3";
  assertEquals([...params], [["c", "3"]]);
  params.delete("c");
  assertEquals(url.href, "http://h/#f");
  url.href = "http://x/?d=4";
  assertEquals([...params], [["d", "4"]]);
  params.set("d", "5");
  url.hash = "g";
  assertEquals(url.href, "http://x/?d=5#g");
});

test("inspection", () => {
  const params = new URLSearchParams("a=1&b=2");
  assertEquals(Deno.inspect(params), 'URLSearchParams { "a" => "1", "b" => "2" }');
  assertEquals(Deno.inspect(new URLSearchParams()), "URLSearchParams {}");
});
